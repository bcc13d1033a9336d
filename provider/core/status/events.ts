import type { KubeEvent } from "../kube/types";
import { oneLine } from "./oneLine";
import type { EventView } from "./types";

/** Kinds of objects whose events are asked for. */
export type EventKind = "Job" | "Pod";

/** Reason of the event at which a pod has all it needs but its image: what was missing before is there now. */
export const PULLING = "Pulling";
/** Reason of the only sign that a pull secret is missing; the image may still come without it. */
export const NO_PULL_SECRET = "FailedToRetrieveImagePullSecret";
/** Reason of the only sign that a Job's pods are refused. */
export const FAILED_CREATE = "FailedCreate";

/** Events that tell why a pod does not start; everything else that Kubernetes warns of may pass by itself. */
const telling = new Set([
  FAILED_CREATE,
  NO_PULL_SECRET,
  PULLING,
  "FailedMount",
  "FailedAttachVolume",
  "FailedMapVolume",
  "FailedCreatePodSandBox",
  "FailedPrepareDynamicResources",
  "NetworkNotReady",
]);

/** Kubernetes puts this before the words of the eleventh event that resembles others. */
const COMBINED = "(combined from similar events): ";

/** A rule broken in several places is told in a long sentence. */
const LONGEST = 2_000;

/** What is kept of an event; undefined when it tells nothing of what its object waits for. */
export function toEventView(event: KubeEvent): EventView | undefined {
  const { involvedObject, reason = "", message = "" } = event;
  if (!telling.has(reason)) return undefined;
  const words = message.startsWith(COMBINED) ? message.slice(COMBINED.length) : message;
  return { objectUid: involvedObject.uid ?? "", reason, message: oneLine(words, LONGEST), lastSeen: lastSeen(event) };
}

/** The latest of the times that are set: components of Kubernetes set different ones. */
export function lastSeen({ lastTimestamp, eventTime, series, metadata }: KubeEvent): string {
  const times = [series?.lastObservedTime, lastTimestamp, eventTime, metadata.creationTimestamp];
  return times.reduce<string>((latest, time) => (isLater(time ?? "", latest) ? (time ?? "") : latest), "");
}

/** Whether a time of the cluster is later than another; some have fractions of seconds, others have none. */
export function isLater(time: string, other: string): boolean {
  return other === "" ? time !== "" : time !== "" && Date.parse(time) > Date.parse(other);
}

/** Events by the UID of the object that they are about: a wide run has many of both. */
export type EventsByObject = ReadonlyMap<string, readonly EventView[]>;

/** The latest of the events about an object with one of these reasons. */
export function latestEvent(
  events: EventsByObject,
  uid: string,
  isWanted: (reason: string) => boolean,
): EventView | undefined {
  return (events.get(uid) ?? [])
    .filter(({ reason }) => isWanted(reason))
    .reduce<EventView | undefined>(
      (found, event) => (found !== undefined && !follows(event, found) ? found : event),
      undefined,
    );
}

/** In the same second the words decide, so that the order in which events come does not. */
function follows(event: EventView, other: EventView): boolean {
  if (isLater(event.lastSeen, other.lastSeen)) return true;
  return !isLater(other.lastSeen, event.lastSeen) && wordsOf(event) > wordsOf(other);
}

const wordsOf = ({ reason, message }: EventView): string => `${reason} ${message}`;
