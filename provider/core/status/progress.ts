import type { RunSpec } from "../spec/types";
import { eachIndex, readIndexSet } from "../kube/indexSet";
import { podFailureReason } from "./indexStatus";
import { oneLine } from "./oneLine";
import type { RunView } from "./runStatus";
import type { PodView, RunStatus } from "./types";

/** One line for the run's own row: counters, then the most important trouble. */
export function progressLine(view: RunView & RunStatus, spec: RunSpec): string {
  const trouble = troubleOf(view, spec);
  return trouble === undefined ? countersLine(view, spec) : `${countersLine(view, spec)}; ${trouble.text}`;
}

/** `2/5 succeeded, 3 running`: only counters that are not zero. */
export function countersLine({ statusDetails }: RunStatus, { mode }: RunSpec): string {
  const { requested } = statusDetails;
  // What is hoped for stands first: a task ends, a daemon runs.
  const [goal, ...others] = mode === "task" ? (["succeeded", "running"] as const) : (["running", "succeeded"] as const);
  const rest = ([...others, "pending", "failed", "unknown"] as const)
    .filter((phase) => statusDetails[phase] > 0)
    .map((phase) => `${statusDetails[phase].toString()} ${phase}`);
  return [`${statusDetails[goal].toString()}/${requested.toString()} ${goal}`, ...rest].join(", ");
}

export interface Trouble {
  /** Changes when another kind of trouble appears: that is told at once. */
  readonly kind: string;
  readonly text: string;
}

/** The most important thing that keeps the run from going on, if any. */
export function troubleOf(
  { pods, statusDetails }: RunView & RunStatus,
  spec: RunSpec,
  now = Date.now(),
): Trouble | undefined {
  const over = new Set(eachIndex(readIndexSet(statusDetails.failedIndices)));
  const candidates = pods.filter(({ index, deleting }) => !over.has(index) && !deleting);
  return (
    first(candidates, stuckContainer) ??
    first(candidates, unschedulable) ??
    first(candidates, (pod) => retrying(pod, pods, { spec, now }))
  );
}

function first(pods: readonly PodView[], find: (pod: PodView) => Trouble | undefined): Trouble | undefined {
  for (const pod of pods) {
    const trouble = find(pod);
    if (trouble !== undefined) return trouble;
  }
  return undefined;
}

const ordinaryReasons = new Set(["ContainerCreating", "PodInitializing", "CrashLoopBackOff"]);

function stuckContainer({ index, container }: PodView): Trouble | undefined {
  if (container?.state !== "waiting" || container.reason === undefined || ordinaryReasons.has(container.reason))
    return undefined;
  return trouble(index, container.reason, container.message);
}

function unschedulable({ index, reason, message, phase }: PodView): Trouble | undefined {
  return phase === "Pending" && reason !== undefined ? trouble(index, reason, message) : undefined;
}

function trouble(index: number, reason: string, message: string | undefined): Trouble {
  return {
    kind: reason,
    text: `index ${index.toString()}: [${reason}]${message === undefined ? "" : ` ${oneLine(message)}`}`,
  };
}

interface Moment {
  readonly spec: RunSpec;
  /** Milliseconds since 1970. */
  readonly now: number;
}

function retrying(pod: PodView, pods: readonly PodView[], moment: Moment): Trouble | undefined {
  const reason = podFailureReason(pod);
  if (reason === undefined || pod.container?.state === "running") return undefined;
  const at = `index ${pod.index.toString()}: ${reason}`;
  const { mode, retryLimit = 0 } = moment.spec;
  if (mode === "daemon") return { kind: reason, text: `${at}, restart ${(pod.container?.restarts ?? 0).toString()}` };
  if (pods.some(({ index, attempt }) => index === pod.index && attempt > pod.attempt)) return undefined;
  return {
    kind: reason,
    text: `${at}, retry ${(pod.attempt + 1).toString()} of ${retryLimit.toString()}${retryTime(pod, moment)}`,
  };
}

/** Kubernetes waits 10 seconds before the first retry of an index, and twice as long before each further one. */
const FIRST_PAUSE_SECONDS = 10;

function retryTime({ attempt, container }: PodView, { now }: Moment): string {
  if (container?.finishedAt === undefined) return "";
  const seconds = FIRST_PAUSE_SECONDS * 2 ** attempt - (now - Date.parse(container.finishedAt)) / 1_000;
  return seconds > 0 ? ` in about ${Math.ceil(seconds).toString()} s` : "";
}
