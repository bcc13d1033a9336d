import type { ClusterClient } from "../cluster/port";
import { recordName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { readRecord } from "../core/manifest/record";
import { waitOf } from "../core/spec/jobRun";
import type { JobRunInputs, RunSpec } from "../core/spec/types";
import { runStatus } from "../core/status/runStatus";
import { isTerminal, type RunPhase, type RunStatus } from "../core/status/types";
import { judge } from "../core/status/waiting";
import type { HookLog, State } from "./contract";
import { observeRun } from "./observeRun";
import { recordResult } from "./recordResult";
import { runState } from "./runState";

/** The state of a run with what the cluster says now; undefined when a run that had not ended has gone. */
export async function readRun(
  client: ClusterClient,
  state: State<JobRunInputs>,
  log: HookLog,
): Promise<State<JobRunInputs> | undefined> {
  const found = await readLive(client, state);
  if (found === undefined) return isFinished(state) ? state : undefined;
  const { record, spec, status } = found;
  const { inputs, started = false, reached = false } = state.hidden;
  const facts = {
    inputs,
    spec,
    record,
    server: client.server,
    status,
    started,
    reached: reached || isReached(status, spec, inputs),
  };
  if (!found.recorded && isTerminal(status)) await recordResult(client, facts, log);
  return runState(facts);
}

interface Live {
  readonly record: ConfigMap;
  readonly spec: RunSpec;
  readonly status: RunStatus;
  /** The record holds the result already. */
  readonly recorded: boolean;
}

async function readLive(client: ClusterClient, { hidden, outputs }: State<JobRunInputs>): Promise<Live | undefined> {
  const { namespace, uid, started = false } = hidden;
  const name = recordName(String(outputs["name"]));
  const record = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name });
  if (record?.metadata.uid !== uid) return undefined;
  const { spec, result } = readRecord(record);
  const status = result ?? (await liveStatus(client, { spec, namespace, uid, started }));
  return status && { record, spec, status, recorded: result !== undefined };
}

const isFinished = ({ outputs }: State<JobRunInputs>): boolean =>
  ["completed", "failed"].includes(outputs["status"] as RunPhase);

interface Started {
  readonly spec: RunSpec;
  readonly namespace: string;
  readonly uid: string;
  readonly started: boolean;
}

/** Undefined when the objects have gone that were there. */
async function liveStatus(
  client: ClusterClient,
  { spec, namespace, uid, started }: Started,
): Promise<RunStatus | undefined> {
  const view = await observeRun(client, { namespace, uid });
  const workloads = spec.mode === "task" ? view.jobs : view.deployments;
  return started && workloads.length === 0 ? undefined : runStatus(spec, view);
}

/** A look at one moment cannot tell whether a daemon runs stable: only an `up` that watches it can. */
function isReached(status: RunStatus, spec: RunSpec, { wait }: JobRunInputs): boolean {
  if (spec.mode === "daemon" && status.status !== "completed") return false;
  const observer = { steadySeconds: () => Infinity, newRestarts: () => 0 };
  return (
    judge({ jobs: [], deployments: [], pods: [], ...status }, { spec, ...waitOf(wait, spec), observer }).outcome ===
    "reached"
  );
}
