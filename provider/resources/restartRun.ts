import { eachIndex, indexSetOf, printIndexSet, readIndexSet } from "../core/kube/indexSet";
import { toRestartPatch } from "../core/manifest/repair";
import type { RunSpec } from "../core/spec/types";
import { hasIndex } from "../core/status/logs";
import { currentPods, runStatus, type RunView } from "../core/status/runStatus";
import type { Place } from "./clusters";
import type { HookLog } from "./contract";
import { requireRecord } from "./getJobRun";
import { observeRun } from "./observeRun";
import { forEachParallel } from "./parallel";

interface Wanted {
  readonly name: string;
  /** Without one, all that have not ended on purpose. */
  readonly index?: number | undefined;
}

/**
 * Restarts instances of a daemon, and returns the indices; it does not wait for the new ones. What has ended with exit code 0 stays so.
 * @throws when the run is a task, or there is nothing to restart.
 */
export async function restartRun(place: Place, { name, index }: Wanted, log: Pick<HookLog, "warn">): Promise<string> {
  const { client, namespace } = place;
  const { spec, record, carrier } = await requireRecord(place, name);
  if (spec.mode === "task")
    throw new Error(
      `job run "${name}" is a task, which runs to its end and is not restarted; \`jobrun resubmit ${name}\` makes a new run of it`,
    );
  const view = await observeRun(client, { namespace, uid: record.metadata.uid ?? "", spec }, log);
  const indices = new Set(restartable(spec, view, index));
  if (carrier.backend === "job")
    log.warn(`${carrier.fidelityReason}; an instance that does so when it is stopped now is not started again`);
  await (carrier.backend === "job" ? deletePods(place, view, indices) : rollOut(place, view, indices));
  return printIndexSet(indexSetOf(indices));
}

function restartable(spec: RunSpec, view: RunView, index: number | undefined): number[] {
  const { name, arrayIndices } = spec;
  if (index !== undefined && !hasIndex(arrayIndices, index))
    throw new Error(`index must be one of the run's, which are ${arrayIndices}, got ${index}`);
  const { succeededIndices } = runStatus(spec, view).statusDetails;
  const wanted = index === undefined ? [...eachIndex(readIndexSet(arrayIndices))] : [index];
  const going = wanted.filter((one) => !hasIndex(succeededIndices, one));
  if (going.length > 0) return going;
  const which = index === undefined ? "all its indices have" : `index ${index} has`;
  throw new Error(
    `job run "${name}" is not restarted: ${which} ended with exit code 0, which is to stop on purpose; \`jobrun resubmit ${name}\` makes a new run`,
  );
}

/** As `kubectl rollout restart` does. */
async function rollOut(
  { client, namespace }: Place,
  { deployments }: RunView,
  indices: ReadonlySet<number>,
): Promise<void> {
  const due = deployments.filter(({ index }) => index !== undefined && indices.has(index));
  const patch = toRestartPatch(new Date().toISOString());
  await forEachParallel(due, async ({ name, uid }) => {
    await client.patch({ kind: "Deployment", namespace, name }, { ...patch, metadata: { uid } });
  });
}

/** The Job makes another pod in the place of each. */
async function deletePods({ client, namespace }: Place, view: RunView, indices: ReadonlySet<number>): Promise<void> {
  const due = currentPods(view.pods, view.deployments).filter(({ index, deleting }) => indices.has(index) && !deleting);
  await forEachParallel(due, ({ name, uid }) => client.delete({ kind: "Pod", namespace, name }, uid));
}
