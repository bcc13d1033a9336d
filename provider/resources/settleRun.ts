import { eachIndex, indexSetOf, printIndexSet, readIndexSet } from "../core/kube/indexSet";
import { toSettlePatch } from "../core/manifest/repair";
import type { RunView } from "../core/status/runStatus";
import type { RunStatus } from "../core/status/types";
import { forEachParallel } from "./parallel";
import type { Place } from "./clusters";

/**
 * Scales the indices of a daemon that have ended with exit code 0 to zero: they hold their resources otherwise, and a lost pod would
 * run again. Returns the indices that were still to be scaled.
 */
export async function settleRun(
  { client, namespace }: Place,
  { deployments, statusDetails }: RunView & RunStatus,
): Promise<string> {
  const ended = new Set(eachIndex(readIndexSet(statusDetails.succeededIndices)));
  const due = deployments.filter(({ index, replicas }) => index !== undefined && replicas > 0 && ended.has(index));
  const patch = toSettlePatch(new Date().toISOString());
  await forEachParallel(due, async ({ name, uid }) => {
    await client.patch({ kind: "Deployment", namespace, name }, { ...patch, metadata: { ...patch.metadata, uid } });
  });
  return printIndexSet(indexSetOf(due.flatMap(({ index }) => index ?? [])));
}
