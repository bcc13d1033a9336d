import { annotation } from "../core/kube/labels";
import { recordName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { readRecord } from "../core/manifest/record";
import type { GetJobRunArgs, GetJobRunResult } from "../core/spec/types.generated";
import { lostStatus } from "../core/status/lost";
import { runStatus, type RunView } from "../core/status/runStatus";
import type { RunStatus } from "../core/status/types";
import { absent } from "./absent";
import type { Place } from "./clusters";
import type { HookLog } from "./contract";
import { observeRun } from "./observeRun";
import { type Known, shownRun } from "./shownRun";

/** A run by its record. */
export type Recorded = Omit<Known, "status"> & { readonly result?: RunStatus };

/**
 * The record of a run.
 * @throws when there is none of that name.
 */
export async function requireRecord(place: Place, name: string): Promise<Recorded> {
  const { client, namespace } = place;
  const record = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: recordName(name) });
  if (record === undefined) throw absent(place, { what: "run", name });
  return { ...readRecord(record), record };
}

/**
 * A run as the cluster has it: what it was made of, and how far it is. Nothing is written, not even a result that is new.
 * @throws when there is none of that name.
 */
export async function getJobRun(
  place: Place,
  { name }: GetJobRunArgs,
  log: Pick<HookLog, "warn">,
): Promise<GetJobRunResult> {
  const recorded = await requireRecord(place, name);
  return shownRun({ ...recorded, status: recorded.result ?? (await look(place, recorded, log)) });
}

async function look(
  { client, namespace }: Place,
  { spec, record }: Recorded,
  log: Pick<HookLog, "warn">,
): Promise<RunStatus> {
  const view = await observeRun(client, { namespace, uid: record.metadata.uid ?? "", spec }, log);
  return statusNow({ spec, record }, view, log);
}

/** The status of a run without a result, by what is seen of it. */
export function statusNow(
  { spec, record }: Pick<Recorded, "spec" | "record">,
  view: RunView,
  log: Pick<HookLog, "warn">,
): RunStatus {
  const status = runStatus(spec, view);
  const isGone = view.jobs.length === 0 && view.deployments.length === 0;
  if (!isGone || !isAcknowledged(record)) return status;
  log.warn(
    `job run "${spec.name}" has no Jobs or Deployments, and no result is recorded: what became of it is not known`,
  );
  return lostStatus(status);
}

/** Whether all objects of the run have been made. */
export const isAcknowledged = ({ metadata }: ConfigMap): boolean =>
  metadata.annotations?.[annotation.acknowledged] !== undefined;
