import { eachIndex, indexSetOf, printIndexSet, readIndexSet } from "../kube/indexSet";
import type { RunSpec } from "../spec/types";
import { oneLine } from "./oneLine";
import { whereText } from "./progress";
import type { RunView } from "./runStatus";
import type { PodView, RunStatus } from "./types";

/** What a user should know of a run that is no failure of it. */
export function warningsOf(seen: RunView & RunStatus, { mode }: RunSpec): string[] {
  const succeeded = new Set(eachIndex(readIndexSet(seen.statusDetails.succeededIndices)));
  const cutShort = seen.pods.filter((pod) => succeeded.has(pod.index) && isCutShort(pod));
  const told: readonly [pods: readonly PodView[], text: (where: string) => string][] = [
    [
      cutShort.filter(({ disrupted }) => disrupted),
      (where) => `${where} ended with exit 0 while being evicted: ${DONE}`,
    ],
    [
      cutShort.filter(({ disrupted }) => !disrupted),
      (where) => `${where} ended with exit 0 while being deleted: ${DONE}`,
    ],
    [
      mode === "daemon" ? seen.pods.filter(isRestartedAfterSuccess) : [],
      (where) =>
        `${where} started again after exit 0: the node does not keep to the restart policy of a container, for which it needs Kubernetes 1.35`,
    ],
    [
      seen.pods.filter(({ lacksRestartPolicy, deleting }) => lacksRestartPolicy && !deleting),
      (where) =>
        `${where} runs without \`restartPolicy\` of its container, in pod ${namesOf(seen.pods)}: a webhook has taken it away, and Kubernetes does not restart as a daemon needs`,
    ],
    [
      seen.pods.filter(({ keepAlive, deleting }) => keepAlive !== undefined && !deleting),
      (where) => `the keep-alive container of ${where} does not start: ${keepAliveWords(seen.pods)}; ${SETTING}`,
    ],
  ];
  return told.flatMap(([pods, text]) => (pods.length === 0 ? [] : [text(whereOf(pods))]));
}

const DONE = "its work may be unfinished, and Kubernetes counts it as done";
const SETTING = "name an image that can be pulled with `jobrun:keepAliveImage`";

const namesOf = (pods: readonly PodView[]): string =>
  oneLine(pods.flatMap(({ name, lacksRestartPolicy }) => (lacksRestartPolicy ? [name] : [])).join(", "));

const whereOf = (pods: readonly PodView[]): string =>
  whereText(printIndexSet(indexSetOf(pods.map(({ index }) => index))));

function keepAliveWords(pods: readonly PodView[]): string {
  const { reason = "", message = "" } = pods.find(({ keepAlive }) => keepAlive !== undefined)?.keepAlive ?? {};
  return oneLine(`[${reason}] ${message}`);
}

/** A program that answers SIGTERM with exit code 0 counts as finished, whatever it had still to do. */
function isCutShort({ phase, disrupted, deleting }: PodView): boolean {
  return phase === "Succeeded" && (disrupted || deleting);
}

/** Exit code 0 stops an instance of a daemon on purpose. */
function isRestartedAfterSuccess({ container }: PodView): boolean {
  return container?.lastEnd?.exitCode === 0 && container.restarts > 0;
}
