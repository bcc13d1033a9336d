import { definitionName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { fromSecretReferences } from "../core/manifest/env";
import { revisionOf } from "../core/spec/jobRun";
import { withDefaults } from "../core/spec/template";
import type { GetJobArgs, GetJobResult } from "../core/spec/types.generated";
import { absent } from "./absent";
import type { Place } from "./clusters";
import { shownJob } from "./shownJob";
import { validTemplate } from "./validTemplate";

/**
 * The definition of a job as the cluster has it, complete with defaults.
 * @throws when there is none of that name, or somebody has made it invalid.
 */
export async function getJob(place: Place, { name }: GetJobArgs): Promise<GetJobResult> {
  const { client, namespace } = place;
  const definition = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: definitionName(name) });
  if (definition === undefined) throw absent(place, { what: "job", name });
  if (definition.metadata.deletionTimestamp !== undefined)
    throw new Error(`job "${name}" in namespace ${namespace} is being deleted: create it again first`);
  return readJob(namespace, name, definition);
}

/**
 * What a definition says of its job.
 * @throws when somebody has made it invalid.
 */
export function readJob(namespace: string, name: string, definition: ConfigMap): GetJobResult {
  const template = validTemplate(namespace, definition);
  const spec = withDefaults(template);
  // The annotation would still tell the old one when somebody has changed the definition.
  const revision = revisionOf({ ...template, env: fromSecretReferences(spec.env, definition.metadata.name) });
  return shownJob({ name, spec, revision, definition });
}
