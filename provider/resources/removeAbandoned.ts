import type { ClusterClient } from "../cluster/port";
import { label } from "../core/kube/labels";
import type { ConfigMap } from "../core/kube/types";
import { ownerHash, ownerOf, sameOwner } from "../core/manifest/owner";
import { isUnfinished, ownerFrom } from "./claim";
import type { HookContext } from "./contract";
import { removeRun, runRefOf } from "./removeRun";
import { visibleKinds } from "./rights";

interface Where {
  readonly client: ClusterClient;
  readonly namespace: string;
  /** The name under which the resource goes on with what it finds. */
  readonly name?: string | undefined;
}

/**
 * Removes what a `create` of this resource that did not end has begun under other names: an automatic name changes with the inputs,
 * and nobody else would ever stop what runs there. Without the right to list records it stays.
 */
export async function removeAbandoned({ client, namespace, name }: Where, context: HookContext): Promise<void> {
  if ((await visibleKinds({ client, namespace }, ["ConfigMap"])).length === 0) return;
  const owner = ownerFrom(context);
  const selector = `${label.kind}=run,${label.owner}=${ownerHash(owner)}`;
  const records = await client.list<ConfigMap>({ kind: "ConfigMap", namespace, selector });
  const abandoned = records.filter((record) => isUnfinished(record) && sameOwner(ownerOf(record), owner));
  for (const run of abandoned.map(runRefOf)) if (run.name !== name) await removeRun(client, run, context);
}
