import { stableJson } from "../core/kube/hash";
import { templateOf } from "../core/spec/jobRun";
import type { Connection, JobInputs, JobRunInputs, JobTemplate } from "../core/spec/types";

/**
 * The jobs whose creation or change this preview has seen: the cluster does not know them yet, and a run of one
 * is to be checked against what the job will be.
 */
export interface PlannedJobs {
  note(inputs: JobInputs): void;
  /** The definition of the run's job; undefined when the preview has not seen it. */
  find(inputs: JobRunInputs): JobTemplate | undefined;
}

export function plannedJobs(): PlannedJobs {
  const templates = new Map<string, JobTemplate>();
  return {
    note: (inputs) => templates.set(keyOf(inputs, inputs.name), templateOf(inputs)),
    find: (inputs) => templates.get(keyOf(inputs, inputs.job)),
  };
}

interface Placed {
  readonly connection?: Connection;
  readonly namespace?: string;
}

/** By what the inputs say of the place, which need not exist yet. */
function keyOf({ connection, namespace }: Placed, name: string | undefined): string {
  return stableJson([connection, namespace, name]);
}
