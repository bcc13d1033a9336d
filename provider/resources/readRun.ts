import type { Carrier } from "../core/backend/carrier";
import type { RunDrift } from "../core/diff/runDrift";
import type { ConfigMap } from "../core/kube/types";
import { secretOutputsOf } from "../core/manifest/logs";
import { readRecord } from "../core/manifest/record";
import { countWorkloads } from "../core/manifest/workloads";
import { attemptOf } from "../core/spec/attempt";
import { waitOf } from "../core/spec/jobRun";
import type { JobRunInputs, RunSpec } from "../core/spec/types";
import { lostStatus } from "../core/status/lost";
import { runStatus, type RunView } from "../core/status/runStatus";
import { isTerminal, type RunPhase, type RunStatus } from "../core/status/types";
import { judge } from "../core/status/waiting";
import { captureNow } from "./captureNow";
import type { HookContext, HookLog, State } from "./contract";
import { type Around, findDrift } from "./findDrift";
import { observeObjects } from "./observeRun";
import type { RecordReader } from "./recordReader";
import { recordResult } from "./recordResult";
import { tellWarnings } from "./reporter";
import { type RunFacts, runState } from "./runState";
import { storedRun } from "./storedRun";

/** Where a run is, and how records are read there. */
interface Reading extends Around {
  readonly findRecord: RecordReader;
}

/** The state of a run with what the cluster says now; undefined when the record of a run that had not ended has gone. */
export async function readRun(
  around: Reading,
  state: State<JobRunInputs>,
  context: Pick<HookContext, "log" | "signal">,
): Promise<State<JobRunInputs> | undefined> {
  const { client } = around;
  const { log } = context;
  const found = await readLive(around, state, log);
  if (found === undefined) return isFinished(state) ? state : undefined;
  const seen = factsOf(state, found, client.server);
  const place = { client, namespace: state.hidden.namespace };
  const facts = { ...seen, capturedLogs: seen.capturedLogs ?? (await captureNow({ place, ...seen }, context)) };
  if (!found.recorded && isTerminal(found.status)) await recordResult(client, facts, log);
  return runState(facts);
}

function factsOf(state: State<JobRunInputs>, live: Live, server: string): RunFacts {
  const { recorded: _recorded, complete, drift, ...found } = live;
  const { inputs, started = false, reached = false, autonamed = false } = state.hidden;
  const { secretOutputs = secretOutputsOf(found.spec, []) } = state.hidden;
  const { attempt, capturedLogs } = storedRun(state);
  return {
    ...found,
    ...{ inputs, server, autonamed, secretOutputs },
    // A daemon goes on printing: only an `up` that waits for it captures that.
    capturedLogs: attempt === attemptOf(found.spec) ? capturedLogs : undefined,
    // What is not there as it should be is for the next `up` to bring back.
    started: started && complete,
    reached: (reached && complete) || isReached(found.status, found.spec, inputs),
    ...(drift && { live: drift.live }),
  };
}

interface Live {
  readonly record: ConfigMap;
  readonly spec: RunSpec;
  readonly carrier: Carrier;
  readonly status: RunStatus;
  /** The record holds the result already. */
  readonly recorded: boolean;
  /** Every object that the run needs is there. */
  readonly complete: boolean;
  /** What somebody has changed in the cluster. */
  readonly drift?: RunDrift;
}

async function readLive(around: Reading, state: State<JobRunInputs>, log: HookLog): Promise<Live | undefined> {
  const { client, findRecord } = around;
  const { namespace, uid, inputs } = state.hidden;
  const record = await findRecord(client, { namespace, name: storedRun(state).name });
  if (record?.metadata.uid !== uid) return undefined;
  const { result, ...kept } = readRecord(record);
  if (result !== undefined) return { ...kept, record, status: result, recorded: true, complete: true };
  const { view, workloads } = await observeObjects(client, { namespace, uid, spec: kept.spec }, log);
  const count = countCarriers(view, kept);
  const begun = isBegun(state, kept.spec);
  const isLost = begun && count === 0;
  if (isLost && isFinished(state)) return undefined;
  const status = statusOf(kept.spec, view, isLost);
  tellWarnings(log, { ...view, ...status }, kept.spec);
  const looked = { ...kept, record, status, recorded: false };
  if (status.status === "completed") return { ...looked, complete: true };
  if (!begun) return { ...looked, complete: false };
  const drift = await findDrift(around, { ...kept, record, namespace, inputs, workloads });
  tellDrift(log, drift);
  return { ...looked, complete: isComplete(count, kept), ...(drift && { drift }) };
}

function tellDrift(log: HookLog, drift: RunDrift | undefined): void {
  if (drift !== undefined)
    log.warn(`somebody has changed in the cluster, and \`pulumi up\` will put back: ${drift.told}`);
}

/** A run without its objects has not gone: its record would be left behind. The next `up` makes them anew. */
function statusOf(spec: RunSpec, view: RunView, isLost: boolean): RunStatus {
  const status = runStatus(spec, view);
  return isLost ? lostStatus(status) : status;
}

/** How many Jobs or Deployments of the present attempt are there. */
function countCarriers({ jobs, deployments }: RunView, { spec, carrier }: Pick<Live, "spec" | "carrier">): number {
  if (carrier.backend === "deployment") return deployments.length;
  return jobs.filter(({ runAttempt }) => runAttempt === attemptOf(spec)).length;
}

/** An attempt that the engine does not know of was begun by an operation that was interrupted: its objects may be missing. */
function isBegun(state: State<JobRunInputs>, spec: RunSpec): boolean {
  return state.hidden.started === true && attemptOf(spec) === storedRun(state).attempt;
}

/** Deployments that are missing are told one by one, as what somebody has changed. */
function isComplete(count: number, { spec, carrier }: Pick<Live, "spec" | "carrier">): boolean {
  return carrier.backend === "deployment" || count >= countWorkloads(spec, carrier);
}

const isFinished = ({ outputs }: State<JobRunInputs>): boolean =>
  ["completed", "failed"].includes(outputs["status"] as RunPhase);

/** A look at one moment cannot tell whether a daemon runs stable: only an `up` that watches it can. */
function isReached(status: RunStatus, spec: RunSpec, { wait }: JobRunInputs): boolean {
  if (spec.mode === "daemon" && status.status !== "completed") return false;
  const observer = { steadySeconds: () => Infinity, newRestarts: () => 0, limit: () => undefined };
  const seen = { jobs: [], deployments: [], pods: [], troubles: [], ...status };
  return judge(seen, { spec, ...waitOf(wait, spec), observer, complete: false }).outcome === "reached";
}
