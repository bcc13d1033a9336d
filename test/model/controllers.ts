import type { Kind } from "../../provider/cluster/kinds";
import { indexSetOf, printIndexSet } from "../../provider/core/kube/indexSet";
import { kubernetes, label } from "../../provider/core/kube/labels";
import type { Deployment, KubeJob, KubeObject, ObjectMeta, Pod } from "../../provider/core/kube/types";
import { podRevisionOf } from "../../provider/core/status/views";
import type { FakeCluster } from "../unit/resources/fakeCluster";
import { condition, ended, running } from "../unit/support/cluster";
import type { History } from "./history";

type Workload = KubeJob | Deployment;

/** What is read of a pod besides what the product reads. */
interface Meant {
  readonly spec?: {
    readonly completions?: number;
    readonly replicas?: number;
    readonly backoffLimitPerIndex?: number;
    readonly ttlSecondsAfterFinished?: number;
  };
}

/** Kubernetes' controllers and its kubelet, one step at a time. */
export class Controllers {
  /** Indices of tasks whose programs fail, those of attempts that are to come too. */
  failing: ReadonlySet<number> = new Set();
  readonly #cluster: FakeCluster;
  readonly #history: History;
  #pods = 0;

  constructor(cluster: FakeCluster, history: History) {
    this.#cluster = cluster;
    this.#history = history;
  }

  /** Lets one thing happen; false when nothing is left to be done. */
  step(): boolean {
    return (
      this.#all<Pod>("Pod").some((pod) => this.#reap(pod)) ||
      this.#cluster.collectGarbage() ||
      this.#all<KubeJob>("Job").some((job) => this.#stepJob(job)) ||
      this.#all<Deployment>("Deployment").some((deployment) => this.#stepDeployment(deployment))
    );
  }

  /** Whether no task is still to run. */
  areTasksOver(): boolean {
    return this.#all<KubeJob>("Job").every(isOver);
  }

  /** Removes the Jobs whose time after their end is over. */
  expire(): void {
    for (const job of this.#all<KubeJob & Meant>("Job"))
      if (isOver(job) && job.spec?.ttlSecondsAfterFinished !== undefined) this.#cluster.drop("Job", job.metadata.name);
  }

  #all<T extends KubeObject>(kind: Kind): T[] {
    return this.#cluster.all(kind) as unknown as T[];
  }

