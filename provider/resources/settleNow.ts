import type { Place } from "./clusters";
import type { HookLog } from "./contract";
import { requireRecord } from "./getJobRun";
import { observeRun } from "./observeRun";
import { runStatus } from "../core/status/runStatus";
import { settleRun } from "./settleRun";

/**
 * Scales what a daemon has finished to zero, and returns the indices; none when there is nothing to do.
 * @throws when there is no such run, or it is none that holds anything after its end.
 */
export async function settleNow(place: Place, name: string, log: Pick<HookLog, "warn">): Promise<string> {
  const { client, namespace } = place;
  const { spec, record, carrier } = await requireRecord(place, name);
  if (carrier.backend === "job")
    throw new Error(
      `job run "${name}" is carried by Jobs, which free what they held when they end: only a daemon on Deployments is settled`,
    );
  const view = await observeRun(client, { namespace, uid: record.metadata.uid ?? "", spec }, log);
  return settleRun(place, { ...view, ...runStatus(spec, view) });
}
