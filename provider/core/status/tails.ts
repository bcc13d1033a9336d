import { eachIndex, readIndexSet } from "../kube/indexSet";
import { isOlder } from "./indexStatus";
import { maskSecrets } from "./mask";
import type { RunView } from "./runStatus";
import type { PodView, RunStatus } from "./types";

/** More tails hide the verdict. */
const MOST_TAILS = 3;
/** Characters of a line; programs print documents on one. */
const LONGEST_LINE = 500;

/** Whose last lines tell why the run failed. */
export interface Teller {
  readonly pod: PodView;
  /** The program has been started again since: its lines before that are meant. */
  readonly previous: boolean;
}

/** The last pods of the first few indices that failed; of a daemon, of those that were restarted. */
export function tellersOf({ pods, statusDetails }: RunView & RunStatus): Teller[] {
  const failed = new Set(eachIndex(readIndexSet(statusDetails.failedIndices)));
  const restarted = Object.entries(statusDetails.indices).filter(([, { restarts }]) => restarts !== undefined);
  const indices = failed.size > 0 ? [...failed] : restarted.map(([index]) => Number(index));
  return indices
    .flatMap((index) => latestOf(pods, index) ?? [])
    .slice(0, MOST_TAILS)
    .map((pod) => ({ pod, previous: isStartedAgain(pod) }));
}

function latestOf(pods: readonly PodView[], index: number): PodView | undefined {
  const started = pods.filter((pod) => pod.index === index && hasStarted(pod));
  return started.reduce<PodView | undefined>(
    (latest, pod) => (latest && isOlder(pod, latest) ? latest : pod),
    undefined,
  );
}

/** Of a container that has never run there are no lines. */
const hasStarted = ({ container }: PodView): boolean =>
  container !== undefined && (container.state !== "waiting" || container.lastEnd !== undefined);

const isStartedAgain = ({ container }: PodView): boolean =>
  container?.state !== "terminated" && container?.lastEnd !== undefined;

/** The lines of a failure message that show what the pod's program printed last, secret values masked. */
export function tailText({ index, name }: PodView, log: string, secrets: readonly string[]): string {
  const lines = maskSecrets(log, secrets)
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
  const shown = lines.map((line) => `    ${line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line}`);
  return [
    `  index ${index.toString()} printed last (pod ${name}):`,
    ...(shown.length > 0 ? shown : ["    nothing"]),
  ].join("\n");
}
