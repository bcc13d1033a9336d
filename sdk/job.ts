import * as pulumi from "@pulumi/pulumi";
import { outputNames } from "../provider/core/spec/schema";
import type { JobOutputs } from "../provider/core/spec/types.generated";
import type { JobArgs, PropertiesOf } from "./args";
import { keepDefinition, withSecretKubeconfig } from "./definition";
import { privateInputs } from "./privateInputs";

/** Type token of a `Job` of the dynamic provider. */
const JOB_TYPE = "pulumi-nodejs:dynamic/jobrun:Job";

// The properties follow from the schema; the engine sets them, no field of the class does.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface Job extends PropertiesOf<JobOutputs> {}

/**
 * A job: an inert definition that runs refer to. It is kept as a ConfigMap in the cluster and starts nothing.
 *
 * ```typescript
 * const job = new Job("nightly", { image: "registry.example.com/report:1.4", arraySize: 5, retryLimit: 1 });
 * new JobRun("tonight", { job });
 * ```
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class Job extends pulumi.CustomResource {
  constructor(name: string, args: JobArgs, options?: pulumi.CustomResourceOptions) {
    const hidden = privateInputs({ name, type: JOB_TYPE, hooks: "job", options, confidential: args });
    super(JOB_TYPE, name, { ...noOutputs("jobrun:index:Job"), ...withSecretKubeconfig(args), ...hidden }, options);
    keepDefinition(this, args);
  }
}

/** Names the outputs: Pulumi fills in only those that it finds among the properties. */
export function noOutputs(token: Parameters<typeof outputNames>[0]): Record<string, undefined> {
  return Object.fromEntries(outputNames(token).map((name) => [name, undefined]));
}