  #reap({ metadata }: Pod): boolean {
    if (metadata.deletionTimestamp === undefined) return false;
    this.#cluster.drop("Pod", metadata.name);
    return true;
  }

  #stepJob(job: KubeJob & Meant): boolean {
    if (isOver(job) || job.spec?.suspend === true) return false;
    const { conditions = [] } = job.status ?? {};
    const [verdict] = conditions;
    if (verdict !== undefined) {
      const last = condition(verdict.type === "SuccessCriteriaMet" ? "Complete" : "Failed", verdict);
      return this.#write(job, { ...job.status, conditions: [verdict, last] });
    }
    const pods = this.#podsOf(job);
    const indices = Array.from({ length: job.spec?.completions ?? 1 }, (_, i) => i);
    return indices.some((index) => this.#stepIndex(job, pods, index)) || this.#judge(job, pods);
  }

  #stepIndex(job: KubeJob & Meant, pods: readonly Pod[], index: number): boolean {
    const own = pods.filter((pod) => completionIndex(pod) === index);
    const active = own.find((pod) => !isEnded(pod));
    if (active !== undefined) return this.#end(active);
    const failures = own.filter(({ status }) => status?.phase === "Failed").length;
    if (own.length > failures || failures > (job.spec?.backoffLimitPerIndex ?? 0)) return false;
    return this.#start(job, index, failures);
  }

  /** A program comes to its end. */
  #end(pod: Pod): boolean {
    const index = runIndex(pod);
    const fails = this.failing.has(index);
    const [container] = pod.status?.containerStatuses ?? [];
    const containerStatuses = [{ name: "", restartCount: 0, ...container, state: ended(fails ? 3 : 0) }];
    this.#cluster.put({ ...pod, ...{ status: { phase: fails ? "Failed" : "Succeeded", containerStatuses } } });
    if (!fails) this.#history.succeeded(pod, index);
    return true;
  }

  #judge(job: KubeJob, pods: readonly Pod[]): boolean {
    const indicesIn = (phase: string, besides: ReadonlySet<number> = new Set()): ReadonlySet<number> =>
      new Set(
        pods
          .filter(({ status }) => status?.phase === phase)
          .map(completionIndex)
          .filter((index) => !besides.has(index)),
      );
    const succeeded = indicesIn("Succeeded");
    const failed = indicesIn("Failed", succeeded);
    const verdict = condition(failed.size === 0 ? "SuccessCriteriaMet" : "FailureTarget", {
      ...(failed.size > 0 && { reason: "FailedIndexes", message: "Job has failed indexes" }),
    });
    const print = (indices: ReadonlySet<number>): string => printIndexSet(indexSetOf([...indices]));
    const indexes = {
      ...(succeeded.size > 0 && { completedIndexes: print(succeeded) }),
      ...(failed.size > 0 && { failedIndexes: print(failed) }),
    };
    return this.#write(job, { startTime: "2026-01-05T12:00:00Z", ...indexes, conditions: [verdict] });
  }

  /** As the Recreate strategy has it: the new pod comes when the old one is gone. */
  #stepDeployment(deployment: Deployment & Meant): boolean {
    const pods = this.#podsOf(deployment);
    const [pod] = pods;
    const isWanted = (deployment.spec?.replicas ?? 1) > 0;
    if (pod === undefined) return isWanted && this.#start(deployment, 0, 0);
    if (isWanted && toRevision(pod) === podRevisionOf(deployment)) return false;
    this.#cluster.put({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: "2026-01-05T12:01:00Z" } });
    return true;
  }

  #start({ kind, apiVersion, metadata: { name, uid = "" }, spec }: Workload, index: number, failures: number): boolean {
    const { metadata: made = {}, spec: podSpec } = (spec?.template ?? {}) as {
      metadata?: Partial<ObjectMeta>;
      spec?: { containers?: readonly { name: string }[] };
    };
    const pod: Pod = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: `${name}-${(++this.#pods).toString()}`,
        labels: { ...made.labels },
        annotations: {
          ...made.annotations,
          [kubernetes.completionIndex]: index.toString(),
          [kubernetes.indexFailureCount]: failures.toString(),
        },
        ownerReferences: [{ apiVersion, kind, name, uid }],
      },
      ...{ spec: { ...podSpec, nodeName: "node-1" } },
      status: {
        phase: "Running",
        containerStatuses: (podSpec?.containers ?? []).map(({ name }) => ({ name, restartCount: 0, state: running() })),
        conditions: [],
      },
    };
    const others = this.#all<Pod>("Pod").filter((other) => !isEnded(other) && runIndex(other) === runIndex(pod));
    this.#history.started(pod, runIndex(pod), others);
    this.#cluster.put(pod);
    return true;
  }

  #write(job: KubeJob, status: KubeJob["status"]): boolean {
    this.#cluster.put({ ...job, ...{ status } });
    return true;
  }

  #podsOf({ metadata: { uid } }: Workload): Pod[] {
    return this.#all<Pod>("Pod").filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid));
  }
}

const isOver = ({ status }: KubeJob): boolean =>
  status?.conditions?.some(({ type }) => ["Complete", "Failed"].includes(type)) === true;

const isEnded = ({ status }: Pod): boolean => ["Succeeded", "Failed"].includes(status?.phase ?? "");

const completionIndex = ({ metadata }: Pod): number => Number(metadata.annotations?.[kubernetes.completionIndex]);

const toRevision = ({ metadata }: Pod): string | undefined =>
  podRevisionOf({ spec: { template: { metadata } } } as never);

/** The index of the run's array. */
function runIndex(pod: Pod): number {
  const { [label.index]: own } = pod.metadata.labels ?? {};
  return own === undefined ? completionIndex(pod) : Number(own);
}
