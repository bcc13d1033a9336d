import { difference, indexSetOf, printIndexSet, readIndexSet } from "../kube/indexSet";
import type { IndexLog } from "../spec/types.generated";
import { isOlder } from "./indexStatus";
import { maskSecrets } from "./mask";
import { hasStarted, isStartedAgain, type Teller } from "./tails";
import type { PodView } from "./types";

/** Characters of a log that are handed on. */
const LONGEST_LOG = 16_384;

/** Whose logs are read, by index, and the indices that have none, with the reasons. */
export interface LogSources {
  readonly tellers: ReadonlyMap<number, Teller>;
  readonly missing: readonly Missing[];
}

/** Why there is no log of an index. */
export interface Missing {
  readonly index: number;
  readonly why: string;
}

interface Asked {
  readonly indices: Iterable<number>;
  /** The run has ended, and its result is recorded. */
  readonly ended: boolean;
  /** What the attempt before the present one of each index has printed. */
  readonly previous: boolean;
  /** Indices whose logs are read at once. */
  readonly most: number;
}

/** Of each index the newest pod whose program has started: a newer one that waits for its image has nothing to tell yet. */
export function logSources(pods: readonly PodView[], { indices, ended, previous, most }: Asked): LogSources {
  const podsOf = Map.groupBy(pods, ({ index }) => index);
  const found = new Map<number, Teller>();
  const missing: Missing[] = [];
  for (const index of indices) {
    const all = podsOf.get(index) ?? [];
    const started = all.filter(hasStarted).toSorted(newestFirst);
    const teller = previous ? tellerBefore(started) : started[0] && { pod: started[0], previous };
    if (started.length === 0) missing.push({ index, why: whyNone(all.length > 0, ended) });
    else if (teller === undefined)
      missing.push({ index, why: "there was no attempt before, or its pod has been removed" });
    else if (found.size === most) missing.push({ index, why: `more than ${most} at once: ask by \`index\`` });
    else found.set(index, teller);
  }
  return { tellers: found, missing };
}

/** The attempt before: in the same pod, when its program has been started again there, else in an earlier pod. */
function tellerBefore([newest, before]: readonly PodView[]): Teller | undefined {
  if (newest !== undefined && isStartedAgain(newest)) return { pod: newest, previous: true };
  return before && { pod: before, previous: false };
}

/** Each attempt of the run counts the attempts of its indices anew. */
export const newestFirst = (pod: PodView, other: PodView): number =>
  other.runAttempt - pod.runAttempt || (isOlder(pod, other) ? 1 : -1);

function whyNone(hasPod: boolean, ended: boolean): string {
  if (hasPod) return "the program has not started yet";
  return ended
    ? "the pod has been removed: after the run's `retention`, or by somebody"
    : "there is no pod: it has not been created yet, or somebody has removed it";
}

/** What a pod has printed last, as it is handed on. */
export function indexLog({ name, runAttempt, attempt }: PodView, log: string, secrets: readonly string[]): IndexLog {
  const text = maskSecrets(log, secrets)
    .replace(/\r?\n$/, "")
    .slice(-LONGEST_LOG);
  return { text, pod: name, attempt: runAttempt, retries: attempt };
}

/** All reasons, each with its indices. */
export function missingLogs(missing: readonly Missing[]): { missingIndices: string; missingReason?: string } {
  const print = (some: readonly Missing[]): string => printIndexSet(indexSetOf(some.map(({ index }) => index)));
  const reasons = [...Map.groupBy(missing, ({ why }) => why)].map(([why, some]) => `${print(some)}: ${why}`);
  return { missingIndices: print(missing), ...(reasons.length > 0 && { missingReason: reasons.join("; ") }) };
}

/** Whether the run has that index. */
export function hasIndex(arrayIndices: string, index: number): boolean {
  return difference([[index, index]], readIndexSet(arrayIndices)).length === 0;
}
