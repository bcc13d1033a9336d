import { defined } from "../kube/defined";
import type { RunSpec } from "../spec/types";
import { type EventsByObject, isLater, latestEvent, NO_PULL_SECRET, PULLING } from "./events";
import { isUnheard, podFailureReason } from "./indexStatus";
import type { IndexTrouble, PodView } from "./types";
import { isOrdinary, isPreparing } from "./views";

/** What keeps a pod from running its program. */
export function podTroubles(pod: PodView, events: EventsByObject): IndexTrouble[] {
  const { index, container, phase, reason, message } = pod;
  if (isStuck(pod)) {
    const { reason: kind = "", message: words } = container ?? {};
    return [...missingPullSecret(pod, events), defined({ index, kind, message: words })];
  }
  if (phase === "Pending" && reason !== undefined) return [defined({ index, kind: reason, message })];
  return isOnItsWay(pod) ? missingForStart(pod, events) : [];
}

/** Whether the container waits for something that does not come by itself. */
const isStuck = ({ container }: PodView): boolean => container?.state === "waiting" && !isOrdinary(container.reason);

/** Whether the pod has its node, and its container is being prepared. */
export function isOnItsWay({ phase, node, deleting, container }: PodView): boolean {
  if (phase !== "Pending" || node === undefined || deleting) return false;
  return container === undefined || (container.state === "waiting" && isPreparing(container.reason));
}

/** Whether the container waits for its image in vain. */
export const lacksImage = (pod: PodView): boolean => isStuck(pod) && /Image/.test(pod.container?.reason ?? "");

/** The registry's refusal does not say that there were no credentials. */
function missingPullSecret(pod: PodView, events: EventsByObject): IndexTrouble[] {
  const event = lacksImage(pod) ? latestEvent(events, pod.uid, (reason) => reason === NO_PULL_SECRET) : undefined;
  return event === undefined ? [] : [{ index: pod.index, kind: event.reason, message: event.message }];
}

/** Of volumes and networks that are missing only events tell. Once the image is being pulled, they are there. */
function missingForStart({ index, uid }: PodView, events: EventsByObject): IndexTrouble[] {
  const missing = latestEvent(events, uid, (reason) => reason !== NO_PULL_SECRET && reason !== PULLING);
  const pulling = latestEvent(events, uid, (reason) => reason === PULLING);
  if (missing === undefined || (pulling !== undefined && !isLater(missing.lastSeen, pulling.lastSeen))) return [];
  return [{ index, kind: missing.reason, message: missing.message }];
}

/** What Kubernetes mends by itself: an index whose node is not heard of, or that is between two attempts. The pod is its latest. */
export function retryTrouble(pod: PodView, spec: RunSpec): IndexTrouble | undefined {
  return isUnheard(pod) ? unheard(pod) : betweenAttempts(pod, spec);
}

/** Goes on when the node comes back, or somewhere else when Kubernetes has given it up; told with the reason of Kubernetes' event. */
const unheard = ({ index, node = "" }: PodView): IndexTrouble => ({
  index,
  kind: "NodeNotReady",
  note: `${node} does not answer`,
});

/** Also of a daemon's container between two starts. */
function betweenAttempts(pod: PodView, spec: RunSpec): IndexTrouble | undefined {
  const kind = podFailureReason(pod);
  if (kind === undefined || pod.container?.state === "running") return undefined;
  const { index, attempt, container, disrupted } = pod;
  if (spec.mode === "daemon") return { index, kind, note: `restart ${(container?.restarts ?? 0).toString()}` };
  const note = disrupted ? "runs again" : `retry ${(attempt + 1).toString()} of ${(spec.retryLimit ?? 0).toString()}`;
  return defined({ index, kind, note, goesOnAt: nextAttempt(pod) });
}

/** Kubernetes waits 10 seconds before the first retry of an index, and twice as long before each further one. */
const FIRST_PAUSE_SECONDS = 10;

function nextAttempt({ attempt, container }: PodView): number | undefined {
  if (container?.finishedAt === undefined) return undefined;
  return Date.parse(container.finishedAt) + FIRST_PAUSE_SECONDS * 2 ** attempt * 1_000;
}
