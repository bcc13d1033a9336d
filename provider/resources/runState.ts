import type { ConfigMap } from "../core/kube/types";
import { recordName } from "../core/kube/names";
import { toSecretReferences } from "../core/manifest/env";
import { retentionOf, waitOf } from "../core/spec/jobRun";
import { defaultOf } from "../core/spec/schema";
import type { JobRunInputs, RunSpec } from "../core/spec/types";
import { fulfilmentOf } from "../core/status/fidelity";
import type { RunStatus } from "../core/status/types";
import type { State } from "./contract";

/** What a state is made of. */
export interface RunFacts {
  readonly inputs: JobRunInputs;
  readonly spec: RunSpec;
  readonly record: ConfigMap;
  readonly server: string;
  readonly status: RunStatus;
  readonly started: boolean;
  readonly reached: boolean;
}

/** The state of a run: effective inputs, status, and what the next operation needs. */
export function runState({ inputs, spec, record, server, status, started, reached }: RunFacts): State<JobRunInputs> {
  const { uid = "", namespace = "", creationTimestamp = "" } = record.metadata;
  return {
    outputs: {
      ...spec,
      namespace,
      connection: inputs.connection,
      jobRevision: inputs.jobRevision,
      env: toSecretReferences(spec.env, recordName(spec.name)),
      wait: waitOf(inputs.wait, spec),
      onFailure: inputs.onFailure ?? defaultOf("onFailure"),
      logs: inputs.logs,
      retention: retentionOf(inputs),
      triggers: inputs.triggers,
      uid,
      createdAt: creationTimestamp,
      ...withoutViews(status),
      attempt: 1,
      ...fulfilmentOf(spec.mode),
    },
    hidden: { inputs, server, namespace, uid, started, reached },
  };
}

function withoutViews({ status, statusDetails }: RunStatus): RunStatus {
  return { status, statusDetails };
}
