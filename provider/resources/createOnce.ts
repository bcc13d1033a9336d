import { isAlreadyExists } from "../cluster/errors";
import { type ObjectRef, refOf } from "../cluster/kinds";
import type { ClusterClient } from "../cluster/port";
import { label } from "../core/kube/labels";
import type { ConfigMap, KubeObject } from "../core/kube/types";

interface Wanted {
  readonly namespace: string;
  readonly object: KubeObject;
  readonly record: ConfigMap;
}

/** Creates an object of the run, unless it is there already. What is in the way and belongs to another is an error that names it. */
export async function createOnce(client: ClusterClient, wanted: Wanted): Promise<void> {
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
