import type { Carrier } from "../core/backend/carrier";
import { stableJson } from "../core/kube/hash";
import { annotation } from "../core/kube/labels";
import { purposeOf } from "../core/kube/neededRights";
import type { ConfigMap, Secret } from "../core/kube/types";
import { secretNameOf } from "../core/manifest/env";
import { isOwnedBy } from "../core/manifest/owner";
import { readRecord, toRecord, toRunSecret } from "../core/manifest/record";
import { specHash } from "../core/spec/jobRun";
import { unexpandedSecrets } from "../core/spec/secrets";
import type { JobRunInputs, RunSpec } from "../core/spec/types";
import { chooseBackend } from "./chooseBackend";
import { claim, ownerFrom } from "./claim";
import type { Place } from "./clusters";
import { composeRun } from "./composeRun";
import type { HookContext } from "./contract";
import { removeRun, runRefOf } from "./removeRun";
import { requireRights } from "./rights";

/** A run that has its record; its other objects may still be missing. */
export interface Claimed {
  /** Complete, secret values included where they are at hand. */
  readonly spec: RunSpec;
  readonly record: ConfigMap;
  readonly carrier: Carrier;
  /** The record was made just now: there are no other objects yet. */
  readonly isNew?: boolean;
}

/** Writes the run record, so that what is intended survives a crash. Nothing runs yet. */
export async function claimRun(place: Place, context: HookContext, inputs: JobRunInputs): Promise<Claimed> {
  const { client, namespace } = place;
  const { spec, definition } = await composeRun(place, inputs);
  await requireRights(place, context.log, purposeOf(spec.mode, inputs.backend));
  const chosen = await chooseBackend(place, spec, inputs);
  // Where a Deployment will not do, a Job needs other rights.
  await requireRights(place, context.log, purposeOf(spec.mode, chosen.backend));
  const owner = ownerFrom(context);
  const revision = specHash(spec);
  const { object: record, isNew } = await claim(client, namespace, {
    object: toRecord(spec, { owner, carrier: chosen, ...(definition && { definition }) }),
    owner,
    what: `job run "${spec.name}"`,
    // Inputs that changed since the crash mean another run of the same name, and so does a job that was made anew.
    adopt: (found) =>
      definition === undefined || isOwnedBy(found, definition)
        ? adoptSame(place, { spec, record: found }, revision)
        : Promise.resolve(undefined),
    remove: (found) => removeRun(client, runRefOf(found), context),
  });
  // A record that was adopted keeps what it says: a run never changes what carries it.
  const { carrier } = readRecord(record);
  const claimed = { spec, record, carrier, isNew };
  warnOfSurprises(context, claimed, inputs);
  return claimed;
}

/** What is no fault, and not what everybody expects. */
export function warnOfSurprises(
  { log }: Pick<HookContext, "log">,
  { spec, carrier }: Pick<Claimed, "spec" | "carrier">,
  { backend }: JobRunInputs,
): void {
  if (spec.mode === "daemon" && carrier.backend === "job" && backend !== "job") log.warn(carrier.fidelityReason);
  const names = unexpandedSecrets(spec.env);
  if (names.length > 0)
    log.warn(`the program gets \`$(NAME)\` and \`$$\` in secret values as they are, not expanded: ${names.join(", ")}`);
}

/** The revision leaves secret values out, and the Secret of a run never changes: another value means another run, too. */
async function adoptSame(
  { client, namespace }: Place,
  { spec, record }: Pick<Claimed, "spec" | "record">,
  revision: string,
): Promise<ConfigMap | undefined> {
  if (record.metadata.annotations?.[annotation.revision] !== revision) return undefined;
  const found = await client.get<Secret>({ kind: "Secret", namespace, name: secretNameOf(spec) });
  const same = found === undefined || stableJson(found.data) === stableJson(toRunSecret(spec, record)?.data);
  return same ? record : undefined;
}
