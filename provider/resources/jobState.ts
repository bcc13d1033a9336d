import type { ConfigMap } from "../core/kube/types";
import { revisionOf, templateOf } from "../core/spec/jobRun";
import { defaultOf } from "../core/spec/schema";
import { withDefaults } from "../core/spec/template";
import type { JobInputs } from "../core/spec/types";
import { requireName } from "./claim";
import type { Outputs, State } from "./contract";
import { shownJob } from "./shownJob";

/** The state of a job: complete inputs, and what its definition is known by. */
export function jobState(inputs: JobInputs, definition: ConfigMap, server: string): State<JobInputs> {
  const { uid = "", namespace = "" } = definition.metadata;
  return { outputs: jobOutputs(inputs, definition), hidden: { inputs, server, namespace, uid } };
}

/** What programs see of a job. */
export function jobOutputs(inputs: JobInputs, definition: ConfigMap): Outputs {
  const template = templateOf(inputs);
  const shown = { name: requireName(inputs.name), spec: withDefaults(template), revision: revisionOf(template) };
  return {
    ...shownJob({ ...shown, definition }),
    connection: inputs.connection,
    orphanRuns: inputs.orphanRuns ?? defaultOf("orphanRuns"),
  };
}
