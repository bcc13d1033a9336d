import { annotation, label, MANAGED_BY } from "../kube/labels";
import { definitionName } from "../kube/names";
import type { ConfigMap, Secret } from "../kube/types";
import { revisionOf } from "../spec/jobRun";
import { withDefaults } from "../spec/template";
import type { JobTemplate, TemplateSpec } from "../spec/types";
import { toSecretData, toSecretReferences } from "./env";
import { keptJson } from "./keptJson";
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
export function toDefinitionSecret(name: string, template: JobTemplate, definition: ConfigMap): Secret | undefined {
  // Of several variables of a name, one is left in the definition.
  const data = toSecretData(withDefaults(template).env);
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
  return keptJson(definition, SPEC, "the definition of a job") as TemplateSpec;
}
