import { defined } from "../kube/defined";
import { annotation, kubernetes, label } from "../kube/labels";
import type { Condition, ContainerState, ContainerStatus, Deployment, KubeJob, ObjectMeta, Pod } from "../kube/types";
import type { ContainerView, DeploymentView, JobView, PodView, StuckView, Verdict } from "./types";

/** What is kept of a Job. */
export function toJobView({ metadata, spec, status = {} }: KubeJob): JobView {
  const { startTime, completedIndexes = "", failedIndexes = "", conditions = [] } = status;
  return defined({
    ...identity(metadata),
    runAttempt: runAttempt(metadata),
    index: numberOf(metadata.labels?.[label.index]),
    startTime,
    completedIndexes,
    failedIndexes,
    suspended: spec?.suspend === true ? (true as const) : undefined,
    verdict: verdictOf(conditions),
    over: conditions.some(({ type, status }) => ["Complete", "Failed"].includes(type) && status === "True"),
  });
}

/** The interim conditions are irrevocable too, and come up to a minute before the terminal ones. */
const verdicts: readonly [type: string, success: boolean][] = [
  ["Complete", true],
  ["SuccessCriteriaMet", true],
  ["Failed", false],
  ["FailureTarget", false],
];

function verdictOf(conditions: readonly Condition[]): Verdict | undefined {
  for (const [type, success] of verdicts) {
    const condition = conditions.find((candidate) => candidate.type === type && candidate.status === "True");
    if (condition === undefined) continue;
    return defined({
      success,
      reason: condition.reason,
      message: condition.message,
      time: condition.lastTransitionTime,
    });
  }
  return undefined;
}

/** What a Deployment makes its pods of; each of them says so. */
export function podRevisionOf({ spec }: Deployment): string | undefined {
  return spec?.template?.metadata?.annotations?.[annotation.revision];
}

/** What is kept of a Deployment; without a number of its own it has one replica. */
export function toDeploymentView(deployment: Deployment): DeploymentView {
  const { metadata, spec = {}, status = {} } = deployment;
  const { readyReplicas = 0, conditions = [] } = status;
  return defined({
    ...identity(metadata),
    index: numberOf(metadata.labels?.[label.index]),
    revision: podRevisionOf(deployment),
    replicas: spec.replicas ?? 1,
    settled: metadata.annotations?.[annotation.settled],
    readyReplicas,
    conditions,
  });
}

/** What is kept of a pod. */
export function toPodView({ metadata, spec, status = {} }: Pod): PodView {
  const { annotations = {}, creationTimestamp = "" } = metadata;
  const { phase = "Pending", containerStatuses = [] } = status;
  const isOfUser = ({ name }: ContainerStatus): boolean => name === annotations[kubernetes.defaultContainer];
  const statusOfUser = containerStatuses.find(isOfUser);
  return defined({
    ...identity(metadata),
    index: podIndex(metadata),
    runAttempt: runAttempt(metadata),
    attempt: Number(annotations[kubernetes.indexFailureCount] ?? 0),
    createdAt: creationTimestamp,
    revision: annotations[annotation.revision],
    phase,
    deleting: metadata.deletionTimestamp !== undefined,
    disrupted: status.conditions?.some(isDisruption) === true,
    node: spec?.nodeName,
    ...nodeTrouble(status),
    ...podTrouble(status),
    container: statusOfUser && containerView(statusOfUser),
    lacksRestartPolicy: lacksRestartPolicy(metadata, spec),
    keepAlive: containerStatuses.filter((other) => !isOfUser(other) && isKeepAlive(other)).flatMap(stuckView)[0],
  });
}

/** Admission webhooks that do not know the field drop it from pods. Where the pod itself restarts on failure it is not needed. */
function lacksRestartPolicy({ labels = {}, annotations = {} }: ObjectMeta, spec: Pod["spec"] = {}): boolean {
  if (labels[label.mode] !== "daemon") return false;
  const { restartPolicy, containers = [] } = spec;
  const user = containers.find(({ name }) => name === annotations[kubernetes.defaultContainer]);
  return user !== undefined && user.restartPolicy === undefined && restartPolicy !== "OnFailure";
}

const isDisruption = ({ type, status }: Condition): boolean => type === "DisruptionTarget" && status === "True";

/** Of a node that is not heard of any more, Kubernetes says that its pods are not ready, though all their containers are (node lifecycle controller). */
function nodeTrouble({ conditions = [] }: PodStatus): Pick<PodView, "unheard"> {
  const is = (wanted: string, state: string): boolean =>
    conditions.some(({ type, status, reason }) => type === wanted && status === state && reason === undefined);
  return is("Ready", "False") && is("ContainersReady", "True") ? { unheard: true } : {};
}

function podIndex({ labels, annotations }: ObjectMeta): number {
  return Number(labels?.[label.index] ?? annotations?.[kubernetes.completionIndex] ?? 0);
}

const runAttempt = ({ labels }: ObjectMeta): number => Number(labels?.[label.attempt] ?? 1);

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

function identity({ uid = "", name, labels }: ObjectMeta): { uid: string; name: string; runUid: string } {
  return { uid, name, runUid: labels?.[label.runUid] ?? "" };
}

type PodStatus = NonNullable<Pod["status"]>;

function podTrouble({ reason, message, conditions = [] }: PodStatus): Pick<PodStatus, "reason" | "message"> {
  if (reason !== undefined) return defined({ reason, message });
  const refused = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  return defined({ reason: refused?.reason, message: refused?.message });
}

function containerView({ state, lastState, restartCount }: ContainerStatus): ContainerView | undefined {
  if (state === undefined) return undefined;
  return defined({
    restarts: restartCount,
    ...stateView(state),
    lastEnd: lastState?.terminated && endView(lastState.terminated),
  });
}

/** Whether a container that waits for this is on its way. */
export const isPreparing = (reason: string | undefined): boolean =>
  reason === undefined || reason === "ContainerCreating" || reason === "PodInitializing";

/** Whether a container that waits for this is on its way, or will be started again after a crash. */
export const isOrdinary = (reason: string | undefined): boolean => isPreparing(reason) || reason === "CrashLoopBackOff";

/** Service meshes and the like add containers of their own. */
const isKeepAlive = ({ name }: ContainerStatus): boolean => name.startsWith("keep-alive");

function stuckView({ state }: ContainerStatus): StuckView[] {
  const { reason, message } = state?.waiting ?? {};
  return reason === undefined || isOrdinary(reason) ? [] : [defined({ reason, message })];
}

type End = NonNullable<ContainerState["terminated"]>;

function stateView({ waiting, running, terminated }: ContainerState): Omit<ContainerView, "restarts" | "lastEnd"> {
  if (terminated !== undefined) {
    const { message, startedAt } = terminated;
    return defined({ state: "terminated" as const, message, startedAt: realTime(startedAt), ...endView(terminated) });
  }
  if (running !== undefined) return defined({ state: "running" as const, startedAt: running.startedAt });
  return defined({ state: "waiting" as const, reason: waiting?.reason, message: waiting?.message });
}

function endView({ exitCode, reason, finishedAt }: End): NonNullable<ContainerView["lastEnd"]> {
  return defined({ exitCode, reason, finishedAt: realTime(finishedAt) });
}

/** A container that never started has a start in 1970; one that the kubelet has lost has none. */
function realTime(time: string | null | undefined): string | undefined {
  return time === null || time?.startsWith("1970-") ? undefined : time;
}
