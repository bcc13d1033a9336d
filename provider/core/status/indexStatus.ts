import type { Mode } from "../spec/types";
import type { Decision } from "./decided";
import type { IndexDetails, IndexPhase, PodView } from "./types";

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
  const shown = status === "failed" ? (lastFailed ?? latest) : latest;
  const reason = failureReason(lastFailed, facts.decision);
  return {
    status,
    ...positive("retries", Math.max(0, ...pods.map(({ attempt }) => attempt))),
    ...positive("restarts", latest?.container?.restarts ?? 0),
    ...times(shown),
    ...(reason !== undefined && { lastFailureReason: reason }),
    ...messageOf(lastFailed),
  };
}

function byAge(a: PodView, b: PodView): number {
  return a.attempt - b.attempt || (a.createdAt < b.createdAt ? -1 : 1);
}

function positive(key: "retries" | "restarts", count: number): { readonly [K in typeof key]?: number } {
  return count > 0 ? { [key]: count } : {};
}

function livePhase(pod: PodView | undefined, { mode, retryLimit }: IndexFacts): IndexPhase {
  if (pod === undefined) return "pending";
  if (pod.phase === "Unknown" || pod.reason === "NodeLost") return "unknown";
  const { state, exitCode } = pod.container ?? {};
  if (state === "running") return pod.deleting ? "pending" : "running";
  if (exitCode === 0) return "succeeded";
  return mode === "task" && hasFailed(pod) && pod.attempt >= retryLimit ? "failed" : "pending";
}

/** Whether the pod's latest attempt ended without success; for a daemon also the attempt before a restart. */
export function hasFailed(pod: PodView): boolean {
  const { container, phase } = pod;
  if (phase === "Failed") return true;
  return container?.state === "terminated" ? container.exitCode !== 0 : (container?.lastEnd?.exitCode ?? 0) !== 0;
}

function times(pod: PodView | undefined): Pick<IndexDetails, "startedAt" | "finishedAt" | "exitCode"> {
  const { startedAt, finishedAt, exitCode, lastEnd } = pod?.container ?? {};
  const code = exitCode ?? lastEnd?.exitCode;
  return {
    ...(startedAt !== undefined && { startedAt }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(code !== undefined && { exitCode: code }),
  };
}

function failureReason(pod: PodView | undefined, decision: Decision | undefined): string | undefined {
  return decision?.reason ?? (pod === undefined ? undefined : podFailureReason(pod));
}

const executableReasons = new Set(["StartError", "ContainerCannotRun"]);

/** Why the pod's latest failed attempt failed, in Code Engine's word where it has one. */
export function podFailureReason({ reason, message, container }: PodView): string | undefined {
  if (reason === "Evicted") return message?.includes("ephemeral") ? "ExceededEphemeralStorage" : reason;
  const ended = container?.state === "terminated" ? container : container?.lastEnd;
  if (ended?.exitCode === undefined) return reason;
  if (ended.reason === "OOMKilled") return ended.reason;
  if (executableReasons.has(ended.reason ?? "")) return "ExecutableNotFound";
  return ended.exitCode === 0 ? undefined : `ContainerExitedCode${ended.exitCode.toString()}`;
}

function messageOf(pod: PodView | undefined): { message?: string } {
  const message = pod?.container?.state === "terminated" ? pod.container.message : undefined;
  const text = message ?? pod?.message;
  return text === undefined ? {} : { message: text };
}
