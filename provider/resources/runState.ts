import type { Carrier } from "../core/backend/carrier";
import type { ConfigMap } from "../core/kube/types";
import { secretNameOf, toSecretReferences } from "../core/manifest/env";
import { attemptOf } from "../core/spec/attempt";
import { retentionOf, waitOf } from "../core/spec/jobRun";
import { defaultOf } from "../core/spec/schema";
import type { JobRunInputs, RunSpec } from "../core/spec/types";

import type { RunStatus } from "../core/status/types";
import type { Outputs, State } from "./contract";

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
  return {
    outputs: {
      ...intendedOutputs(inputs, spec),
      namespace,
      uid,
      createdAt: creationTimestamp,
      ...withoutViews(status),
      attempt: attemptOf(spec),
      ...carrierOutputs(carrier),
    },
    hidden: { inputs, server, namespace, uid, started, reached, autonamed },
  };
}

/** The outputs that the inputs decide. */
export function intendedOutputs(inputs: JobRunInputs, spec: RunSpec): Outputs {
  const { secretGeneration: _generation, resumed: _resumed, platform: _platform, ...shown } = spec;
  return { ...shown, env: toSecretReferences(spec.env, secretNameOf(spec)), ...wishes(inputs, spec) };
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

/** How the run is carried. */
export function carrierOutputs({ containerRestart: _restart, ...shown }: Carrier): Outputs {
  return { ...shown };
}

function withoutViews({ status, statusDetails }: RunStatus): RunStatus {
  return { status, statusDetails };
}
