import { defined } from "../kube/defined";
import { oneLine } from "./oneLine";
import type { Mode } from "../spec/types";
import type { Decision } from "./decided";
import type { ContainerView, IndexDetails, IndexPhase, PodView } from "./types";

/** What decides the state of one index. */
export interface IndexFacts {
  readonly mode: Mode;
  readonly retryLimit: number;
  readonly pods: readonly PodView[];
  readonly decision?: Decision;
}

/** State and story of one index, from its pods and Kubernetes' final word. */
export function indexDetails(facts: IndexFacts): IndexDetails {
  const pods = facts.pods.toSorted(byAge);
  const latest = pods.at(-1);
  const lastFailed = pods.findLast(hasFailed);
  const status = facts.decision?.state ?? livePhase(latest, facts);
  return defined({
    status,
    retries: positive(Math.max(0, ...pods.map(({ attempt }) => attempt))),
    restarts: positive(latest?.container?.restarts),
    ...times(status === "failed" ? (lastFailed ?? latest) : latest),
    ...failureOf(lastFailed, facts.decision),
  });
}

function failureOf(
  pod: PodView | undefined,
  decision: Decision | undefined,
): Pick<IndexDetails, "lastFailureReason" | "message"> {
  return defined({
    lastFailureReason: decision?.reason ?? (pod && podFailureReason(pod)),
    message: pod && messageOf(pod),
  });
}

function byAge(a: PodView, b: PodView): number {
  return a.attempt - b.attempt || compare(a.createdAt, b.createdAt) || compare(a.uid, b.uid);
}

/** Whether a pod of the same index came before another. */
export const isOlder = (pod: PodView, other: PodView): boolean => byAge(pod, other) < 0;

const positive = (count = 0): number | undefined => (count > 0 ? count : undefined);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function livePhase(pod: PodView | undefined, facts: IndexFacts): IndexPhase {
  if (pod === undefined) return "pending";
  if (isLost(pod)) return "unknown";
  const { container, deleting } = pod;
  if (container?.state === "running") return deleting ? "pending" : "running";
  if (container?.exitCode === 0) return isBeingReplaced(pod, facts) ? "pending" : "succeeded";
  return hasUsedUpRetries(pod, facts) ? "failed" : "pending";
}

/** Whether nobody knows how the pod is. The phase `Unknown` and the reason are those of old clusters. */
export const isLost = (pod: PodView): boolean => pod.phase === "Unknown" || pod.reason === "NodeLost" || isUnheard(pod);

/** Whether the pod was running when its node was heard of last. */
export const isUnheard = ({ unheard, container }: PodView): boolean =>
  unheard === true && container?.state === "running";

/** A daemon's pod that goes is followed by another one, whatever its program ended with. */
function isBeingReplaced({ deleting, phase }: PodView, { mode }: IndexFacts): boolean {
  return mode === "daemon" && (deleting || phase === "Failed");
}

/** Whether the end of a pod counts that was told to go, Kubernetes alone knows: not when its Job was suspended. */
function hasUsedUpRetries(pod: PodView, { mode, retryLimit }: IndexFacts): boolean {
  return mode === "task" && hasFailed(pod) && !pod.disrupted && !pod.deleting && pod.attempt >= retryLimit;
}

/** Whether the pod's latest attempt ended without success; for a daemon also the attempt before a restart. */
function hasFailed({ phase, container }: PodView): boolean {
  return phase === "Failed" || (endOf(container)?.exitCode ?? 0) !== 0;
}

/** How the container's latest attempt that is over ended. */
function endOf(container: ContainerView | undefined): Partial<NonNullable<ContainerView["lastEnd"]>> | undefined {
  return container?.state === "terminated" ? container : container?.lastEnd;
}

function times(pod: PodView | undefined): Pick<IndexDetails, "startedAt" | "finishedAt" | "exitCode"> {
  const container = pod?.container;
  const { startedAt, finishedAt } = container ?? {};
  return defined({ startedAt, finishedAt, exitCode: endOf(container)?.exitCode });
}

/** Code Engine's words for what Kubernetes says of a container's end; other ends are told by their exit code. */
const words: Readonly<Record<string, string>> = {
  OOMKilled: "OOMKilled",
  StartError: "ExecutableNotFound",
  ContainerCannotRun: "ExecutableNotFound",
};

/** Why the pod's latest attempt that failed did so, in Code Engine's word where it has one. */
export function podFailureReason({ reason, message, container }: PodView): string | undefined {
  if (reason === "Evicted") return message?.includes("ephemeral") ? "ExceededEphemeralStorage" : reason;
  const end = endOf(container);
  if (end?.exitCode === undefined) return reason;
  if (end.exitCode === 0) return undefined;
  return words[end.reason ?? ""] ?? `ContainerExitedCode${end.exitCode.toString()}`;
}

function messageOf({ message, container }: PodView): string | undefined {
  return oneLine((container?.state === "terminated" ? container.message : undefined) ?? message);
}
