import type { Outcome } from "../cluster/awaitRun";
import { isByHand, ownerOf } from "../core/manifest/owner";
import { waitOf } from "../core/spec/jobRun";
import type { RunSpec } from "../core/spec/types";
import { withTroubles } from "../core/status/trouble";
import { isTerminal } from "../core/status/types";
import type { Place } from "./clusters";
import type { HookContext } from "./contract";
import { isAcknowledged, requireRecord } from "./getJobRun";
import { recordResult } from "./recordResult";
import { secretValues } from "./secretValues";
import { followRun } from "./waitForRun";

interface Wanted {
  readonly name: string;
  /** Without a number there is no limit. */
  readonly seconds?: number | undefined;
}

const nothingSeen = { jobs: [], deployments: [], pods: [] } as const;

/**
 * Waits for a run as `pulumi up` does where nothing is said: for the end of a task, for a daemon that runs.
 * The result of a run that was submitted by hand is recorded: no stack will do so. Otherwise nothing is written.
 * @throws when there is none of that name.
 */
export async function awaitOutcome(
  place: Place,
  { name, seconds = Infinity }: Wanted,
  context: Pick<HookContext, "log" | "signal">,
): Promise<Outcome & { readonly spec: RunSpec }> {
  const { spec, record, result } = await requireRecord(place, name);
  if (result !== undefined) {
    const outcome = result.status === "completed" ? "reached" : "failed";
    return { outcome, spec, seen: withTroubles({ ...nothingSeen, ...result }, spec) };
  }
  const outcome = await followRun(place, context, {
    ...{ spec, record },
    secrets: await secretValues(place.client, place.namespace, spec),
    started: isAcknowledged(record),
    wait: waitOf(undefined, spec),
    deadlineSeconds: seconds,
    isBehind: () => false,
    look: () => undefined,
  });
  if (isByHand(ownerOf(record)) && isTerminal(outcome.seen))
    await recordResult(
      place.client,
      { record, spec, status: outcome.seen, inputs: {}, jobs: outcome.seen.jobs },
      context.log,
    );
  return { ...outcome, spec };
}
