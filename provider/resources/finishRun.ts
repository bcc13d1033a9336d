import { messageOf } from "../cluster/errors";
import { readRecord } from "../core/manifest/record";
import { waitOf } from "../core/spec/jobRun";
import type { JobRunInputs } from "../core/spec/types";
import { outcomeMessage } from "../core/status/failure";
import { runStatus } from "../core/status/runStatus";
import { withTroubles } from "../core/status/trouble";
import { isTerminal } from "../core/status/types";
import { captureNow } from "./captureNow";
import { acknowledge } from "./claim";
import { type Created, InitFailure } from "./contract";
import { ensureObjects, RunVanished } from "./ensureObjects";
import { recordResult } from "./recordResult";
import { tellWarnings } from "./reporter";
import { type RunFacts, runState } from "./runState";
import { settleRun } from "./settleRun";
import { type Ending, waitForRun, type Work } from "./waitForRun";

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
  const ended = (await recordedEnd(work)) ?? (await startAndWait(work, progress));
  const { outcome, tails, capturedLogs } = ended;
  const reached = outcome.outcome === "reached";
  // What was deleted is for the next `up` to bring back.
  const started = outcome.why === undefined;
  progress.facts = { ...facts, started, status: outcome.seen, reached, capturedLogs };
  tellWarnings(context.log, outcome.seen, facts.spec);
  if (isTerminal(outcome.seen))
    await recordResult(place.client, { ...progress.facts, jobs: outcome.seen.jobs }, context.log);
  if (!reached)
    throw new Error(outcomeMessage({ ...outcome, tails }, { spec: facts.spec, namespace: place.namespace }));
}

/** A run whose result is kept has ended for good, whatever became of its objects. */
async function recordedEnd({ place, facts, context }: Work): Promise<Ending | undefined> {
  const { record, spec, inputs, reached, capturedLogs } = facts;
  const { result } = readRecord(record);
  if (result === undefined) return undefined;
  const enough = reached || result.status === "completed" || waitOf(inputs.wait, spec).until === "nothing";
  const seen = withTroubles({ ...nothingSeen, ...result }, spec);
  return {
    outcome: { outcome: enough ? "reached" : "failed", seen },
    tails: [],
    capturedLogs: capturedLogs ?? (await captureNow({ place, ...facts, status: seen }, context)),
  };
}

async function startAndWait(work: Work, progress: Progress): Promise<Ending> {
  const { place, facts, context } = work;
  const lags = !facts.started || facts.carrier.backend === "deployment";
  const revisions = lags ? await ensureObjects(place, facts, context) : new Map<string, string>();
  progress.facts = { ...progress.facts, started: true };
  const ending = await waitForRun(work, revisions);
  if (facts.inputs.settle === true) await settleRun(place, ending.outcome.seen);
  return ending;
}
