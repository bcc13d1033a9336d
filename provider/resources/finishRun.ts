import { awaitRun, type Outcome } from "../cluster/awaitRun";
import { ClusterError, messageOf } from "../cluster/errors";
import { readRecord } from "../core/manifest/record";
import { waitOf } from "../core/spec/jobRun";
import type { JobRunInputs, RunSpec } from "../core/spec/types";
import { outcomeMessage } from "../core/status/failure";
import { maskView } from "../core/status/mask";
import { runStatus, type RunView } from "../core/status/runStatus";
import { withTroubles } from "../core/status/trouble";
import { isTerminal } from "../core/status/types";
import { acknowledge } from "./claim";
import { type Created, type HookContext, InitFailure } from "./contract";
import { followingOf, observeRun } from "./observeRun";
import { recordResult } from "./recordResult";
import { reporter, tellWarnings } from "./reporter";
import { visibleKinds } from "./rights";
import { type RunFacts, runState } from "./runState";
import { ensureObjects, type Revisions, RunVanished } from "./ensureObjects";
import { secretValues } from "./secretValues";
import { settleRun } from "./settleRun";
import type { Place } from "./clusters";
import { fetchTails } from "./tails";

interface Work {
  readonly place: Place;
  readonly context: HookContext;
  readonly facts: Omit<RunFacts, "status">;
  /** From `customTimeouts`; without one the mode decides. */
  readonly waitSeconds: number | undefined;
}

const nothingSeen = { jobs: [], deployments: [], pods: [] } as const;

/** Brings a run that has its record to what is waited for. Every way out that is not success keeps it in state. */
export async function finishRun(work: Work): Promise<Created<JobRunInputs>> {
  const { place, facts } = work;
  const progress: Progress = { facts: { ...facts, status: runStatus(facts.spec, nothingSeen) } };
  const failure = await failureOf(advance(work, progress));
  await acknowledgeOrFail(work, failure);
  const created = { id: `${place.namespace}/${facts.spec.name}`, state: runState(progress.facts) };
  if (failure !== undefined) throw new InitFailure(failure, created);
  return created;
}

/** A run without the mark must not come into the engine's state: the mark tells it from one that a crash left behind. */
async function acknowledgeOrFail({ place, facts, context }: Work, failure: string | undefined): Promise<void> {
  try {
    await acknowledge(place.client, facts.record, context);
  } catch (error) {
    throw failure === undefined ? error : new Error(`${failure}\n${messageOf(error)}`, { cause: error });
  }
}

/** What is known so far; it must survive an error at any step. */
interface Progress {
  facts: RunFacts;
}

async function failureOf(step: Promise<void>): Promise<string | undefined> {
  try {
    await step;
    return undefined;
  } catch (error) {
    // Nothing is left that the engine could keep.
    if (error instanceof RunVanished) throw error;
    return messageOf(error);
  }
}

async function advance(work: Work, progress: Progress): Promise<void> {
  const { place, facts, context } = work;
  const outcome = recordedOutcome(facts) ?? (await startAndWait(work, progress));
  const tails = outcome.outcome === "failed" ? await fetchTails(place, { ...facts, seen: outcome.seen }) : [];
  // What was deleted is for the next `up` to bring back.
  const started = outcome.why === undefined;
  progress.facts = { ...facts, started, status: outcome.seen, reached: outcome.outcome === "reached" };
  tellWarnings(context.log, outcome.seen, facts.spec);
  if (isTerminal(outcome.seen)) await recordResult(place.client, progress.facts, context.log);
  if (outcome.outcome !== "reached")
    throw new Error(outcomeMessage({ ...outcome, tails }, { spec: facts.spec, namespace: place.namespace }));
}

/** A run whose result is kept has ended for good, whatever became of its objects. */
function recordedOutcome({ record, spec, inputs, reached }: Work["facts"]): Outcome | undefined {
  const { result } = readRecord(record);
  if (result === undefined) return undefined;
  const enough = reached || result.status === "completed" || waitOf(inputs.wait, spec).until === "nothing";
  return { outcome: enough ? "reached" : "failed", seen: withTroubles({ ...nothingSeen, ...result }, spec) };
}

async function startAndWait(work: Work, progress: Progress): Promise<Outcome> {
  const { place, facts, context } = work;
  const lags = !facts.started || facts.carrier.backend === "deployment";
  const revisions = lags ? await ensureObjects(place, facts, context) : new Map<string, string>();
  progress.facts = { ...progress.facts, started: true };
  const outcome = await waitFor(work, revisions);
  if (facts.inputs.settle === true) await settleRun(place, outcome.seen);
  return outcome.outcome === "failed" ? { ...outcome, seen: await lookAgain(work, outcome) } : outcome;
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

async function waitFor({ place, context, facts, waitSeconds }: Work, revisions: Revisions): Promise<Outcome> {
  const { spec, record, inputs } = facts;
  const { client, namespace } = place;
  const { log, signal } = context;
  const secrets = await secretValues(client, namespace, spec);
  const following = followingOf(spec.mode, log);
  // What may not be listed has been told before, and would be waited for in vain.
  const helpful = await visibleKinds(place, following.helpful);
  const feed = client.follow(namespace, record.metadata.uid ?? "", { ...following, helpful });
  try {
    const masked = { ...feed, view: () => maskView(feed.view(), secrets) };
    return await awaitRun(masked, {
      spec,
      ...waitOf(inputs.wait, spec),
      startedBefore: facts.started,
      deadlineSeconds: waitSeconds ?? defaultWaitSeconds(spec),
      signal,
      isBehind: ({ deployments }) =>
        deployments.some(({ name, revision }) => (revisions.get(name) ?? revision) !== revision),
      listEvents: (kind) => client.events(namespace, kind),
      report: reporter(log, spec),
      warn: (message) => log.warn(message),
    });
  } finally {
    feed.close();
  }
}

const defaultWaitSeconds = ({ maxExecutionTime }: RunSpec): number =>
  maxExecutionTime === undefined ? DAEMON_SECONDS : maxExecutionTime + MARGIN_SECONDS;
