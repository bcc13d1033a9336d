import type { ConfigMap } from "../core/kube/types";
import { toSecretReferences } from "../core/manifest/env";
import type { TemplateSpec } from "../core/spec/types";
import type { GetJobResult } from "../core/spec/types.generated";

interface Defined {
  readonly name: string;
  readonly spec: TemplateSpec;
  readonly revision: string;
  readonly definition: ConfigMap;
}

/** What is shown of a job, by whatever way it was come by; secret values are references. */
export function shownJob({ name, spec, revision, definition }: Defined): GetJobResult {
  const { name: secretName, uid = "", namespace = "", creationTimestamp = "" } = definition.metadata;
  const env = toSecretReferences(spec.env, secretName);
  return { ...spec, name, namespace, env, uid, createdAt: creationTimestamp, revision };
}
