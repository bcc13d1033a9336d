import * as pulumi from "@pulumi/pulumi";
import { templateOf } from "../provider/core/spec/jobRun";
import type { EnvVar, ImagePullPolicy, JobRunInputs, Mode, Wait } from "../provider/core/spec/types";
import type { Backend, Fidelity } from "../provider/core/status/fidelity";
import type { RunPhase, StatusDetails } from "../provider/core/status/types";
import type { ArgsOf } from "./args";
import { argumentsOf, Job, withSecretKubeconfig } from "./job";
import { privateInputs } from "./privateInputs";

/** Arguments of a `JobRun`. */
export interface JobRunArgs extends Omit<ArgsOf<JobRunInputs>, "job" | "jobDefinition"> {
  /** The job to run: a `Job` resource, or the name of a job in the same namespace. None: a stand-alone run, then `image` is required. */
  readonly job?: Job | pulumi.Input<string>;
}

/** Type token of a `JobRun` of the dynamic provider. */
const RUN_TYPE = "pulumi-nodejs:dynamic/jobrun:JobRun";

/**
 * One run of a job, or a stand-alone run. A task run ends, bounded in time and retries; a daemon run goes on until it is deleted
 * or its program ends with exit code 0.
 *
 * ```typescript
 * new JobRun("migrate", { image: "registry.example.com/migrate:7", maxExecutionTime: 600 });
 * ```
 */
export class JobRun extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly namespace: pulumi.Output<string>;
  declare readonly job: pulumi.Output<string | undefined>;
  declare readonly jobRevision: pulumi.Output<string | undefined>;
  declare readonly image: pulumi.Output<string>;
  declare readonly imagePullPolicy: pulumi.Output<ImagePullPolicy | undefined>;
  declare readonly command: pulumi.Output<string[] | undefined>;
  declare readonly args: pulumi.Output<string[] | undefined>;
  /** Job's and run's variables, merged; secret ones are references. */
  declare readonly env: pulumi.Output<EnvVar[]>;
  declare readonly mode: pulumi.Output<Mode>;
  /** Canonical array syntax, such as `1-5,7-8,10`. */
  declare readonly arrayIndices: pulumi.Output<string>;
  declare readonly arraySize: pulumi.Output<number>;
  /** Seconds; task mode only. */
  declare readonly maxExecutionTime: pulumi.Output<number | undefined>;
  /** Task mode only. */
  declare readonly retryLimit: pulumi.Output<number | undefined>;
  declare readonly cpu: pulumi.Output<string>;
  declare readonly memory: pulumi.Output<string>;
  declare readonly ephemeralStorage: pulumi.Output<string>;
  declare readonly wait: pulumi.Output<Wait>;
  /** UID of the run's record in the cluster. */
  declare readonly uid: pulumi.Output<string>;
  /** RFC 3339. */
  declare readonly createdAt: pulumi.Output<string>;
  declare readonly status: pulumi.Output<RunPhase>;
  declare readonly statusDetails: pulumi.Output<StatusDetails>;
  /** From 1. */
  declare readonly attempt: pulumi.Output<number>;
  declare readonly backend: pulumi.Output<Backend>;
  declare readonly fidelity: pulumi.Output<Fidelity>;
  declare readonly fidelityReason: pulumi.Output<string>;

  constructor(name: string, args: JobRunArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = withDefinition(args);
    const confidential = { env: args.env, jobDefinition: inputs["jobDefinition"] as unknown };
    const hidden = privateInputs({ name, type: RUN_TYPE, hooks: "jobRun", options, confidential });
    super(RUN_TYPE, name, { ...outputs, ...inputs, ...hidden }, options);
  }
}

/** Names the outputs that are not inputs: Pulumi fills in only what it finds here. */
const outputs = Object.fromEntries(
  [
    "name",
    "namespace",
    "job",
    "jobRevision",
    "image",
    "imagePullPolicy",
    "command",
    "args",
    "env",
    "mode",
    "arrayIndices",
    "arraySize",
  ]
    .concat([
      "maxExecutionTime",
      "retryLimit",
      "cpu",
      "memory",
      "ephemeralStorage",
      "wait",
      "uid",
      "createdAt",
      "status",
      "statusDetails",
    ])
    .concat(["attempt", "backend", "fidelity", "fidelityReason"])
    .map((key) => [key, undefined]),
);

/** With a `Job` resource, its own arguments go along, so that the merged result is checked before the job exists. */
function withDefinition(args: JobRunArgs): pulumi.Inputs {
  const { job } = args;
  if (!(job instanceof Job)) return withSecretKubeconfig(args);
  const definition = argumentsOf(job);
  if (definition === undefined)
    throw new Error("`job` must be a `Job` that this program has made, or the name of a job");
  return {
    namespace: definition.namespace,
    ...withSecretKubeconfig({ connection: definition.connection, ...args } as JobRunArgs),
    // The name is known at preview, the id is not.
    job: job.name,
    jobDefinition: templateOf(definition as never),
  };
}
