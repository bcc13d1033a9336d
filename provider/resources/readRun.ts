import type { ClusterClient } from "../cluster/port";
import { label } from "../core/kube/labels";
import { recordName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { readRecord } from "../core/manifest/record";
import { waitUntil } from "../core/spec/jobRun";
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
  const { namespace, uid, started = false, inputs } = state.hidden;
  const record = await client.get<ConfigMap>({
    kind: "ConfigMap",
    namespace,
    name: recordName(String(state.outputs["name"])),
  });
  if (record?.metadata.uid !== uid) return isFinished(state) ? state : undefined;
  const { spec, result } = readRecord(record);
  const status = result ?? (await liveStatus(client, { spec, namespace, uid, started }));
  if (status === undefined) return isFinished(state) ? state : undefined;
  const reached = state.hidden.reached === true || isReached(status, spec, inputs);
  const facts = { inputs, spec, record, server: client.server, status, started, reached };
  if (result === undefined && isTerminal(status)) await recordResult(client, facts, log);
  return runState(facts);
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
  const workloads =
    spec.mode === "task"
      ? view.jobs
      : await client.list({ kind: "Deployment", namespace, selector: `${label.runUid}=${uid}` });
  return started && workloads.length === 0 ? undefined : runStatus(spec, view);
}

/** A look at one moment cannot tell how long a daemon has been running: it is believed. */
function isReached(status: RunStatus, spec: RunSpec, { wait }: JobRunInputs): boolean {
  const observer = { steadySeconds: () => Infinity, newRestarts: () => 0 };
  return (
    judge({ jobs: [], pods: [], ...status }, { spec, until: waitUntil(wait, spec), observer }).outcome === "reached"
  );
}
