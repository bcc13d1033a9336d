import { retentionOf, waitOf } from "../core/spec/jobRun";
import { defaultOf } from "../core/spec/schema";
import type { JobRunInputs } from "../core/spec/types";
import type { State } from "./contract";
import { type Known, shownRun } from "./shownRun";

/** What a state is made of. */
export interface RunFacts extends Known {
  readonly inputs: JobRunInputs;
  readonly server: string;
  readonly started: boolean;
  readonly reached: boolean;
  readonly autonamed: boolean;
}

/** The state of a run: effective inputs, status, and what the next operation needs. */
export function runState(facts: RunFacts): State<JobRunInputs> {
  const { inputs, spec, record, server, started, reached, autonamed } = facts;
  const { uid = "", namespace = "" } = record.metadata;
  return {
    outputs: {
      ...shownRun(facts),
      connection: inputs.connection,
      jobRevision: inputs.jobRevision,
      wait: waitOf(inputs.wait, spec),
      onFailure: inputs.onFailure ?? defaultOf("onFailure"),
      logs: inputs.logs,
      retention: retentionOf(inputs),
      triggers: inputs.triggers,
      settle: spec.mode === "daemon" ? (inputs.settle ?? defaultOf("settle")) : undefined,
    },
    hidden: { inputs, server, namespace, uid, started, reached, autonamed },
  };
}
