import type { Carrier } from "../core/backend/carrier";
import type { ConfigMap } from "../core/kube/types";
import { secretNameOf, toSecretReferences } from "../core/manifest/env";
import { attemptOf } from "../core/spec/attempt";
import type { RunSpec } from "../core/spec/types";
import type { GetJobRunResult } from "../core/spec/types.generated";
import type { RunStatus } from "../core/status/types";

/** What a run is known by, wherever it is looked at. */
export interface Known {
  readonly spec: RunSpec;
  readonly record: ConfigMap;
  readonly carrier: Carrier;
  readonly status: RunStatus;
}

/** What is shown of a run, by whatever way it was come by; secret values are references. */
export function shownRun({ spec, record, carrier, status }: Known): GetJobRunResult {
  const { uid = "", namespace = "", creationTimestamp = "" } = record.metadata;
  const { secretGeneration: _generation, resumed: _resumed, platform: _platform, ...shown } = spec;
  const { containerRestart: _restart, ...fulfilment } = carrier;
  return {
    ...shown,
    namespace,
    env: toSecretReferences(spec.env, secretNameOf(spec)),
    uid,
    createdAt: creationTimestamp,
    status: status.status,
    statusDetails: status.statusDetails,
    attempt: attemptOf(spec),
    ...fulfilment,
  };
}
