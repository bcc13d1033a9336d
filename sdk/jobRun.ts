import * as pulumi from "@pulumi/pulumi";
import type { JobRunOutputs } from "../provider/core/spec/types.generated";
import type { JobRunArgs, PropertiesOf } from "./args";
import { withDefinition } from "./definition";
import { noOutputs } from "./job";
import { privateInputs } from "./privateInputs";

/** Type token of a `JobRun` of the dynamic provider. */
const RUN_TYPE = "pulumi-nodejs:dynamic/jobrun:JobRun";

// The properties follow from the schema; the engine sets them, no field of the class does.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export interface JobRun extends PropertiesOf<JobRunOutputs> {}

/**
 * One run of a job, or a stand-alone run. A task run ends, bounded in time and retries; a daemon run goes on until it is deleted
 * or its program ends with exit code 0.
 *
 * ```typescript
 * new JobRun("migrate", { image: "registry.example.com/migrate:7", maxExecutionTime: 600 });
 * ```
 */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export class JobRun extends pulumi.CustomResource {
  constructor(name: string, args: JobRunArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = withDefinition(args);
    const hidden = privateInputs({ name, type: RUN_TYPE, hooks: "jobRun", options, confidential: inputs });
    super(RUN_TYPE, name, { ...noOutputs("jobrun:index:JobRun"), ...inputs, ...hidden }, options);
  }
}
