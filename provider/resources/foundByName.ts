import { definitionName, recordName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { type Owner, ownerOf } from "../core/manifest/owner";
import { absent } from "./absent";
import type { Place } from "./clusters";
import { type JobRef, ownRecords } from "./removeJob";
import { type RunRef, runRefOf } from "./removeRun";

/** A run or job that is to be removed, and who has declared it. */
export interface FoundRun {
  readonly ref: RunRef;
  readonly owner: Owner | undefined;
}

/**
 * The run of that name, also when somebody has spoilt its record.
 * @throws when there is none.
 */
export async function findRun(place: Place, name: string): Promise<FoundRun> {
  const { client, namespace } = place;
  const record = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: recordName(name) });
  if (record === undefined) throw absent(place, { what: "run", name });
  return { ref: { ...runRefOf(record), namespace, name }, owner: ownerOf(record) };
}

/** A job with the runs that hang on it. */
export interface FoundJob {
  readonly ref: JobRef;
  readonly owner: Owner | undefined;
  readonly runs: readonly FoundRun[];
}

/**
 * The job of that name, also when somebody has spoilt its definition.
 * @throws when there is none.
 */
export async function findJob(place: Place, name: string): Promise<FoundJob> {
  const { client, namespace } = place;
  const definition = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: definitionName(name) });
  if (definition === undefined) throw absent(place, { what: "job", name });
  const ref = { namespace, name, uid: definition.metadata.uid ?? "" };
  const records = await ownRecords(client, ref);
  return {
    ...{ ref, owner: ownerOf(definition) },
    runs: records.map((record) => ({ ref: runRefOf(record), owner: ownerOf(record) })),
  };
}
