import { label } from "../core/kube/labels";
import type { ConfigMap, KubeObject, Pod } from "../core/kube/types";
import { isAcknowledged } from "./claim";
import type { Place } from "./clusters";
import type { HookContext } from "./contract";
import { visibleKinds } from "./rights";
import { beginRemoval, untilGone } from "./untilGone";

interface Workloads {
  readonly record: ConfigMap;
  readonly wanted: Iterable<KubeObject>;
  /** Those that are there, by name. */
  readonly present: ReadonlyMap<string, unknown>;
}

/**
 * Waits until the last pods have ended of what somebody deleted and is to be made again: an index must not run twice at a time.
 * @throws when that takes too long, with what is left and why.
 */
export async function untilVacant(place: Place, workloads: Workloads, context: HookContext): Promise<void> {
  const { record } = workloads;
  // A run that the engine has not heard of yet is new.
  if (!isAcknowledged(record)) return;
  const indices = missingIndices(workloads);
  if (indices.size === 0 || (await visibleKinds(place, ["Pod"])).length === 0) return;
  const { client, namespace } = place;
  const selector = `${label.runUid}=${record.metadata.uid ?? ""}`;
  const isInTheWay = ({ metadata, status }: Pod): boolean =>
    metadata.deletionTimestamp !== undefined &&
    !["Succeeded", "Failed"].includes(status?.phase ?? "") &&
    (indices.has(undefined) || indices.has(metadata.labels?.[label.index]));
  await untilGone(beginRemoval("what was deleted of the run", context), async () => {
    const pods = await client.list<Pod>({ kind: "Pod", namespace, selector });
    return pods.filter(isInTheWay).map((object) => ({ kind: "Pod", object }));
  });
}

/** A workload that names no index carries all of them. */
function missingIndices({ wanted, present }: Workloads): Set<string | undefined> {
  const indices = new Set<string | undefined>();
  for (const { metadata } of wanted) if (!present.has(metadata.name)) indices.add(metadata.labels?.[label.index]);
  return indices;
}
