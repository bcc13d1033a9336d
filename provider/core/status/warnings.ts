import { eachIndex, indexSetOf, printIndexSet, readIndexSet } from "../kube/indexSet";
import type { RunSpec } from "../spec/types";
import type { RunView } from "./runStatus";
import type { PodView, RunStatus } from "./types";

/** What a user should know of a run that is no failure of it; each is to be told once. */
export function warningsOf(seen: RunView & RunStatus, { mode }: RunSpec): string[] {
  const succeeded = new Set(eachIndex(readIndexSet(seen.statusDetails.succeededIndices)));
  const cutShort = seen.pods.filter((pod) => succeeded.has(pod.index) && isCutShort(pod));
  return [
    ...told(
      cutShort.filter(({ disrupted }) => disrupted),
      "ended with exit 0 while being evicted: its work may be unfinished, and Kubernetes counts it as done",
    ),
    ...told(
      cutShort.filter(({ disrupted }) => !disrupted),
      "ended with exit 0 while being deleted: its work may be unfinished, and Kubernetes counts it as done",
    ),
    ...told(
      mode === "daemon" ? seen.pods.filter(isRestartedAfterSuccess) : [],
      "was started again after exit 0: its node does not keep to the restart policy of a container, for which it needs Kubernetes 1.35",
    ),
    ...keepAliveWarning(seen.pods),
  ];
}

/** A program that answers SIGTERM with exit code 0 counts as finished, whatever it had still to do. */
function isCutShort({ phase, disrupted, deleting }: PodView): boolean {
  return phase === "Succeeded" && (disrupted || deleting);
}

/** Exit code 0 stops an instance of a daemon on purpose. */
function isRestartedAfterSuccess({ container }: PodView): boolean {
  return container?.lastEnd?.exitCode === 0 && container.restarts > 0;
}

function keepAliveWarning(pods: readonly PodView[]): string[] {
  const stuck = pods.filter(({ keepAlive, deleting }) => keepAlive !== undefined && !deleting);
  const { reason = "", message = "" } = stuck[0]?.keepAlive ?? {};
  const words = `[${reason}] ${message}`.trim();
  return told(
    stuck,
    `runs without its keep-alive container: ${words}; name an image that can be pulled with \`jobrun:keepAliveImage\``,
  );
}

function told(pods: readonly PodView[], what: string): string[] {
  if (pods.length === 0) return [];
  const indices = indexSetOf(pods.map(({ index }) => index));
  return [`${pods.length === 1 ? "index" : "indices"} ${printIndexSet(indices)} ${what}`];
}
