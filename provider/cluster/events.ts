import type { KubeEvent } from "../core/kube/types";
import { type EventKind, toEventView } from "../core/status/events";
import type { EventView } from "../core/status/types";
import { pathOf } from "./kinds";
import { type Ask, listAll } from "./list";
import type { ClusterClient } from "./port";

/** Events of every ordinary start and end. That a pod's image is being pulled is no warning either, but is wanted. */
const ordinary = ["Scheduled", "Pulled", "Created", "Started", "Killing"];

const selectors: Readonly<Record<EventKind, string>> = {
  Job: "involvedObject.kind=Job,type=Warning",
  Pod: ["involvedObject.kind=Pod", ...ordinary.map((reason) => `reason!=${reason}`)].join(","),
};

/** An answer this young is as good as a new one. */
const FRESH_MS = 2_000;

interface Answer {
  readonly at: number;
  readonly events: Promise<readonly EventView[]>;
}

/** Events by one list for a namespace, however many runs want to know; what tells nothing is dropped as it is parsed. */
export function recentEvents(ask: Ask): ClusterClient["events"] {
  const answers = new Map<string, Answer>();
  return (namespace, kind) => {
    const key = `${kind} ${namespace}`;
    const known = answers.get(key);
    if (known !== undefined && performance.now() - known.at < FRESH_MS) return known.events;
    const events = listEvents(ask, namespace, kind);
    answers.set(key, { at: performance.now(), events });
    return events;
  };
}

async function listEvents(ask: Ask, namespace: string, kind: EventKind): Promise<EventView[]> {
  const { items } = await listAll<KubeEvent, EventView | undefined>(ask, {
    path: pathOf("Event", namespace),
    selector: "",
    fieldSelector: selectors[kind],
    reduce: toEventView,
  });
  return items.filter((event) => event !== undefined);
}
