import { isConflict, isNotFound, messageOf } from "../cluster/errors";
import type { ClusterClient } from "../cluster/port";
import { label } from "../core/kube/labels";
import { definitionName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { isOwnedBy } from "../core/manifest/owner";
import type { HookContext } from "./contract";
import { forEachParallel } from "./parallel";
import { removeRun, type RunRef, runRefOf } from "./removeRun";
import { beginRemoval, lookFor, untilGone } from "./untilGone";

/** A job in the cluster, by name and by the UID of its definition. */
export interface JobRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** The records of all runs of the job, also of those that no stack knows of. */
export async function ownRecords(client: ClusterClient, { namespace, name, uid }: JobRef): Promise<ConfigMap[]> {
  const selector = `${label.kind}=run,${label.job}=${name}`;
  const records = await client.list<ConfigMap>({ kind: "ConfigMap", namespace, selector });
  return records.filter((record) => isOwnedBy(record, { metadata: { uid } }));
}

/** Deleting a job deletes its runs (Code Engine). */
export async function removeJob(client: ClusterClient, job: JobRef, context: HookContext): Promise<void> {
  const runs = (await ownRecords(client, job)).map(runRefOf);
  const ended = await Promise.allSettled(runs.map((run) => removeRun(client, run, naming(run, context))));
  const failures = ended.flatMap((end) => (end.status === "rejected" ? [messageOf(end.reason)] : []));
  if (failures.length > 0) throw new Error(failures.join("\n"));
  await removeDefinition(client, job, context);
}

/** The runs share the row of their job: each says which it is. */
function naming({ name }: RunRef, context: HookContext): HookContext {
  const status = (message: string): void => {
    context.log.status(`job run "${name}": ${message}`);
  };
  return { ...context, log: { ...context.log, status } };
}

/** The Secret goes first: the garbage collector would take its time, and a new job of the name would meet it. */
async function removeDefinition(client: ClusterClient, job: JobRef, context: HookContext): Promise<void> {
  const place = { namespace: job.namespace, name: definitionName(job.name) };
  const removal = beginRemoval(`job "${job.name}"`, context);
  const secret = await client.get({ kind: "Secret", ...place });
  if (secret !== undefined && isOwnedBy(secret, { metadata: { uid: job.uid } })) {
    const { uid = "" } = secret.metadata;
    await client.delete({ kind: "Secret", ...place }, uid);
    await untilGone(removal, () => lookFor(client, { kind: "Secret", ...place }, uid));
  }
  await client.delete({ kind: "ConfigMap", ...place }, job.uid);
  await untilGone(removal, () => lookFor(client, { kind: "ConfigMap", ...place }, job.uid));
}

/** Takes the runs off the definition first: the garbage collector would remove them with it. */
export async function removeJobOnly(client: ClusterClient, job: JobRef, context: HookContext): Promise<void> {
  await forEachParallel(await ownRecords(client, job), (record) => release(client, job, record));
  await removeDefinition(client, job, context);
}

async function release(client: ClusterClient, job: JobRef, { metadata }: ConfigMap): Promise<void> {
  const { name, uid, ownerReferences = [] } = metadata;
  const others = ownerReferences.filter((owner) => owner.uid !== job.uid);
  const patch = { metadata: { uid, ownerReferences: others } };
  try {
    await client.patch({ kind: "ConfigMap", namespace: job.namespace, name }, patch);
  } catch (error) {
    // Somebody has removed the run meanwhile: there is nothing to keep.
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
