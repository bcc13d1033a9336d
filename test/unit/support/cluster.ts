import type { Condition, ContainerState, Deployment, KubeEvent, KubeJob, Pod } from "../../../provider/core/kube/types";
import type { RunSpec } from "../../../provider/core/spec/types";
import { toEventView } from "../../../provider/core/status/events";
import { runStatus } from "../../../provider/core/status/runStatus";
import { type Seen, withTroubles } from "../../../provider/core/status/trouble";
import { toDeploymentView, toJobView, toPodView } from "../../../provider/core/status/views";

/** RFC 3339, that many seconds after the test's noon. */
export const at = (seconds: number): string =>
  new Date(Date.UTC(2026, 0, 5, 12, 0, seconds)).toISOString().replace(".000", "");

/** The start that the kubelet reports of a container that never started. */
export const NEVER_STARTED = "1970-01-01T00:00:00Z";

export const running = (since = 1): ContainerState => ({ running: { startedAt: at(since) } });

export const waiting = (reason: string, message?: string): ContainerState => ({
  waiting: { reason, ...(message !== undefined && { message }) },
});

type End = NonNullable<ContainerState["terminated"]>;

export const ended = (exitCode: number, said: Partial<End> = {}): ContainerState => ({
  terminated: {
    exitCode,
    reason: exitCode === 0 ? "Completed" : "Error",
    startedAt: at(1),
    finishedAt: at(5),
    ...said,
  },
});

/** What a case may say of a pod. */
export interface PodFacts {
  /** How many attempts of the index failed before. */
  readonly attempt?: number;
  /** Set on pods of objects that carry one index: sparse tasks, daemons. */
  readonly own?: boolean;
  /** Which attempt of the run it belongs to; 1 where nothing is said. */
  readonly runAttempt?: number;
  readonly created?: number;
  readonly phase?: string;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
  readonly restarts?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly conditions?: readonly Condition[];
  readonly deleting?: boolean;
  readonly uid?: string;
  readonly keepAlive?: ContainerState;
}

/** Labels by which the watches select. */
export const OURS = { "app.kubernetes.io/managed-by": "pulumi-jobrun", "pulumi-jobrun/kind": "instance" } as const;

/** A pod of the run `nightly` as the API server sends it. */
export function pod(index: number, facts: PodFacts = {}): Pod {
  const { attempt = 0, own = false, created = 0, restarts = 0, state, lastState, keepAlive, runAttempt } = facts;
  const statuses = [
    ...(keepAlive ? [{ name: "keep-alive", restartCount: 0, state: keepAlive }] : []),
    ...(state ? [{ name: "nightly", restartCount: restarts, state, ...(lastState && { lastState }) }] : []),
  ];
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `nightly-${index}-${attempt}`,
      uid: facts.uid ?? `pod-${index}-${attempt}`,
      creationTimestamp: at(created),
      labels: {
        ...{ ...OURS, "pulumi-jobrun/run-uid": "run-1" },
        ...(own && { "pulumi-jobrun/index": index.toString() }),
        ...(runAttempt !== undefined && { "pulumi-jobrun/attempt": runAttempt.toString() }),
      },
      annotations: {
        "kubectl.kubernetes.io/default-container": "nightly",
        "batch.kubernetes.io/job-completion-index": own ? "0" : index.toString(),
        "batch.kubernetes.io/job-index-failure-count": attempt.toString(),
      },
      ...(facts.deleting === true && { deletionTimestamp: at(60) }),
    },
    spec: { nodeName: "node-1" },
    status: {
      phase: facts.phase ?? phaseOf(state),
      containerStatuses: statuses,
      conditions: facts.conditions ?? [],
      ...(facts.reason !== undefined && { reason: facts.reason }),
      ...(facts.message !== undefined && { message: facts.message }),
    },
  };
}

function phaseOf(state: ContainerState | undefined): string {
  if (state?.running) return "Running";
  if (state?.terminated) return state.terminated.exitCode === 0 ? "Succeeded" : "Failed";
  return "Pending";
}

/** A pod of a daemon, which outlives its container's ends. */
export const daemonPod = (index: number, facts: PodFacts): Pod => pod(index, { own: true, phase: "Running", ...facts });

/** The condition of a pod for which there is no room. */
export const unschedulable = (message: string): Condition => ({
  type: "PodScheduled",
  status: "False",
  reason: "Unschedulable",
  message,
});

/** What Kubernetes says of a pod whose node it has not heard of for a while. */
export const UNHEARD: readonly Condition[] = [
  { type: "ContainersReady", status: "True" },
  { type: "Ready", status: "False" },
];

interface JobFacts {
  /** The only index that the Job carries. */
  readonly index?: number;
  readonly completed?: string;
  readonly failed?: string;
  readonly conditions?: readonly Condition[];
  readonly started?: number;
  readonly suspended?: boolean;
}

/** A Job of the run `nightly` as the API server sends it. */
export function kubeJob(facts: JobFacts = {}): KubeJob {
  const { index, completed, failed, conditions, started = 0, suspended } = facts;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: index === undefined ? "nightly" : `nightly-${index}`,
      uid: `job-${index ?? "all"}`,
      labels: {
        ...OURS,
        "pulumi-jobrun/run-uid": "run-1",
        ...(index !== undefined && { "pulumi-jobrun/index": index.toString() }),
      },
    },
    ...(suspended !== undefined && { spec: { suspend: suspended } }),
    status: {
      startTime: at(started),
      ...(completed !== undefined && { completedIndexes: completed }),
      ...(failed !== undefined && { failedIndexes: failed }),
      ...(conditions && { conditions }),
    },
  };
}

/** A condition of a Job that holds. */
export const condition = (
  type: string,
  said: { reason?: string; message?: string; time?: number } = {},
): Condition => ({
  type,
  status: "True",
  lastTransitionTime: at(said.time ?? 20),
  ...(said.reason !== undefined && { reason: said.reason }),
  ...(said.message !== undefined && { message: said.message }),
});

interface Observed {
  readonly jobs?: readonly KubeJob[];
  readonly deployments?: readonly Deployment[];
  readonly pods?: readonly Pod[];
  readonly events?: readonly KubeEvent[];
}

/** What is seen of the run when these objects are in the cluster. */
export function seen(spec: RunSpec, { jobs = [], deployments = [], pods = [], events = [] }: Observed): Seen {
  const view = { jobs: jobs.map(toJobView), deployments: deployments.map(toDeploymentView), pods: pods.map(toPodView) };
  const told = events.map(toEventView).filter((event) => event !== undefined);
  return withTroubles({ ...view, ...runStatus(spec, view) }, spec, told);
}
