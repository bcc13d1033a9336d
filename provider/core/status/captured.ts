import { eachIndex, indexSetOf, printIndexSet, readIndexSet } from "../kube/indexSet";
import { attemptedIndices, attemptOf } from "../spec/attempt";
import type { RunSpec } from "../spec/types";
import { whereText } from "./progress";
import { currentPods, type RunView } from "./runStatus";
import { isStartedAgain, latestStarted, type Teller } from "./tails";
import type { RunStatus } from "./types";

/** What indices printed last, by index. */
export type CapturedLogs = Readonly<Record<string, string>>;

/** Bytes of one index. */
const MOST_OF_INDEX = 16 * 1_024;
/** Bytes of all indices: what a Secret holds (Kubernetes). */
const MOST_OF_RUN = 1_024 * 1_024;
const MARK = "[truncated] ";

/** How many bytes are captured of each index: the more there are, the fewer. */
export function shareOf({ arraySize }: Pick<RunSpec, "arraySize">): number {
  return Math.min(MOST_OF_INDEX, Math.floor(MOST_OF_RUN / arraySize));
}

/** The text without the line break at its end, and without its beginning where it has more bytes than that. */
export function lastBytes(text: string, most: number): string {
  const bytes = Buffer.from(text.replace(/\r?\n$/, ""));
  if (bytes.length <= most) return bytes.toString();
  let start = bytes.length - (most - MARK.length);
  // A character is not cut in two.
  while (((bytes[start] ?? 0) & 0xc0) === 0x80) start++;
  return MARK + bytes.subarray(start).toString();
}

/** Of what earlier attempts of the run printed, that which the present one leaves as it is. */
export function earlierLogs(spec: RunSpec, before: CapturedLogs = {}): CapturedLogs {
  const again = new Set([...eachIndex(readIndexSet(attemptedIndices(spec)))].map(String));
  return Object.fromEntries(Object.entries(before).filter(([index]) => !again.has(index)));
}

/**
 * The log of each index that decided it, or of its present instance. What an earlier attempt of the run had ended keeps that;
 * `known` are the indices of which that need not be read again. After a failed wait for a daemon, its crashes are of interest.
 */
export function capturable(view: RunView, spec: RunSpec, { known = {}, failed = false }: Capturing = {}): Teller[] {
  const attempted = new Set(eachIndex(readIndexSet(attemptedIndices(spec))));
  const wanted = currentPods(view.pods, view.deployments).filter(({ index, runAttempt }) =>
    attempted.has(index) ? runAttempt === attemptOf(spec) : !(index.toString() in known),
  );
  return latestStarted(wanted).map((pod) => ({ pod, previous: failed && isStartedAgain(pod) }));
}

interface Capturing {
  readonly known?: CapturedLogs;
  readonly failed?: boolean;
}

/** What should have been captured and was not, in a line for each reason. What has never run has printed nothing. */
export function lackingLogs(
  { statusDetails: { succeededIndices, runningIndices } }: RunStatus,
  logs: CapturedLogs,
  errors: ReadonlyMap<number, string>,
): string[] {
  const expected = [succeededIndices, runningIndices].flatMap((text) => [...eachIndex(readIndexSet(text))]);
  const lost = [...new Set([...expected, ...errors.keys()])].filter((index) => !(index.toString() in logs));
  const byReason = Map.groupBy(
    lost,
    (index) => errors.get(index) ?? "there is no pod of it any more, or none to be seen",
  );
  return [...byReason].map(
    ([reason, indices]) => `\`capturedLogs\` lacks ${whereText(printIndexSet(indexSetOf(indices)))}: ${reason}`,
  );
}
