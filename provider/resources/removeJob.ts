import type { ClusterClient } from "../cluster/port";
import { label } from "../core/kube/labels";
import { definitionName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { isOwnedBy } from "../core/manifest/owner";
import type { HookContext } from "./contract";
import { forEachParallel } from "./parallel";
import { removeRun, runRefOf } from "./removeRun";

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
  const records = await ownRecords(client, job);
  await Promise.all(records.map((record) => removeRun(client, runRefOf(record), context)));
  await removeDefinition(client, job);
}

/** The Secret goes first: the garbage collector would take its time, and a new job of the name would meet it. */
async function removeDefinition(client: ClusterClient, { namespace, name, uid }: JobRef): Promise<void> {
  const ref = { namespace, name: definitionName(name) };
  const secret = await client.get({ kind: "Secret", ...ref });
  if (secret !== undefined && isOwnedBy(secret, { metadata: { uid } })) {
    await client.delete({ kind: "Secret", ...ref }, secret.metadata.uid ?? "");
  }
  await client.delete({ kind: "ConfigMap", ...ref }, uid);
}

/** Takes the runs off the definition first: the garbage collector would remove them with it. */
export async function removeJobOnly(client: ClusterClient, job: JobRef): Promise<void> {
  const { namespace } = job;
  await forEachParallel(await ownRecords(client, job), async ({ metadata: { name, uid } }) => {
    await client.patch({ kind: "ConfigMap", namespace, name }, { metadata: { uid, ownerReferences: null } });
  });
  await removeDefinition(client, job);
}
