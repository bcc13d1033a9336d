import type { Carrier } from "../core/backend/carrier";
import type { ConfigMap } from "../core/kube/types";
import { secretNameOf, toSecretReferences } from "../core/manifest/env";
import { attemptOf } from "../core/spec/attempt";
import { retentionOf, waitOf } from "../core/spec/jobRun";
import { defaultOf } from "../core/spec/schema";
import type { JobRunInputs, RunSpec } from "../core/spec/types";

import type { RunStatus } from "../core/status/types";
import type { State } from "./contract";

/** What a state is made of. */
export interface RunFacts {
  readonly inputs: JobRunInputs;
  readonly spec: RunSpec;
  readonly record: ConfigMap;
  readonly server: string;
  readonly status: RunStatus;
  readonly carrier: Carrier;
  readonly started: boolean;
  readonly reached: boolean;
  readonly autonamed: boolean;
}

/** The state of a run: effective inputs, status, and what the next operation needs. */
export function runState(facts: RunFacts): State<JobRunInputs> {
  const { inputs, spec, record, server, status, carrier, started, reached, autonamed } = facts;
  const { uid = "", namespace = "", creationTimestamp = "" } = record.metadata;
  const { secretGeneration: _generation, resumed: _resumed, ...shown } = spec;
  const { containerRestart: _restart, ...fulfilment } = carrier;
  return {
    outputs: {
      ...shown,
      namespace,
      connection: inputs.connection,
      jobRevision: inputs.jobRevision,
      env: toSecretReferences(spec.env, secretNameOf(spec)),
      wait: waitOf(inputs.wait, spec),
      onFailure: inputs.onFailure ?? defaultOf("onFailure"),
      logs: inputs.logs,
      retention: retentionOf(inputs),
      triggers: inputs.triggers,
      settle: spec.mode === "daemon" ? (inputs.settle ?? defaultOf("settle")) : undefined,
      uid,
      createdAt: creationTimestamp,
      ...withoutViews(status),
      attempt: attemptOf(spec),
      ...fulfilment,
    },
    hidden: { inputs, server, namespace, uid, started, reached, autonamed },
  };
}

function withoutViews({ status, statusDetails }: RunStatus): RunStatus {
  return { status, statusDetails };
}
