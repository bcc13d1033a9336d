import { definitionName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { runSpec } from "../core/spec/jobRun";
import { mergedFailures } from "../core/spec/runRules";
import type { JobRunInputs, JobTemplate, RunSpec } from "../core/spec/types";
import { requireName } from "./claim";
import type { Place, Settings } from "./clusters";
import { templateIn } from "./liveDefinition";

/** What the run is made of, secret values included, which its record does not hold. */
export async function composeRun(
  place: Place,
  inputs: JobRunInputs,
): Promise<{ spec: RunSpec; definition?: ConfigMap }> {
  if (inputs.job === undefined) return { spec: await composeSpec(place, inputs, undefined) };
  const definition = await getDefinition(place, inputs.job);
  return { spec: await composeSpec(place, inputs, definition), definition };
}

/** Read live: the garbage collector silently removes what hangs on a definition that has gone. */
async function getDefinition({ client, namespace }: Place, job: string): Promise<ConfigMap> {
  const definition = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: definitionName(job) });
  if (definition === undefined)
    throw new Error(`job must be the name of a job in namespace ${namespace}, got ${JSON.stringify(job)}`);
  if (definition.metadata.deletionTimestamp !== undefined)
    throw new Error(`job "${job}" in namespace ${namespace} is being deleted: create it again first`);
  return definition;
}

async function composeSpec(place: Place, inputs: JobRunInputs, definition: ConfigMap | undefined): Promise<RunSpec> {
  const live =
    definition && inputs.jobDefinition === undefined
      ? await templateIn(place, inputs.job ?? "", definition)
      : inputs.jobDefinition;
  return specOf(place.settings, inputs, live);
}

/** The complete spec of a run, of that job; an error tells all that the merged result breaks. */
export function specOf(settings: Settings, inputs: JobRunInputs, definition: JobTemplate | undefined): RunSpec {
  const { strict = false, platform } = settings;
  const failures = mergedFailures(inputs, { definition, strict });
  if (failures.length > 0) throw new Error(failures.map(({ property, reason }) => `${property} ${reason}`).join("\n"));
  return runSpec({ ...inputs, name: requireName(inputs.name) }, { definition, platform });
}
