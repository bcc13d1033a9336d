import type { Carrier } from "../core/backend/carrier";
import { stableJson } from "../core/kube/hash";
import { annotation } from "../core/kube/labels";
import { purposeOf } from "../core/kube/neededRights";
import { definitionName } from "../core/kube/names";
import type { ConfigMap, Secret } from "../core/kube/types";
import { secretNameOf } from "../core/manifest/env";
import { isOwnedBy } from "../core/manifest/owner";
import { readRecord, toRecord, toRunSecret } from "../core/manifest/record";
import { runSpec, specHash } from "../core/spec/jobRun";
import { mergedFailures } from "../core/spec/runRules";
import { unexpandedSecrets } from "../core/spec/secrets";
import type { EnvVar, JobRunInputs, JobTemplate, RunSpec } from "../core/spec/types";
import { chooseBackend } from "./chooseBackend";
import { claim, ownerFrom, requireName } from "./claim";
import type { Place } from "./clusters";
import type { HookContext } from "./contract";
import { removeRun, runRefOf } from "./removeRun";
import { requireRights } from "./rights";
import { validTemplate } from "./validTemplate";

/** A run that has its record; its other objects may still be missing. */
export interface Claimed {
  /** Complete, secret values included where they are at hand. */
  readonly spec: RunSpec;
  readonly record: ConfigMap;
  readonly carrier: Carrier;
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
  const record = await claim(client, namespace, {
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
  const claimed = { spec, record, carrier };
  warnOfSurprises(context, claimed, inputs);
  return claimed;
}

/** What is no fault, and not what everybody expects. */
function warnOfSurprises({ log }: HookContext, { spec, carrier }: Claimed, { backend }: JobRunInputs): void {
  if (spec.mode === "daemon" && carrier.backend === "job" && backend !== "job") log.warn(carrier.fidelityReason);
  const names = unexpandedSecrets(spec.env);
  if (names.length > 0)
    log.warn(`the program gets \`$(NAME)\` and \`$$\` in secret values as they are, not expanded: ${names.join(", ")}`);
}

/** What the run is made of, secret values included, which its record does not hold. */
export async function composeRun(
  place: Place,
  inputs: JobRunInputs,
): Promise<{ spec: RunSpec; definition?: ConfigMap }> {
  if (inputs.job === undefined) return { spec: await composeSpec(place, inputs, undefined) };
  const definition = await getDefinition(place, inputs.job);
  return { spec: await composeSpec(place, inputs, definition), definition };
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

/** Read live: the garbage collector silently removes what hangs on a definition that has gone. */
async function getDefinition({ client, namespace }: Place, job: string): Promise<ConfigMap> {
  const definition = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: definitionName(job) });
  if (definition === undefined)
    throw new Error(`job must be the name of a job in namespace ${namespace}, got ${JSON.stringify(job)}`);
  if (definition.metadata.deletionTimestamp !== undefined)
    throw new Error(`job "${job}" in namespace ${namespace} is being deleted: create it again first`);
  return definition;
}

async function composeSpec(place: Place, inputs: JobRunInputs, definition: ConfigMap | undefined): Promise<RunSpec> {
  const live =
    definition && inputs.jobDefinition === undefined
      ? await withSecretValues(place, inputs.job ?? "", validTemplate(place.namespace, definition))
      : inputs.jobDefinition;
  const failures = mergedFailures(inputs, { definition: live, strict: place.settings.strict === true });
  if (failures.length > 0) throw new Error(failures.map(({ property, reason }) => `${property} ${reason}`).join("\n"));
  return runSpec({ ...inputs, name: requireName(inputs.name) }, live);
}

/** A run is a snapshot: the secret values of its job are copied, so that a later change of the job does not reach it. */
async function withSecretValues(
  { client, namespace }: Place,
  job: string,
  template: JobTemplate,
): Promise<JobTemplate> {
  const name = definitionName(job);
  if (!template.env?.some(({ valueFrom }) => valueFrom?.secretKeyRef?.name === name)) return template;
  const secret = await client.get<Secret>({ kind: "Secret", namespace, name });
  const resolve = (entry: EnvVar): EnvVar => {
    const { name: from, key = "" } = entry.valueFrom?.secretKeyRef ?? {};
    if (from !== name) return entry;
    const data = secret?.data?.[key];
    if (data === undefined)
      throw new Error(
        `Secret ${namespace}/${name} must have key ${key} for variable ${entry.name} of job "${job}": run \`pulumi up --refresh\` for the job`,
      );
    return { name: entry.name, value: Buffer.from(data, "base64").toString(), secret: true };
  };
  return { ...template, env: template.env.map(resolve) };
}
