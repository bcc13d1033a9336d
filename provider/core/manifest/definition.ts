import { annotation, label, MANAGED_BY } from "../kube/labels";
import { definitionName } from "../kube/names";
import type { ConfigMap, KubeObject } from "../kube/types";
import { revisionOf } from "../spec/jobRun";
import { withDefaults } from "../spec/template";
import type { JobTemplate, TemplateSpec } from "../spec/types";
import { toSecretData, toSecretReferences } from "./env";
import { type Owner, toOwnerMark, toOwnerReference } from "./owner";

const SPEC = "spec.json";

/** The ConfigMap that keeps a job's definition: inert, and in the built-in `edit` role. */
export function toDefinition(
  name: string,
  template: JobTemplate,
  owner: Owner,
): ConfigMap & { data: Record<string, string> } {
  const spec = withDefaults(template);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: definitionName(name),
      labels: { ...MANAGED_BY, [label.kind]: "job", [label.job]: name },
      annotations: { ...toOwnerMark(owner), [annotation.revision]: revisionOf(template) },
    },
    data: { [SPEC]: JSON.stringify({ ...spec, env: toSecretReferences(spec.env, definitionName(name)) }, null, 2) },
  };
}

/** The Secret with the definition's secret values; undefined when there are none. */
export function toDefinitionSecret(
  name: string,
  template: JobTemplate,
  definition: ConfigMap,
): (KubeObject & { data: object }) | undefined {
  const data = toSecretData(template.env ?? []);
  if (data === undefined) return undefined;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: definitionName(name),
      labels: { ...MANAGED_BY, [label.kind]: "job", [label.job]: name },
      ownerReferences: [toOwnerReference(definition)],
    },
    data,
  };
}

/** What the definition in the cluster says; secret values are references. */
export function readDefinition(definition: ConfigMap): TemplateSpec {
  const text = definition.data?.[SPEC];
  if (text === undefined)
    throw new Error(`ConfigMap ${definition.metadata.name} has no key ${SPEC}: it is not the definition of a job`);
  return JSON.parse(text) as TemplateSpec;
}
