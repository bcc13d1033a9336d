import { isForbidden, messageOf } from "../cluster/errors";
import { label } from "../core/kube/labels";
import type { KubeEvent } from "../core/kube/types";
import { isByHand, ownerOf } from "../core/manifest/owner";
import { maskEvents, type RunEvent, runEventsOf } from "../core/report/events";
import type { GetJobRunResult } from "../core/spec/types.generated";
import { toEventView } from "../core/status/events";
import { maskView } from "../core/status/mask";
import type { RunView } from "../core/status/runStatus";
import { type Trouble, withTroubles } from "../core/status/trouble";
import { warningsOf } from "../core/status/warnings";
import type { Place } from "./clusters";
import type { HookLog } from "./contract";
import { requireRecord, statusNow } from "./getJobRun";
import { followingOf, listObjects } from "./observeRun";
import { secretValues } from "./secretValues";
import { shownRun } from "./shownRun";

/** Everything that is to be known of a run at one look. */
export interface DescribedRun {
  readonly run: GetJobRunResult;
  /** Secret values are masked. */
  readonly view: RunView;
  readonly events: readonly RunEvent[];
  /** What stands in its way, the most important first. */
  readonly troubles: readonly Trouble[];
  /** Submitted from the command line: no stack has declared it. */
  readonly byHand: boolean;
}

interface Wanted {
  readonly name: string;
  /** Without the right to list events the look fails; otherwise that is told. */
  readonly eventsNeeded: boolean;
}

/**
 * A run with what is there of its objects, and Kubernetes' events about them. Nothing is written.
 * @throws when there is none of that name.
 */
export async function describeRun(
  place: Place,
  { name, eventsNeeded }: Wanted,
  log: Pick<HookLog, "warn">,
): Promise<DescribedRun> {
  const { client, namespace } = place;
  const recorded = await requireRecord(place, name);
  const { spec, record, result } = recorded;
  const selector = `${label.runUid}=${record.metadata.uid ?? ""}`;
  const [{ view: seen }, events, secrets] = await Promise.all([
    listObjects(client, { namespace, selector, followings: [followingOf(spec.mode, log)] }),
    listEvents(place, eventsNeeded, log),
    secretValues(client, namespace, spec),
  ]);
  const view = maskView(seen, secrets);
  const status = result ?? statusNow(recorded, view, log);
  const masked = maskEvents(events, secrets);
  const views = masked.map(toEventView).filter((event) => event !== undefined);
  const { troubles } = withTroubles({ ...view, ...status }, spec, views);
  for (const warning of warningsOf({ ...view, ...status }, spec)) log.warn(warning);
  return {
    run: shownRun({ ...recorded, status }),
    view,
    events: runEventsOf(masked, view),
    troubles: result === undefined ? troubles : [],
    byHand: isByHand(ownerOf(record)),
  };
}

async function listEvents(
  { client, namespace }: Place,
  needed: boolean,
  log: Pick<HookLog, "warn">,
): Promise<KubeEvent[]> {
  try {
    return await client.list<KubeEvent>({ kind: "Event", namespace, selector: "" });
  } catch (error) {
    if (needed || !isForbidden(error)) throw error;
    log.warn(`${messageOf(error)}; the run is shown without events`);
    return [];
  }
}
