import { awaitRun, type AwaitOptions, type Outcome } from "../cluster/awaitRun";
import { ClusterError } from "../cluster/errors";
import type { ConfigMap } from "../core/kube/types";
import { type CompleteWait, waitOf } from "../core/spec/jobRun";
import type { RunSpec } from "../core/spec/types";
import type { CapturedLogs } from "../core/status/captured";
import { maskView } from "../core/status/mask";
import type { Waited } from "../core/status/progress";
import { runStatus, type RunView } from "../core/status/runStatus";
import { type Capture, followLogs } from "./captureLogs";
import type { Place } from "./clusters";
import type { HookContext } from "./contract";
import type { Revisions } from "./ensureObjects";
import { logReader } from "./logReader";
import { followingOf, observeRun } from "./observeRun";
import { reporter } from "./reporter";
import { visibleKinds } from "./rights";
import type { RunFacts } from "./runState";
import { secretValues } from "./secretValues";
import { followTails, type Tails } from "./tails";

/** A run that is brought to what is waited for. */
export interface Work {
  readonly place: Place;
  readonly context: HookContext;
  readonly facts: Omit<RunFacts, "status">;
  /** From `customTimeouts`; without one the mode decides. */
  readonly waitSeconds: number | undefined;
}

/** How a run's wait ended, and what its programs printed. */
export interface Ending {
  readonly outcome: Outcome;
  /** What a failure message shows of them. */
  readonly tails: readonly string[];
  readonly capturedLogs: CapturedLogs | undefined;
}

/** Waits for a run whose objects are there. What its pods print is read in time: they may go before the run has ended. */
export async function waitForRun(work: Work, revisions: Revisions): Promise<Ending> {
  const { place, facts, context } = work;
  const { spec, inputs, record } = facts;
  const secrets = await secretValues(place.client, place.namespace, spec);
  const reader = await logReader(place, { spec, inputs, secrets });
  const tails = followTails(spec, reader);
  const capture =
    reader && inputs.logs?.capture === true ? followLogs({ place, spec, record, ...context }, reader) : undefined;
  const outcome = await waitFor(work, { revisions, secrets, tails, capture });
  // At a deadline the pods are about to go: their logs come first.
  if (outcome.outcome === "failed") tails.look(outcome.seen);
  if (outcome.outcome === "failed") capture?.look(outcome.seen);
  return toEnding(work, outcome, { tails, capture });
}

interface Followers {
  readonly tails: Tails;
  readonly capture: Capture | undefined;
}

async function toEnding(work: Work, outcome: Outcome, { tails, capture }: Followers): Promise<Ending> {
  const failed = outcome.outcome === "failed";
  const hasEnded = failed || outcome.outcome === "reached";
  if (!failed && (capture === undefined || !hasEnded)) return { outcome, tails: [], capturedLogs: undefined };
  const again = await lookAgain(work, outcome);
  const seen = failed ? again : outcome.seen;
  return {
    outcome: { ...outcome, seen },
    tails: failed ? await tails.lines(seen, work.context.signal) : [],
    capturedLogs: await capture?.end({ status: seen, view: () => Promise.resolve(again), failed }),
  };
}

/** At the verdict the pods' own watch may lag behind. Objects that have gone meanwhile are kept as they were last seen. */
async function lookAgain(work: Work, { seen }: Outcome): Promise<Outcome["seen"]> {
  const { spec } = work.facts;
  const now = await lookOrElse(work, seen);
  const view = {
    jobs: merged(seen.jobs, now.jobs),
    deployments: merged(seen.deployments, now.deployments),
    pods: merged(seen.pods, now.pods),
  };
  return { ...seen, ...view, ...runStatus(spec, view) };
}

function merged<V extends { readonly uid: string }>(before: readonly V[], now: readonly V[]): V[] {
  const listed = new Set(now.map(({ uid }) => uid));
  return [...before.filter(({ uid }) => !listed.has(uid)), ...now];
}

/** What was seen is enough for the verdict: an error here must not hide it. */
async function lookOrElse({ place, facts: { spec, record } }: Work, seen: RunView): Promise<RunView> {
  const { client, namespace } = place;
  try {
    // What may not be read has been told while the run was waited for.
    return await observeRun(client, { namespace, uid: record.metadata.uid ?? "", spec }, { warn: () => undefined });
  } catch (error) {
    if (error instanceof ClusterError) return seen;
    throw error;
  }
}

/** Beyond the run's own limit: the Job controller and the grace period of the last pods. */
const MARGIN_SECONDS = 120;
/** A daemon that is well runs stable long before. */
const DAEMON_SECONDS = 600;

interface Waiting extends Followers {
  readonly revisions: Revisions;
  readonly secrets: readonly string[] | undefined;
}

function waitFor(
  { place, context, facts, waitSeconds }: Work,
  { revisions, secrets, tails, capture }: Waiting,
): Promise<Outcome> {
  const { spec, record, inputs, started } = facts;
  return followRun(place, context, {
    ...{ spec, record, secrets, started },
    wait: waitOf(inputs.wait, spec),
    deadlineSeconds: waitSeconds ?? defaultWaitSeconds(spec),
    isBehind: ({ deployments }) =>
      deployments.some(({ name, revision }) => (revisions.get(name) ?? revision) !== revision),
    look: (seen) => {
      tails.look(seen);
      capture?.look(seen);
    },
  });
}

/** A run that is followed. */
interface Followed extends Pick<AwaitOptions, "spec" | "deadlineSeconds" | "isBehind"> {
  readonly record: ConfigMap;
  readonly secrets: readonly string[] | undefined;
  /** Every object of the run has been made. */
  readonly started: boolean;
  readonly wait: CompleteWait;
  /** Called at every look that does not end the wait. */
  readonly look: (seen: Waited) => void;
}

/** Follows a run until what is waited for has been seen, or cannot be any more, and tells its progress. */
export async function followRun(
  place: Place,
  { log, signal }: Pick<HookContext, "log" | "signal">,
  { record, secrets, started, wait, look, ...options }: Followed,
): Promise<Outcome> {
  const { client, namespace } = place;
  const { spec } = options;
  const following = followingOf(spec.mode, log);
  // What may not be listed has been told before, and would be waited for in vain.
  const helpful = await visibleKinds(place, following.helpful);
  const feed = client.follow(namespace, record.metadata.uid ?? "", { ...following, helpful });
  const report = reporter(log, spec);
  try {
    const masked = { ...feed, view: () => maskView(feed.view(), secrets) };
    return await awaitRun(masked, {
      ...options,
      ...wait,
      startedBefore: started,
      signal,
      listEvents: (kind) => client.events(namespace, kind),
      report: (seen) => {
        look(seen);
        return report(seen);
      },
      warn: (message) => log.warn(message),
    });
  } finally {
    feed.close();
  }
}

const defaultWaitSeconds = ({ maxExecutionTime }: RunSpec): number =>
  maxExecutionTime === undefined ? DAEMON_SECONDS : maxExecutionTime + MARGIN_SECONDS;
