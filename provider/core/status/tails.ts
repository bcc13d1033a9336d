import { eachIndex, readIndexSet } from "../kube/indexSet";
import { attemptOf } from "../spec/attempt";
import type { RunSpec } from "../spec/types";
import { isOlder } from "./indexStatus";
import { currentPods, type RunView } from "./runStatus";
import type { PodView, RunStatus } from "./types";

/** More tails hide the verdict. */
const MOST_TAILS = 3;
/** Characters of a line; programs print documents on one. */
const LONGEST_LINE = 500;

/** A log that is worth reading. */
export interface Teller {
  readonly pod: PodView;
  /** The program has been started again since: its lines before that are meant. */
  readonly previous: boolean;
}

/** Whose last lines a message would show if the run failed now. */
export interface Telling {
  /** The first few indices that have failed so far, in this look or an earlier one. */
  readonly indices: readonly number[];
  /** Their last attempts, as far as these are seen to have failed or to be about to end. */
  readonly tellers: readonly Teller[];
}

/**
 * The last attempts of the first few indices that failed, are tried again, or lose their pods. `known` are those of
 * earlier looks: one that runs again keeps its place, so that a wide run that fails does not read a log for each of its pods.
 */
export function tellersOf(seen: RunView & RunStatus, spec: RunSpec, known: Iterable<number> = []): Telling {
  const succeeded = new Set(eachIndex(readIndexSet(seen.statusDetails.succeededIndices)));
  const tellers = allTellers(seen, spec);
  const candidates = new Set([...known, ...tellers.map(({ pod }) => pod.index)]);
  const indices = [...candidates]
    .filter((index) => !succeeded.has(index))
    .toSorted((a, b) => a - b)
    .slice(0, MOST_TAILS);
  return { indices, tellers: tellers.filter(({ pod }) => indices.includes(pod.index)) };
}

/** The last attempts of all indices that failed, are tried again, or lose their pods: their logs may be gone before the run has ended. */
export function allTellers(seen: RunView & RunStatus, spec: RunSpec): Teller[] {
  const { failedIndices, succeededIndices } = seen.statusDetails;
  const [failed, succeeded] = [failedIndices, succeededIndices].map((text) => new Set(eachIndex(readIndexSet(text))));
  const pods = currentPods(seen.pods, seen.deployments).filter(({ runAttempt }) => runAttempt === attemptOf(spec));
  return latestStarted(pods)
    .filter((pod) => succeeded?.has(pod.index) !== true && (failed?.has(pod.index) === true || isEndingBadly(pod)))
    .map((pod) => ({ pod, previous: isStartedAgain(pod) }));
}

/** The last pod of each index of which there are lines. */
export function latestStarted(pods: readonly PodView[]): PodView[] {
  const latest = new Map<number, PodView>();
  for (const pod of pods.filter(hasStarted)) {
    const other = latest.get(pod.index);
    if (other === undefined || isFollowedBy(other, pod)) latest.set(pod.index, pod);
  }
  return [...latest.values()].toSorted((a, b) => a.index - b.index);
}

/** Each attempt of the run counts the attempts of its indices anew. */
function isFollowedBy(pod: PodView, other: PodView): boolean {
  return pod.runAttempt === other.runAttempt ? isOlder(pod, other) : pod.runAttempt < other.runAttempt;
}

/** Of a container that has never run there are no lines. */
export const hasStarted = ({ container }: PodView): boolean =>
  container !== undefined && (container.state !== "waiting" || container.lastEnd !== undefined);

/** The log of a pod that is being deleted goes with it. */
function isEndingBadly({ phase, deleting, container }: PodView): boolean {
  if (container?.state === "terminated" && container.exitCode === 0) return phase === "Failed";
  return phase === "Failed" || deleting || container?.state === "terminated" || isCrash(container?.lastEnd);
}

const isCrash = (end: { readonly exitCode: number } | undefined): boolean => end !== undefined && end.exitCode !== 0;

/** Of one that waits to be started again, Kubernetes shows the log of the start before. */
export const isStartedAgain = ({ container }: PodView): boolean =>
  container?.state === "running" && container.lastEnd !== undefined;

/** How far the teller has got: the same attempt has nothing new to say before that changes. */
export function stageOf({ pod: { uid, deleting, container }, previous }: Teller): string {
  const { restarts = 0, state } = container ?? {};
  const stage = previous ? "before" : state !== "running" ? "ended" : deleting ? "ending" : "running";
  return `${uid}/${restarts.toString()}/${stage}`;
}

/** The lines of a failure message that show what the pod's program printed last. */
export function tailText({ index, name }: PodView, log: string): string {
  const lines = log
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
  const shown = lines.map((line) => `    ${line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line}`);
  return [
    `  index ${index.toString()} printed last (pod ${name}):`,
    ...(shown.length > 0 ? shown : ["    nothing"]),
  ].join("\n");
}

/** The line that says why there is no tail of that pod. */
export function noTailText({ index, name }: PodView, why: string): string {
  return `  what index ${index.toString()} printed last is not known (pod ${name}): ${why}`;
}
