import { isAlreadyExists } from "../cluster/errors";
import { type ObjectRef, refOf } from "../cluster/kinds";
import type { ClusterClient } from "../cluster/port";
import { stableJson } from "../core/kube/hash";
import { annotation, label } from "../core/kube/labels";
import { definitionName, recordName } from "../core/kube/names";
import type { ConfigMap, KubeObject, Secret } from "../core/kube/types";
import { readDefinition } from "../core/manifest/definition";
import { toRecord, toRunSecret } from "../core/manifest/record";
import { DEFAULT_KEEP_ALIVE_IMAGE, toWorkloads } from "../core/manifest/workloads";
import { runSpec, specHash } from "../core/spec/jobRun";
import { mergedFailures } from "../core/spec/runRules";
import type { EnvVar, JobRunInputs, JobTemplate, RunSpec } from "../core/spec/types";
import { claim, ownerFrom, requireName } from "./claim";
import type { Settings } from "./clusters";
import type { HookContext } from "./contract";
import { forEachParallel } from "./parallel";
import { removeRun, runRefOf } from "./removeRun";

/** Where a run is made. */
export interface Place {
  readonly client: ClusterClient;
  readonly namespace: string;
  readonly settings: Settings;
}

/** A run that has its record; its other objects may still be missing. */
export interface Claimed {
  readonly spec: RunSpec;
  readonly record: ConfigMap;
}

/** Writes the run record, so that what is intended survives a crash. Nothing runs yet. */
export async function claimRun(place: Place, context: HookContext, inputs: JobRunInputs): Promise<Claimed> {
  const { client, namespace } = place;
  const { spec, definition } = await composeRun(place, inputs);
  const owner = ownerFrom(context);
  const revision = specHash(spec);
  const record = await claim(client, namespace, {
    object: toRecord(spec, { owner, revision, ...(definition && { definition }) }),
    owner,
    what: `job run "${spec.name}"`,
    // Inputs that changed since the crash mean another run of the same name.
    adopt: (found) => adoptSame(place, { spec, record: found }, revision),
    remove: (found) => removeRun(client, runRefOf(found), context),
  });
  return { spec, record };
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
  { spec, record }: Claimed,
  revision: string,
): Promise<ConfigMap | undefined> {
  if (record.metadata.annotations?.[annotation.revision] !== revision) return undefined;
  const found = await client.get<Secret>({ kind: "Secret", namespace, name: recordName(spec.name) });
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
      ? await liveTemplate(place, inputs, definition)
      : inputs.jobDefinition;
  const failures = mergedFailures(inputs, { definition: live, strict: place.settings.strict === true });
  if (failures.length > 0) throw new Error(failures.map(({ property, reason }) => `${property} ${reason}`).join("\n"));
  return runSpec({ ...inputs, name: requireName(inputs.name) }, live);
}

async function liveTemplate(place: Place, { job = "" }: JobRunInputs, definition: ConfigMap): Promise<JobTemplate> {
  return withSecretValues(place, job, readDefinition(definition));
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
        `Secret ${namespace}/${name} must have key ${key} for variable ${entry.name} of job "${job}": run \`pulumi up\` for the job`,
      );
    return { name: entry.name, value: Buffer.from(data, "base64").toString(), secret: true };
  };
  return { ...template, env: template.env.map(resolve) };
}

/** The record went while the objects of the run were created, and took them along. */
export class RunVanished extends Error {
  override readonly name = "RunVanished";
}

/** Creates every object of the run that is not there yet, and makes sure that the record has not gone meanwhile. */
export async function createObjects({ client, namespace, settings }: Place, { spec, record }: Claimed): Promise<void> {
  const secret = toRunSecret(spec, record);
  if (secret !== undefined) await createOnce(client, { namespace, object: secret, record });
  const workloads = toWorkloads(spec, {
    namespace,
    record,
    keepAliveImage: settings.keepAliveImage ?? DEFAULT_KEEP_ALIVE_IMAGE,
  });
  await forEachParallel(workloads, (object) => createOnce(client, { namespace, object, record }));
  const again = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: recordName(spec.name) });
  if (again?.metadata.uid !== record.metadata.uid)
    throw new RunVanished(
      `job run "${spec.name}" went while it was created: ${spec.job === undefined ? "its record" : `job "${spec.job}"`} was deleted or replaced meanwhile`,
    );
}

interface Wanted {
  readonly namespace: string;
  readonly object: KubeObject;
  readonly record: ConfigMap;
}

async function createOnce(client: ClusterClient, wanted: Wanted): Promise<void> {
  try {
    await client.create(wanted.namespace, wanted.object);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    if (await isOwn(client, wanted)) return;
    await client.create(wanted.namespace, wanted.object);
  }
}

/**
 * What makes an object this run's is the UID of the run's record: names of two runs can meet.
 * One of an earlier run of the name, which the garbage collector has not come to yet, is removed.
 */
async function isOwn(client: ClusterClient, { namespace, object, record }: Wanted): Promise<boolean> {
  const ref = refOf(namespace, object);
  const found = await client.get(ref);
  const labels = found?.metadata.labels ?? {};
  if (labels[label.runUid] === record.metadata.uid) return true;
  if (found === undefined) return false;
  if (labels[label.run] !== object.metadata.labels?.[label.run]) throw new Error(inTheWay(ref, labels[label.run]));
  await client.delete(ref, found.metadata.uid ?? "");
  return false;
}

function inTheWay({ kind, namespace, name }: ObjectRef, other: string | undefined): string {
  const owner = other === undefined ? "somebody else" : `job run "${other}"`;
  return `${kind} ${namespace}/${name} is in the way: it belongs to ${owner}; choose another name for the run`;
}
