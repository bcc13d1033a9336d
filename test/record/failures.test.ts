import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, jest } from "@jest/globals";
import { kubernetes } from "../../provider/core/kube/labels";
import type { ConfigMap, KubeObject } from "../../provider/core/kube/types";
import { toRecord } from "../../provider/core/manifest/record";
import { DEFAULT_KEEP_ALIVE_IMAGE, toWorkloads } from "../../provider/core/manifest/workloads";
import { evict } from "../support/evict";
import { kubectl, makeNamespace, removeNamespace, until } from "../support/kubectl";
import { carrierOf, owner, runSpec } from "../unit/support/specs";
import { type Cause, causes, JOB_SIZE, type Place, saidBy, workloadsOf } from "./causes";
import { keepMoments, type Moment, momentOf, withoutNoise } from "./moment";
import { rules } from "./rules";

/** Makes every cause really happen, and records what the cluster says of it: the fixtures of the unit tests. */

jest.setTimeout(300_000);

const places: readonly Place[] = ["plain", "quota", "secured", "ranged", "policed", "hooked"];
const namespaceOf = (place: Place): string => `record-${place}`;
const scratch = mkdtempSync(join(tmpdir(), "pulumi-jobrun-record-"));
let files = 0;

async function apply(object: object, ...where: string[]): Promise<string> {
  const file = join(scratch, `${++files}.json`);
  writeFileSync(file, JSON.stringify(object));
  return kubectl("create", "--filename", file, ...where);
}

beforeAll(async () => {
  for (const place of places) {
    await makeNamespace(namespaceOf(place));
    for (const rule of rules(place, namespaceOf(place))) await apply(rule);
  }
  await kubectl("label", "namespace", namespaceOf("secured"), "pod-security.kubernetes.io/enforce=restricted");
  // A policy is enforced some time after it was created.
  await until(() => isRefused(namespaceOf("policed")));
});

async function isRefused(namespace: string): Promise<boolean> {
  const probe = ["run", "probe", "--image=none", "--dry-run=server", "--namespace", namespace];
  return kubectl(...probe).then(
    () => false,
    () => true,
  );
}

afterAll(async () => {
  rmSync(scratch, { recursive: true });
  for (const place of places) {
    for (const { kind, metadata } of rules(place, namespaceOf(place)))
      if (metadata.namespace === undefined) await kubectl("delete", kind, metadata.name);
    await removeNamespace(namespaceOf(place));
  }
});

type Workload = "job" | "deployment";

async function start(cause: Cause, name: string, workload: Workload): Promise<void> {
  const namespace = namespaceOf(cause.place ?? "plain");
  const spec = runSpec(saidBy(name, workload));
  const carrier = carrierOf(spec);
  const record = toRecord(spec, { owner, carrier });
  const created = JSON.parse(await apply(record, "--namespace", namespace, "--output", "json")) as ConfigMap;
  const keepAliveImage = cause.keepAliveImage ?? DEFAULT_KEEP_ALIVE_IMAGE;
  for (const object of toWorkloads(spec, { namespace, record: created, carrier, keepAliveImage }))
    await apply(object, "--namespace", namespace);
}

async function look(namespace: string): Promise<KubeObject[]> {
  const text = await kubectl("get", "jobs,deployments,pods,events", "--namespace", namespace, "--output", "json");
  return (JSON.parse(text) as { items: KubeObject[] }).items;
}

async function record(cause: Cause, name: string, workload: Workload): Promise<Moment> {
  const namespace = namespaceOf(cause.place ?? "plain");
  const run = `${name}-${workload}`;
  await start(cause, name, workload);
  if (cause.evict === true) await evictAll(namespace, run);
  let moment: Moment | undefined;
  await until(async () => {
    moment = momentOf(run, await look(namespace));
    return hasHappened(moment, cause.sign);
  });
  await kubectl("delete", "configmap", `${run}.jobrun`, "--namespace", namespace);
  return moment as Moment;
}

/** In all instances: what one of them says first, the others say later. */
function hasHappened({ jobs, deployments, pods, events }: Moment, sign: RegExp): boolean {
  const about = (uid: string | undefined) => events.filter(({ involvedObject }) => involvedObject.uid === uid);
  const texts = pods.map((pod) => JSON.stringify([pod, about(pod.metadata.uid)]));
  const started = new Set(pods.map(({ metadata }) => metadata.annotations?.[kubernetes.completionIndex])).size;
  if (started === 0) return sign.test(JSON.stringify([jobs, deployments, events]));
  return started === (jobs.length === 0 ? 1 : JOB_SIZE) && texts.every((text) => sign.test(text));
}

async function evictAll(namespace: string, run: string): Promise<void> {
  const running = async (): Promise<string[]> => {
    const { pods } = momentOf(run, await look(namespace));
    return pods.filter(({ status }) => status?.phase === "Running").map(({ metadata }) => metadata.name);
  };
  await until(async () => (await running()).length === JOB_SIZE);
  for (const name of await running()) await evict(namespace, name);
}

it.each(Object.entries(causes))("records %s", async (name, cause) => {
  const moments = await Promise.all(
    workloadsOf(cause).map(async (workload) => [workload, withoutNoise(await record(cause, name, workload))] as const),
  );
  expect(moments.length).toBeGreaterThan(0);
  keepMoments(name, Object.fromEntries(moments));
});
