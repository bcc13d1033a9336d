import { ageOf } from "../kube/duration";
import type { KubeEvent } from "../kube/types";
import { lastSeen } from "../status/events";
import { maskSecrets } from "../status/mask";
import { oneLine } from "../status/oneLine";
import type { RunView } from "../status/runStatus";
import { type Column, toneOf } from "./columns";

/** An event about an object of a run. */
export interface RunEvent {
  /** What it is about, such as `Pod nightly-0-x7k2p`. */
  readonly about: string;
  /** The index of the pod that it is about; undefined when it is about what makes pods. */
  readonly index?: number;
  readonly type: string;
  readonly reason: string;
  readonly message: string;
  readonly source: string;
  readonly count: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** A rule broken in several places is told in a long sentence. */
const LONGEST = 2_000;
/** Shown instead of words that may hold what cannot be masked. */
const WITHHELD = "[not shown: it may hold secret values, which cannot be read and so not be masked]";

/** The events with the secret values masked in what they say; without the values, what they say is left out. */
export function maskEvents(events: readonly KubeEvent[], secrets: readonly string[] | undefined): KubeEvent[] {
  const masked = (message = ""): string => (secrets === undefined ? WITHHELD : maskSecrets(message, secrets));
  return events.map((event) => ({ ...event, message: masked(event.message) }));
}

/** The events about the run's objects, oldest first. */
export function runEventsOf(events: readonly KubeEvent[], view: RunView): RunEvent[] {
  const indexOf = new Map<string, number | undefined>([
    ...[...view.jobs, ...view.deployments].map(({ uid }) => [uid, undefined] as const),
    ...view.pods.map(({ uid, index }) => [uid, index] as const),
  ]);
  const deployments = new Set(view.deployments.map(({ name }) => name));
  return events
    .filter((event) => indexOf.has(event.involvedObject.uid ?? "") || isOfReplicaSet(event, deployments))
    .map((event) => toRunEvent(event, indexOf.get(event.involvedObject.uid ?? "")))
    .toSorted((a, b) => Date.parse(a.lastSeen) - Date.parse(b.lastSeen) || a.about.localeCompare(b.about));
}

/** A ReplicaSet has the name of its Deployment and a hash. */
function isOfReplicaSet({ involvedObject: { kind, name = "" } }: KubeEvent, deployments: ReadonlySet<string>): boolean {
  return kind === "ReplicaSet" && deployments.has(name.replace(/-[^-]+$/, ""));
}

function toRunEvent(event: KubeEvent, index: number | undefined): RunEvent {
  const { involvedObject, type = "", reason = "", message = "" } = event;
  const { kind = "", name = "" } = involvedObject;
  return {
    about: `${kind} ${name}`,
    ...(index !== undefined && { index }),
    ...{ type, reason, source: sourceOf(event) },
    message: oneLine(message, LONGEST),
    ...timesOf(event),
  };
}

function timesOf(event: KubeEvent): Pick<RunEvent, "count" | "firstSeen" | "lastSeen"> {
  const last = lastSeen(event);
  const first = event.firstTimestamp ?? event.eventTime ?? last;
  return { count: event.series?.count ?? event.count ?? 1, firstSeen: first, lastSeen: last };
}

/** Who tells it: `kubelet, node-1`. */
function sourceOf({ source, reportingComponent }: KubeEvent): string {
  return [source?.component ?? reportingComponent, source?.host].filter(Boolean).join(", ");
}

/** `4s`, or `4s (x3 over 26s)`. */
function ageText({ count, firstSeen, lastSeen }: RunEvent, now: number): string {
  const age = ageOf(lastSeen, now);
  return count > 1 ? `${age} (x${count.toString()} over ${ageOf(firstSeen, now)})` : age;
}

/** The table `Events` (Code Engine). */
export const eventColumns = (now: number): Column<RunEvent>[] => [
  { title: "Type", text: ({ type }) => type, tone: ({ type }) => toneOf(type) },
  { title: "Reason", text: ({ reason }) => reason },
  { title: "Age", text: (event) => ageText(event, now) },
  { title: "Source", text: ({ source }) => source },
  { title: "About", text: ({ about }) => about, wide: true },
  { title: "Messages", text: ({ message }) => message },
];

/** What a first look needs: what Kubernetes warns of, and what became of the Jobs and Deployments; the newest last, and no more than that. */
export function mainEvents(events: readonly RunEvent[]): RunEvent[] {
  return events.filter(({ type, index }) => type === "Warning" || index === undefined).slice(-MAIN);
}

const MAIN = 10;
