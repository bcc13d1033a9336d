import { taskCarrier } from "../core/backend/carrier";
import type { ConfigMap } from "../core/kube/types";
import type { Owner } from "../core/manifest/owner";
import { toEndedRecord } from "../core/manifest/record";
import { nextAttempt } from "../core/spec/attempt";
import type { JobRunInputs, RunSpec } from "../core/spec/types";
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
  const { status, statusDetails } = stored;
  const record = toEndedRecord(asAttempted(spec, stored), options, { status, statusDetails });
  return place.client.create(place.namespace, acknowledged(record));
}

/** The spec of the attempt that was the last one. */
function asAttempted(spec: RunSpec, { attempt, statusDetails }: StoredRun): RunSpec {
  return attempt === 1 ? spec : { ...spec, resumed: { ...nextAttempt(spec, statusDetails), attempt } };
}
