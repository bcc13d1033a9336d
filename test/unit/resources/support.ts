import type { ClusterClient } from "../../../provider/cluster/port";
import type { Clusters, Settings } from "../../../provider/resources/clusters";
import { type HookContext, InitFailure } from "../../../provider/resources/contract";
import type { JobRunInputs } from "../../../provider/core/spec/types";
import { condition, kubeJob, pod, type PodFacts } from "../support/cluster";
import type { KubeJob } from "../../../provider/core/kube/types";
import type { FakeCluster } from "./fakeCluster";

/** What a hook has told the engine. */
interface Told {
  readonly statuses: string[];
  readonly infos: string[];
  readonly warnings: string[];
}

/** The context of an operation on the resource `nightly`; a case says only what it is about. */
export function hookContext(said: Partial<Omit<HookContext, "log">> & { name?: string } = {}): HookContext & Told {
  const { name = "nightly", ...rest } = said;
  const told: Told = { statuses: [], infos: [], warnings: [] };
  return {
    identity: {
      urn: `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/jobrun:JobRun::${name}`,
      name,
      project: "shop",
      stack: "dev",
    },
    secretPaths: [],
    timeouts: {},
    signal: new AbortController().signal,
    isHeard: () => Promise.resolve(true),
    log: {
      status: (message) => told.statuses.push(message),
      info: (message) => told.infos.push(message),
      warn: (message) => told.warnings.push(message),
    },
    ...rest,
    ...told,
  };
}

/** The way to one cluster, whatever the inputs say of it. */
export function clustersOf(cluster: ClusterClient, settings: Settings = {}): Clusters {
  return { settings: () => Promise.resolve(settings), open: () => Promise.resolve(cluster) };
}

/** Inputs of a stand-alone run named `nightly`. */
export const runInputs = (said: Partial<JobRunInputs> = {}): JobRunInputs => ({
  name: "nightly",
  image: "app:1",
  ...said,
});

/** Ends the run's Job as the Job controller would. */
export function endJob(cluster: FakeCluster, said: { success: boolean; name?: string }): void {
  const { success, name = "nightly" } = said;
  const verdict = success
    ? condition("SuccessCriteriaMet")
    : condition("FailureTarget", { reason: "FailedIndexes", message: "one failed" });
  const found = cluster.object<KubeJob>("Job", name);
  const { status } = kubeJob({ conditions: [verdict], ...(!success && { failed: "0" }) });
  cluster.put({ ...found, ...{ status } });
}

/** Ends the run's Job as soon as somebody watches it. */
export function endWhenFollowed(cluster: FakeCluster, said: { success: boolean; name?: string }): void {
  const follow = cluster.follow.bind(cluster);
  jest.spyOn(cluster, "follow").mockImplementation((namespace, uid, following) => {
    setImmediate(() => {
      if (cluster.names.includes(`Job ${said.name ?? "nightly"}`)) endJob(cluster, said);
    });
    return follow(namespace, uid, following);
  });
}

/** Puts a pod of the run there, whose program has printed that. */
export function putPod(cluster: FakeCluster, index: number, said: PodFacts & { log?: string } = {}): void {
  const { log, ...facts } = said;
  const { metadata, ...rest } = pod(index, facts);
  if (log !== undefined) cluster.logsOf.set(metadata.name, log);
  const { uid = "" } = cluster.object("ConfigMap", "nightly.jobrun").metadata;
  cluster.put({ ...rest, metadata: { ...metadata, labels: { ...metadata.labels, "pulumi-jobrun/run-uid": uid } } });
}

/** Lets everything go on that waits for answers of the cluster. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}

/** The error of a hook whose resource exists but is not what it should be. */
export async function initFailureOf<T>(work: Promise<unknown>): Promise<InitFailure<T>> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof InitFailure)) throw new Error(`is no InitFailure: ${String(error)}`);
  return error as InitFailure<T>;
}
