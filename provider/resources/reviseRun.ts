import { refOf } from "../cluster/kinds";
import { stableJson } from "../core/kube/hash";
import { annotation, label } from "../core/kube/labels";
import { purposeOf } from "../core/kube/neededRights";
import type { ConfigMap, KubeObject, Secret } from "../core/kube/types";
import { refersTo, secretNameOf } from "../core/manifest/env";
import { readRecord, toRunSecret, toSpecPatch } from "../core/manifest/record";
import { isByName, shapeOf, specHash } from "../core/spec/jobRun";
import type { JobRunInputs, RunSpec } from "../core/spec/types";
import { requireRights } from "./rights";
import type { Place } from "./clusters";
import type { HookLog } from "./contract";
import { composeRun } from "./composeRun";
import type { Claimed } from "./startRun";

interface Revision {
  readonly record: ConfigMap;
  readonly inputs: JobRunInputs;
  /** The inputs have changed in a way that the run takes up. */
  readonly inPlace: boolean;
  /** Every object is there. */
  readonly started: boolean;
}

/** What the run is from now on. Its record is rewritten before any object is, so that what is intended survives a crash. */
export async function reviseRun(place: Place, revision: Revision, log: HookLog): Promise<Claimed> {
  const kept = readRecord(revision.record);
  const claimed = { ...kept, record: revision.record };
  const { inPlace, started, inputs } = revision;
  if (started && !inPlace) return claimed;
  await requireRights(place, log, purposeOf(kept.spec.mode, kept.carrier.backend));
  if (kept.carrier.backend === "job") {
    if (started) return rewrite(place, claimed, withLongerTime(kept.spec, inputs));
    // What has begun to run goes on as it was: its pods are not to differ, and what has succeeded is not to run again.
    if (kept.spec.resumed !== undefined || (await hasWorkloads(place, claimed))) return claimed;
  }
  // Who knows the job by name only does not follow it, when there is nothing new to be taken up.
  if (!inPlace && isByName(inputs) && (await hasSecrets(place, claimed))) return claimed;
  const { spec } = await composeRun(place, inputs);
  return rewrite(place, claimed, await withGeneration(place, { spec, record: revision.record, kept: kept.spec }));
}

function withLongerTime(spec: RunSpec, inputs: JobRunInputs): RunSpec {
  const { maxExecutionTime } = shapeOf(inputs).template;
  return maxExecutionTime === undefined ? spec : { ...spec, maxExecutionTime };
}

async function hasWorkloads({ client, namespace }: Place, { record }: Claimed): Promise<boolean> {
  const selector = `${label.runUid}=${record.metadata.uid ?? ""}`;
  return (await client.list({ kind: "Job", namespace, selector })).length > 0;
}

/** Whether the secret values are there that the pods refer to: else they are got anew, together with all else. */
async function hasSecrets({ client, namespace }: Place, { spec }: Claimed): Promise<boolean> {
  const name = secretNameOf(spec);
  if (!spec.env.some((entry) => refersTo(entry, name))) return true;
  return (await client.get<Secret>({ kind: "Secret", namespace, name })) !== undefined;
}

interface Composed {
  readonly spec: RunSpec;
  readonly record: ConfigMap;
  readonly kept: RunSpec;
}

/** A Secret that pods have seen is never changed, since kubelets may keep the old one: other values go into another Secret. */
async function withGeneration(
  { client, namespace }: Place,
  { spec, record, kept: { secretGeneration = 0 } }: Composed,
): Promise<RunSpec> {
  const current = secretGeneration === 0 ? spec : { ...spec, secretGeneration };
  const wanted: (KubeObject & { data: object }) | undefined = toRunSecret(current, record);
  if (wanted === undefined) return current;
  const found = await client.get<Secret>({ kind: "Secret", namespace, name: secretNameOf(current) });
  const same = found === undefined || stableJson(found.data) === stableJson(wanted.data);
  return same ? current : { ...spec, secretGeneration: secretGeneration + 1 };
}

async function rewrite({ client }: Place, claimed: Claimed, spec: RunSpec): Promise<Claimed> {
  const { record } = claimed;
  if (record.metadata.annotations?.[annotation.revision] === specHash(spec)) return { ...claimed, spec };
  const { namespace = "" } = record.metadata;
  return { ...claimed, spec, record: await client.patch(refOf(namespace, record), toSpecPatch(spec, record)) };
}
