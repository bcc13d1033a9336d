import { difference, indexSetOf, printIndexSet, readIndexSet } from "../kube/indexSet";
import type { IndexLog } from "../spec/types.generated";
import { isOlder } from "./indexStatus";
import { maskSecrets } from "./mask";
import type { PodView } from "./types";

/** Indices whose logs are read at once. */
const MOST_LOGS = 100;
/** Characters of a log that are handed on. */
const LONGEST_LOG = 16_384;

/** The pods whose logs are read, by index, and the indices that have none, with the reasons. */
export interface LogSources {
  readonly pods: ReadonlyMap<number, PodView>;
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
}

/** Of each index the newest pod whose program has started: a newer one that waits for its image has nothing to tell yet. */
export function logSources(pods: readonly PodView[], { indices, ended }: Asked): LogSources {
  const podsOf = Map.groupBy(pods, ({ index }) => index);
  const found = new Map<number, PodView>();
  const missing: Missing[] = [];
  for (const index of indices) {
    const all = podsOf.get(index) ?? [];
    const newest = all.filter(hasStarted).reduce<PodView | undefined>(newer, undefined);
    if (newest === undefined) missing.push({ index, why: whyNone(all.length > 0, ended) });
    else if (found.size === MOST_LOGS) missing.push({ index, why: `more than ${MOST_LOGS} at once: ask by \`index\`` });
    else found.set(index, newest);
  }
  return { pods: found, missing };
}

function newer(newest: PodView | undefined, pod: PodView): PodView {
  if (newest === undefined || pod.runAttempt > newest.runAttempt) return pod;
  return pod.runAttempt === newest.runAttempt && isOlder(newest, pod) ? pod : newest;
}

/** Of a container that has never run there are no lines. */
const hasStarted = ({ container }: PodView): boolean =>
  container !== undefined && (container.state !== "waiting" || container.lastEnd !== undefined);

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
