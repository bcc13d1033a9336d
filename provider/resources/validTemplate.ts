import type { ConfigMap } from "../core/kube/types";
import { readDefinition } from "../core/manifest/definition";
import { definitionFailures } from "../core/spec/check";
import type { TemplateSpec } from "../core/spec/types";

/**
 * What the definition in the cluster says, where somebody may have changed it by hand; secret values are references.
 * @throws when it is no definition any more, with all its faults.
 */
export function validTemplate(namespace: string, definition: ConfigMap): TemplateSpec {
  const template = readDefinition(definition);
  const failures = definitionFailures(template).map(({ property, reason }) => `\n  ${property} ${reason}`);
  if (failures.length === 0) return template;
  throw new Error(
    `ConfigMap ${namespace}/${definition.metadata.name} is no valid definition of a job, since somebody changed it by hand; \`pulumi up --refresh\` for the job writes it anew:${failures.join("")}`,
  );
}
