import { refOf } from "../cluster/kinds";
import { readRecord, toResumedPatch } from "../core/manifest/record";
import { attemptOf, nextAttempt } from "../core/spec/attempt";
import type { ConfigMap } from "../core/kube/types";
import type { JobView } from "../core/status/types";
import type { Place } from "./clusters";
import type { HookContext } from "./contract";
import { followingJobs } from "./observeRun";
import { requireRights } from "./rights";
import type { Claimed } from "./startRun";
import type { StoredRun } from "./storedRun";

/**
 * Begins a further attempt of a task that failed: only what has not succeeded runs again. The record says so first;
 * when it is ahead of what the engine knows, an interrupted operation has begun the attempt already.
 */
export async function resumeRun(
  { place, context }: { place: Place; context: HookContext },
  claimed: Claimed,
  stored: StoredRun,
): Promise<Claimed> {
  const { record, spec } = claimed;
  if (attemptOf(spec) > stored.attempt) return claimed;
  await requireRights(place, context.log, "task");
  await waitUntilOver(place, claimed, context);
  const resumed = nextAttempt(spec, readRecord(record).result?.statusDetails ?? stored.statusDetails);
  const patched = await place.client.patch<ConfigMap>(refOf(place.namespace, record), toResumedPatch(resumed, record));
  return { ...claimed, record: patched, spec: { ...spec, resumed } };
}

/** A verdict comes before the last pod has ended: the same index must not run twice at a time. */
async function waitUntilOver(
  { client, namespace }: Place,
  { record, spec }: Claimed,
  context: HookContext,
): Promise<void> {
  const { signal, log } = context;
  const feed = client.follow(namespace, record.metadata.uid ?? "", followingJobs(log));
  try {
    await feed.ready(signal);
    const isRunning = ({ runAttempt, over, gone }: JobView): boolean =>
      runAttempt === attemptOf(spec) && !over && gone !== true;
    // An aborted feed shows nothing, which does not mean that nothing runs.
    while (signal.aborted || feed.view().jobs.some(isRunning)) {
      if (signal.aborted) throw new Error("the operation was interrupted");
      log.status("waits until the last pods of the failed attempt have ended");
      await feed.changed(signal);
    }
  } finally {
    feed.close();
  }
}
