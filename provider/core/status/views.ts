import { kubernetes, label } from "../kube/labels";
import type { Condition, ContainerStatus, KubeJob, ObjectMeta, Pod } from "../kube/types";
import type { ContainerView, JobView, PodView, Verdict } from "./types";

/** What is kept of a Job. */
export function toJobView({ metadata, status = {} }: KubeJob): JobView {
  const index = metadata.labels?.[label.index];
  const verdict = verdictOf(status.conditions ?? []);
  return {
    ...identity(metadata),
    ...(index !== undefined && { index: Number(index) }),
    ...(status.startTime !== undefined && { startTime: status.startTime }),
    completedIndexes: status.completedIndexes ?? "",
    failedIndexes: status.failedIndexes ?? "",
    ...(verdict && { verdict }),
  };
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
    if (condition !== undefined)
      return {
        success,
        ...defined({ reason: condition.reason, message: condition.message, time: condition.lastTransitionTime }),
      };
  }
  return undefined;
}

/** What is kept of a pod. */
export function toPodView({ metadata, spec = {}, status = {} }: Pod): PodView {
  const { labels = {}, annotations = {} } = metadata;
  const container = containerView(userContainer(annotations, status.containerStatuses ?? []));
  return {
    ...identity(metadata),
    index: Number(labels[label.index] ?? annotations[kubernetes.completionIndex] ?? 0),
    attempt: Number(annotations[kubernetes.indexFailureCount] ?? 0),
    createdAt: metadata.creationTimestamp ?? "",
    phase: status.phase ?? "Pending",
    deleting: metadata.deletionTimestamp !== undefined,
    ...defined({ node: spec.nodeName, ...podTrouble(status) }),
    ...(container && { container }),
  };
}

function identity({ uid = "", name, labels }: ObjectMeta): { uid: string; name: string; runUid: string } {
  return { uid, name, runUid: labels?.[label.runUid] ?? "" };
}

function userContainer(
  annotations: Readonly<Record<string, string>>,
  statuses: readonly ContainerStatus[],
): ContainerStatus | undefined {
  return statuses.find(({ name }) => name === annotations[kubernetes.defaultContainer]);
}

function podTrouble({ reason, message, conditions = [] }: NonNullable<Pod["status"]>): {
  reason?: string | undefined;
  message?: string | undefined;
} {
  if (reason !== undefined) return { reason, message };
  const scheduled = conditions.find(({ type, status }) => type === "PodScheduled" && status === "False");
  return scheduled === undefined ? {} : { reason: scheduled.reason, message: scheduled.message };
}

function containerView(status: ContainerStatus | undefined): ContainerView | undefined {
  if (status?.state === undefined) return undefined;
  const { waiting, running, terminated } = status.state;
  const lastEnd = status.lastState?.terminated;
  return {
    state: terminated ? "terminated" : running ? "running" : "waiting",
    restarts: status.restartCount,
    ...defined({
      reason: terminated?.reason ?? waiting?.reason,
      message: terminated?.message ?? waiting?.message,
      startedAt: realTime(terminated?.startedAt ?? running?.startedAt),
      finishedAt: realTime(terminated?.finishedAt),
      exitCode: terminated?.exitCode,
    }),
    ...(lastEnd && {
      lastEnd: {
        exitCode: lastEnd.exitCode,
        ...defined({ reason: lastEnd.reason, finishedAt: realTime(lastEnd.finishedAt) }),
      },
    }),
  };
}

/** A container that never started has a start in 1970. */
function realTime(time: string | undefined): string | undefined {
  return time?.startsWith("1970-") ? undefined : time;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function defined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}
