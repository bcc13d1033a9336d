import { isConflict } from "../cluster/errors";
import { refOf } from "../cluster/kinds";
import type { ClusterClient } from "../cluster/port";
import { stableJson } from "../core/kube/hash";
import type { ConfigMap, KubeObject } from "../core/kube/types";

interface Replacement {
  readonly wanted: ConfigMap;
  /** The object as it was read: a newer version of it is not overwritten. */
  readonly found: KubeObject;
}

/**
 * Replaces a ConfigMap or Secret if nobody has changed it since it was read.
 * A request that was repeated after a broken connection meets what it has done itself: that is no conflict.
 * @throws when somebody else changed it, naming who.
 */
export async function replaceUnchanged(
  client: ClusterClient,
  namespace: string,
  { wanted, found }: Replacement,
): Promise<ConfigMap> {
  const { uid = "", resourceVersion = "" } = found.metadata;
  try {
    return await client.replace(namespace, {
      ...wanted,
      metadata: { ...wanted.metadata, uid, resourceVersion },
    });
  } catch (error) {
    if (!isConflict(error)) throw error;
    const live = await client.get<ConfigMap>(refOf(namespace, wanted));
    if (live !== undefined && live.metadata.uid === uid && says(live, wanted)) return live;
    throw new Error(
      `${wanted.kind} ${namespace}/${wanted.metadata.name} was ${changedBy(live)} at the same time: run \`pulumi up\` again`,
      { cause: error },
    );
  }
}

/** Whether the object holds all that is wanted; others may have added labels and annotations. */
function says(live: ConfigMap, wanted: ConfigMap): boolean {
  const own = ({ metadata, data }: ConfigMap): unknown => [
    withKeysOf(metadata.labels, wanted.metadata.labels),
    withKeysOf(metadata.annotations, wanted.metadata.annotations),
    metadata.ownerReferences ?? [],
    data,
  ];
  return stableJson(own(live)) === stableJson(own(wanted));
}

type TextMap = Readonly<Record<string, string>>;

function withKeysOf(map: TextMap = {}, wanted: TextMap = {}): TextMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => key in wanted));
}

/** The API server keeps who wrote last; what it does not know, it calls nothing. */
function changedBy(live: KubeObject | undefined): string {
  if (live === undefined) return "removed by somebody else";
  const [last] = (live.metadata.managedFields ?? []).toSorted((a, b) => (b.time ?? "").localeCompare(a.time ?? ""));
  if (last?.manager === undefined) return "changed by somebody else";
  return `changed by somebody else, who goes by the name "${last.manager}"${last.time === undefined ? "" : `, at ${last.time}`},`;
}
