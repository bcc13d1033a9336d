import { refOf } from "../cluster/kinds";
import type { ClusterClient } from "../cluster/port";
import { taskCarrier } from "../core/backend/carrier";
import type { ConfigMap } from "../core/kube/types";
import type { Owner } from "../core/manifest/owner";
import { hasResult, readRecord, toEndedRecord, toResultPatch } from "../core/manifest/record";
import { attemptOf, nextAttempt } from "../core/spec/attempt";
import type { JobRunInputs, RunSpec } from "../core/spec/types";
import type { RunStatus } from "../core/status/types";
import { acknowledged } from "./claim";
import type { Place } from "./clusters";
import { composeRun } from "./composeRun";
import type { StoredRun } from "./storedRun";

interface Kept {
  readonly inputs: JobRunInputs;
  readonly stored: StoredRun;
  readonly owner: Owner;
}

/** Whether the run has ended for good, so that the engine has kept all that there is to know of it. */
export const isOver = ({ mode, status }: StoredRun): boolean =>
  mode === "task" && (status === "completed" || status === "failed");

/** Writes the record of a run that is over anew: somebody has removed it, and nothing runs again for that. */
export async function restoreRecord(place: Place, { inputs, stored, owner }: Kept): Promise<ConfigMap> {
  const { spec, definition } = await composeRun(place, inputs);
  const options = { owner, carrier: taskCarrier, ...(definition && { definition }) };
  const record = toEndedRecord(asAttempted(spec, stored), options, resultOf(stored));
  return place.client.create(place.namespace, acknowledged(record));
}

/**
 * Writes the result of a run that is over into its record, which could not be done at its end.
 * Without it, a run whose Jobs have been removed would count as one that has not begun.
 */
export async function restoreResult(client: ClusterClient, record: ConfigMap, stored: StoredRun): Promise<ConfigMap> {
  if (!isOver(stored) || hasResult(record) || attemptOf(readRecord(record).spec) !== stored.attempt) return record;
  const { namespace = "" } = record.metadata;
  return client.patch(refOf(namespace, record), toResultPatch(resultOf(stored)));
}

const resultOf = ({ status, statusDetails }: StoredRun): RunStatus => ({ status, statusDetails });

/** The spec of the attempt that was the last one. */
function asAttempted(spec: RunSpec, { attempt, statusDetails }: StoredRun): RunSpec {
  return attempt === 1 ? spec : { ...spec, resumed: { ...nextAttempt(spec, statusDetails), attempt } };
}
