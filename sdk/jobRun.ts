import * as pulumi from "@pulumi/pulumi";
import { defined } from "../provider/core/kube/defined";
import { templateOf } from "../provider/core/spec/jobRun";
import type { JobRunInputs, JobRunOutputs } from "../provider/core/spec/types.generated";
import type { ArgsOf, PropertiesOf } from "./args";
import { argumentsOf, Job, noOutputs, withSecretKubeconfig } from "./job";
import { privateInputs } from "./privateInputs";

/** Arguments of a `JobRun`. */
export interface JobRunArgs extends Omit<ArgsOf<JobRunInputs>, "job" | "jobDefinition"> {
  /** The job to run: a `Job` resource, or the name of a job in the same namespace. None: a stand-alone run, then `image` is required. */
  readonly job?: Job | pulumi.Input<string>;
}

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

/** With a `Job` resource, its own arguments go along, so that the merged result is checked before the job exists. */
function withDefinition(args: JobRunArgs): pulumi.Inputs {
  const { job } = args;
  if (!(job instanceof Job)) return withSecretKubeconfig(args);
  const definition = argumentsOf(job);
  if (definition === undefined)
    throw new Error("`job` must be a `Job` that this program has made, or the name of a job");
  return {
    namespace: definition.namespace,
    ...withSecretKubeconfig({ connection: definition.connection, ...defined(args) }),
    // The name is known at preview, the id is not.
    job: job.name,
    jobDefinition: templateOf(definition),
  };
}
