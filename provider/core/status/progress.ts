import type { RunSpec } from "../spec/types";
import { oneLine } from "./oneLine";
import type { Limit } from "./patience";
import type { Seen, Trouble } from "./trouble";
import type { RunStatus } from "./types";

/** A run as the one who waits sees it: with the trouble that will end the wait, if nothing changes. */
export type Waited = Seen & { readonly limit?: Limit };

/** What a run's row shows. */
export interface Progress {
  readonly line: string;
  /** What matters of the line: times and words change without anything new. */
  readonly key: string;
  /** Another kind of trouble is told at once. */
  readonly kind: string;
}

/** Counters, then the most important trouble. */
export function progressOf(seen: Waited, spec: RunSpec, now = Date.now()): Progress {
  const counters = countersLine(seen, spec);
  const trouble = seen.limit?.trouble ?? seen.troubles[0];
  if (trouble === undefined) return { line: counters, key: counters, kind: "" };
  const { kind, note = "", indices } = trouble;
  const line = `${counters}; ${troubleText(trouble, now)}${endText(seen.limit)}`;
  return { line, key: [counters, indices, kind, note].join("; "), kind };
}

/** One line for the run's own row. */
export const progressLine = (seen: Waited, spec: RunSpec): string => progressOf(seen, spec).line;

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

/** `index 0: [Unschedulable] 0/1 nodes are available`, with Kubernetes' reason in brackets. */
export function troubleText(trouble: Trouble, now = Date.now()): string {
  return `${whereText(trouble.indices)}: ${whatText(trouble, now)}`;
}

/** `index 0`, `indices 0-4`. */
export const whereText = (indices: string): string =>
  /^\d+$/.test(indices) ? `index ${indices}` : `indices ${indices}`;

function whatText(trouble: Trouble, now: number): string {
  if (trouble.class === "queued") return trouble.note ?? wordsOf(trouble);
  if (trouble.class === "retrying") return `${trouble.kind}, ${trouble.note ?? ""}${goesOnText(trouble, now)}`;
  return wordsOf(trouble);
}

/** Kubernetes' reason and words. */
export function wordsOf({ kind, message }: Trouble, longest?: number): string {
  return message === undefined ? `[${kind}]` : `[${kind}] ${oneLine(message, longest)}`;
}

function goesOnText({ goesOnAt = 0 }: Trouble, now: number): string {
  const seconds = Math.ceil((goesOnAt - now) / 1_000);
  return seconds > 0 ? ` in about ${seconds.toString()} s` : "";
}

/** Never more than the whole time, though the difference of two clock readings may be by a rounding error. */
function endText(limit: Limit | undefined): string {
  if (limit === undefined) return "";
  const seconds = Math.min(limit.graceSeconds, Math.max(0, Math.ceil(limit.secondsLeft)));
  return ` (fails in ${seconds.toString()} s)`;
}
