import type { CapturedLogs } from "../core/status/captured";
import { isTerminal, type RunStatus } from "../core/status/types";
import { followLogs, orUndefined } from "./captureLogs";
import type { Place } from "./clusters";
import type { HookContext } from "./contract";
import { logReader } from "./logReader";
import { observeRun } from "./observeRun";
import type { RunFacts } from "./runState";
import { secretValues } from "./secretValues";

interface Run extends Pick<RunFacts, "spec" | "inputs" | "record"> {
  readonly place: Pick<Place, "client" | "namespace">;
  readonly status: RunStatus;
}

/** Captures the logs of a run that has ended for good unobserved, as far as its pods are still there. That it cannot be done is told. */
export async function captureNow(
  run: Run,
  context: Pick<HookContext, "log" | "signal">,
): Promise<CapturedLogs | undefined> {
  if (run.inputs.logs?.capture !== true || !isTerminal(run.status)) return undefined;
  return orUndefined({ ...run, ...context }, capture(run, context));
}

async function capture(
  { place, spec, inputs, record, status }: Run,
  { log, signal }: Pick<HookContext, "log" | "signal">,
): Promise<CapturedLogs | undefined> {
  const { client, namespace } = place;
  const secrets = await secretValues(client, namespace, spec);
  const reader = await logReader(place, { spec, inputs, secrets });
  if (reader === undefined) return undefined;
  const view = () => observeRun(client, { namespace, uid: record.metadata.uid ?? "", spec }, log);
  return followLogs({ place, spec, record, log, signal }, reader).end({ status, view });
}
