import { openCluster } from "../../provider/cluster/client";
import type { ClusterClient } from "../../provider/cluster/port";
import { label, MANAGED_BY } from "../../provider/core/kube/labels";
import type { KubeJob, KubeObject } from "../../provider/core/kube/types";
import { toJobView } from "../../provider/core/status/views";
import type { Proxy } from "../rig/proxy";
import { proxied } from "../support/proxied";
import { bed } from "../support/bed";
import { makeNamespace, removeNamespace, until } from "../support/kubectl";

// What is to be shown is that nothing is lost: pauses between two tries are over three hundred times sooner.
jest.mock("node:timers/promises", () =>
  jest.requireActual<typeof import("../unit/cluster/pauses")>("../unit/cluster/pauses").shortTimers(),
);

jest.setTimeout(120_000);

const namespace = "contract-cuts";
const runUid = "run-1";
const CUTS = 100;
const JOBS = 8;

let proxy: Proxy;

beforeAll(async () => {
  await makeNamespace(namespace);
  proxy = await proxied();
});
afterAll(async () => {
  await proxy.close();
  await removeNamespace(namespace);
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.random() * ms));

/** A Job that never starts anything. */
function jobOf(slot: number, round: number): KubeObject & { readonly spec: object } {
  const containers = [{ name: "none", image: "none" }];
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: `cut-${slot}`,
      labels: { ...MANAGED_BY, [label.kind]: "instance", [label.runUid]: runUid, [label.index]: round.toString() },
    },
    spec: { suspend: true, template: { spec: { restartPolicy: "Never", containers } } },
  };
}

/** Creates, changes or removes a Job; by the index in its view one sees what was done last. */
async function change(client: ClusterClient, round: number): Promise<void> {
  const slot = round % JOBS;
  const ref = { kind: "Job", namespace, name: `cut-${slot}` } as const;
  const found = await client.get<KubeJob>(ref);
  if (found === undefined) await client.create(namespace, jobOf(slot, round));
  else if (Math.random() < 0.3) await client.delete(ref, found.metadata.uid ?? "");
  else await client.patch(ref, { metadata: { labels: { [label.index]: round.toString() } } });
}

test(`[C] a feed shows what there is, whatever happened while its connections were cut ${CUTS} times`, async () => {
  const { kubeconfig, context } = bed();
  const writer = await openCluster({ kubeconfig, context });
  const reader = await openCluster({ kubeconfig: proxy.kubeconfig("reader") });
  const feed = reader.follow(namespace, runUid, { needed: "Job", helpful: ["Pod"], note: () => undefined });
  await feed.ready(new AbortController().signal);
  let broken = 0;
  for (let round = 0; broken < CUTS; round++) {
    await change(writer, round);
    await pause(20);
    broken += proxy.cut();
    await pause(20);
  }
  const jobs = await writer.list<KubeJob>({ kind: "Job", namespace, selector: `${label.runUid}=${runUid}` });
  const summary = (views: readonly { readonly uid: string; readonly index?: number }[]): string[] =>
    views.map(({ uid, index }) => `${uid} ${index}`).toSorted();
  const seen = (): string[] => summary(feed.view().jobs.filter(({ gone }) => gone !== true));
  await until(() => Promise.resolve(seen().join() === summary(jobs.map(toJobView)).join()), 60);
  expect(seen()).toHaveLength(jobs.length);
  feed.close();
});
