import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { openCluster } from "../../provider/cluster/client";
import { pathOf } from "../../provider/cluster/kinds";
import type { KubeJob } from "../../provider/core/kube/types";
import { openClusters } from "../../provider/openClusters";
import { jobRunHooks } from "../../provider/resources/jobRun";
import type { JobRunInputs } from "../../provider/core/spec/types";
import { type Created, InitFailure, type State } from "../../provider/resources/contract";
import type { Counts } from "../rig/history";
import { type Proxy, startProxy } from "../rig/proxy";
import { type FakeApiServer, startFakeApiServer } from "../support/fakeApiServer";
import { hookContext } from "../unit/resources/support";
import { condition, ended, pod } from "../unit/support/cluster";

jest.setTimeout(120_000);

/** What a run costs is promised in exact numbers; what it takes is measured by `npm run bench`. */

const namespace = "jobs";
const kinds = ["ConfigMap", "Secret", "Job", "Deployment", "Pod", "Event"] as const;

let api: FakeApiServer;
let proxy: Proxy;
beforeEach(async () => {
  api = await startFakeApiServer();
  for (const kind of kinds) api.collection(pathOf(kind, namespace));
  proxy = await startProxy({ url: api.url });
});
afterEach(async () => {
  await proxy.close();
  await api.close();
});

type Job = KubeJob & { readonly spec: { readonly template: { readonly metadata: { readonly labels: object } } } };

async function jobs(): Promise<Job[]> {
  const answer = await fetch(`${api.url}${pathOf("Job", namespace)}`);
  return ((await answer.json()) as { items: Job[] }).items;
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** The pods of a Job, and its end, as the Job controller would have them. */
function end(job: Job, count: number, isFailure: (index: number) => boolean): void {
  const pods = numbers(count).map((index) => {
    const { metadata, ...rest } = pod(index, { state: ended(isFailure(index) ? 3 : 0) });
    const uid = `${job.metadata.name}-${index}`;
    return { ...rest, metadata: { ...metadata, name: uid, uid, labels: { ...job.spec.template.metadata.labels } } };
  });
  api.collection(pathOf("Pod", namespace)).put(...pods);
  const isFailed = numbers(count).some(isFailure);
  const verdicts = isFailed
    ? [condition("FailureTarget", { reason: "FailedIndexes" }), condition("Failed", { reason: "FailedIndexes" })]
    : [condition("SuccessCriteriaMet"), condition("Complete")];
  const [failedIndexes = "", completedIndexes = ""] = [true, false].map((failed) =>
    numbers(count)
      .filter((index) => isFailure(index) === failed)
      .join(","),
  );
  const status = { startTime: "2026-01-05T12:00:00Z", conditions: verdicts, failedIndexes, completedIndexes };
  api.collection(pathOf("Job", namespace)).put({ ...job, ...{ status } });
}

interface Given {
  readonly runs?: number;
  readonly indices?: number;
  readonly isFailure?: (index: number) => boolean;
}

const open = () =>
  jobRunHooks(openClusters(() => Promise.resolve({ kubeconfig: proxy.kubeconfig("provider"), namespace })));
const inputsOf = (i: number, indices: number): JobRunInputs => ({
  ...{ name: `run-${i}`, image: "app:1", retryLimit: 0, arraySize: indices },
});

/** Creates runs at once in one process, and ends them when all of them are watched; what the engine would keep of each. */
async function play({ runs = 1, indices = 10, isFailure = () => false }: Given): Promise<Kept[]> {
  const hooks = open();
  const created = numbers(runs).map(async (i) => {
    const { inputs } = await hooks.check(hookContext(), {}, inputsOf(i, indices));
    return { inputs, state: await stateOf(hooks.create(hookContext({ name: `run-${i}` }), inputs)) };
  });
  await until(async () => (await jobs()).length === runs && counts().watches.now >= 2);
  for (const job of await jobs()) end(job, indices, isFailure);
  return Promise.all(created);
}

interface Kept {
  readonly inputs: JobRunInputs;
  readonly state: State<JobRunInputs>;
}

async function stateOf(work: Promise<Created<JobRunInputs>>): Promise<State<JobRunInputs>> {
  try {
    return (await work).state;
  } catch (error) {
    if (!(error instanceof InitFailure)) throw error;
    return (error as InitFailure<JobRunInputs>).created.state;
  }
}

const counts = (): Counts => proxy.history.counts("provider");

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** What all runs of a process share. */
const shared = {
  "create selfsubjectrulesreviews": 1,
  "list pods": 1,
  "watch pods": 1,
  "watch jobs": 1,
};
/**
 * What each run takes: a look for records that a killed operation may have left, its record and Job, a last look at them, and in the
 * end the result, the time for which the Job is kept, and the mark that the engine has been told. One list of Jobs is shared.
 */
const own = (runs: number) => ({
  "create configmaps": runs,
  "create jobs": runs,
  "get configmaps": runs,
  "list configmaps": runs,
  "patch configmaps": 2 * runs,
  "patch jobs": runs,
  "list jobs": 1,
});

describe("[C] a run of ten indices, from its creation to its result", () => {
  it("takes these requests, and no others", async () => {
    await play({});
    expect(counts().byVerb).toEqual({ ...shared, ...own(1) });
    expect(counts().handshakes).toBeLessThanOrEqual(5);
  });

  it("and 49 more beside it take as many each, without a further list or watch", async () => {
    await play({ runs: 50 });
    expect(counts().byVerb).toEqual({ ...shared, ...own(50) });
  });
});

describe("[C] 500 runs that are waited for", () => {
  it("share two watches, each with a connection of its own", async () => {
    const client = await openCluster({ kubeconfig: proxy.kubeconfig("provider") });
    const never = new AbortController().signal;
    const following = { needed: "Job", helpful: ["Pod"], note: () => undefined } as const;
    const feeds = numbers(500).map((i) => client.follow(namespace, `uid-${i}`, following));
    await Promise.all(feeds.map((feed) => feed.ready(never)));
    await until(() => Promise.resolve(counts().watches.now === 2));
    for (const feed of feeds) feed.close();
    const each = { "list jobs": 1, "list pods": 1, "watch jobs": 1, "watch pods": 1 };
    expect(counts()).toMatchObject({ byVerb: each, watches: { most: 2 } });
    expect(counts().handshakes).toBeLessThanOrEqual(4);
  });
});

describe("[C] what the state keeps of a run", () => {
  const bytesOf = async (given: Given): Promise<number> => {
    const [kept] = await play(given);
    return JSON.stringify({ inputs: kept?.inputs, outputs: { ...kept?.state.outputs, __state: kept?.state.hidden } })
      .length;
  };

  it.each([
    ["10 indices", { indices: 10 }, 8_000],
    ["1,000 indices, 50 of them failed", { indices: 1_000, isFailure: (index: number) => index % 20 === 0 }, 32_000],
    ["1,000 indices, all of them failed", { indices: 1_000, isFailure: () => true }, 64_000],
  ])("of %s is small", async (_title, given, most) => {
    const bytes = await bytesOf(given);
    expect(bytes).toBeLessThan(most);
  });
});
