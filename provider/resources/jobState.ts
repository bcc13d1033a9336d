import type { ConfigMap } from "../core/kube/types";
import { toSecretReferences } from "../core/manifest/env";
import { definitionName } from "../core/kube/names";
import { revisionOf, templateOf } from "../core/spec/jobRun";
import { defaultOf } from "../core/spec/schema";
import { withDefaults } from "../core/spec/template";
import type { JobInputs } from "../core/spec/types";
import type { Outputs, State } from "./contract";

/** The state of a job: complete inputs, and what its definition is known by. */
export function jobState(inputs: JobInputs, definition: ConfigMap, server: string): State<JobInputs> {
  const { uid = "", namespace = "", creationTimestamp = "" } = definition.metadata;
  const outputs = jobOutputs(inputs, { namespace, uid, createdAt: creationTimestamp });
  return { outputs, hidden: { inputs, server, namespace, uid } };
}

/** What of a job's outputs the cluster says. */
interface Made {
  readonly namespace: string;
  readonly uid: string;
  readonly createdAt: string;
}

/** What programs see of a job. */
export function jobOutputs(inputs: JobInputs, made: Made): Outputs {
  const spec = withDefaults(templateOf(inputs));
  return {
    ...spec,
    name: inputs.name,
    connection: inputs.connection,
    orphanRuns: inputs.orphanRuns ?? defaultOf("orphanRuns"),
    env: toSecretReferences(spec.env, definitionName(inputs.name ?? "")),
    ...made,
    revision: revisionOf(templateOf(inputs)),
  };
}
