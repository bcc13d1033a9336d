import { defined } from "../core/kube/defined";
import { secretNameOf } from "../core/manifest/env";
import { templateOf } from "../core/spec/jobRun";
import type { RunSpec } from "../core/spec/types";
import type { RunStatus } from "../core/status/types";
import type { Clusters, Place } from "./clusters";
import type { HookLog } from "./contract";
import { getJobRun, requireRecord } from "./getJobRun";
import { liveDefinition, withSecretValues } from "./liveDefinition";
import type { Submission } from "./submitRun";

interface Wanted {
  /** The run that is repeated. */
  readonly name: string;
  /** Only the indices that have failed, with the JOB_ARRAY_SIZE that they had. */
  readonly failedOnly: boolean;
}

/** What makes a run again as it was, but for its name. */
export interface Resubmission {
  readonly inputs: Omit<Submission, "name">;
  /** The clusters with the variables of the platform that the run was given. */
  readonly clusters: Clusters;
}

/**
 * The run once more, by its record: of its job as that was, also when the job has changed since.
 * @throws when there is no such run, its job or its secret values have gone, or nothing of it has failed where that is wanted.
 */
export async function resubmission(
  { clusters, place }: { clusters: Clusters; place: Place },
  wanted: Wanted,
  log: Pick<HookLog, "warn">,
): Promise<Resubmission> {
  const { client, namespace } = place;
  const { spec, carrier } = await requireRecord(place, wanted.name);
  if (spec.job !== undefined && (await liveDefinition(place, spec.job)) === undefined)
    throw new Error(
      `job run "${spec.name}" is one of job "${spec.job}", which has gone from namespace ${namespace}: create the job again first`,
    );
  const advice = "without its secret values the run cannot be made again; submit it anew";
  const whole = await withSecretValues(client, spec, { secret: { namespace, name: secretNameOf(spec) }, advice });
  const failed = wanted.failedOnly ? failedPart(spec, await getJobRun(place, wanted, log)) : {};
  const { arraySize: _size, ...template } = templateOf(whole);
  const { arraySizeVariable, ignoreDisruptions, platform, job } = spec;
  const made = job === undefined ? template : { job, jobDefinition: template };
  const backend = spec.mode === "daemon" ? carrier.backend : undefined;
  return {
    inputs: { ...made, ...defined({ arraySizeVariable, ignoreDisruptions, backend }), ...failed },
    clusters: { ...clusters, settings: async () => ({ ...(await clusters.settings()), ...defined({ platform }) }) },
  };
}

function failedPart(spec: RunSpec, { statusDetails }: RunStatus): Partial<Submission> {
  const { failedIndices: arrayIndices } = statusDetails;
  if (arrayIndices === "")
    throw new Error(`job run "${spec.name}" has no index that failed; without --failed all of it runs again`);
  return { arrayIndices, arraySizeVariable: spec.arraySizeVariable ?? spec.arraySize };
}
