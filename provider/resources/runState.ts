import { retentionOf, waitOf } from "../core/spec/jobRun";
import { defaultOf } from "../core/spec/schema";
import type { JobRunInputs, RunSpec } from "../core/spec/types";
import type { CapturedLogs } from "../core/status/captured";
import type { Outputs, State } from "./contract";
import { type Known, shownRun } from "./shownRun";

/** What a state is made of. */
export interface RunFacts extends Known {
  readonly inputs: JobRunInputs;
  readonly server: string;
  readonly started: boolean;
  readonly reached: boolean;
  readonly autonamed: boolean;
  /** What somebody has changed in the cluster. */
  readonly live?: Readonly<Record<string, unknown>>;
  /** What its indices printed last, once that is wanted and known. */
  readonly capturedLogs: CapturedLogs | undefined;
  /** Outputs that are secret though no input of that name is. */
  readonly secretOutputs: readonly string[];
}

/** The state of a run: effective inputs, status, and what the next operation needs. */
export function runState(facts: RunFacts): State<JobRunInputs> {
  const { inputs, spec, record, server, started, reached, autonamed, live, secretOutputs, capturedLogs } = facts;
  const { uid = "", namespace = "" } = record.metadata;
  return {
    outputs: {
      ...shownRun(facts),
      ...wishes(inputs, spec),
      capturedLogs,
    },
    hidden: { inputs, server, namespace, uid, started, reached, autonamed, secretOutputs, ...(live && { live }) },
  };
}

/** What the inputs say of a run besides its shape. */
export function wishes(inputs: JobRunInputs, { mode }: Pick<RunSpec, "mode">): Outputs {
  return {
    connection: inputs.connection,
    jobRevision: inputs.jobRevision,
    wait: waitOf(inputs.wait, { mode }),
    onFailure: inputs.onFailure ?? defaultOf("onFailure"),
    logs: inputs.logs,
    retention: retentionOf(inputs),
    triggers: inputs.triggers,
    settle: mode === "daemon" ? (inputs.settle ?? defaultOf("settle")) : undefined,
  };
}
