import * as pulumi from "@pulumi/pulumi";
import type { Connection, EnvVar, ImagePullPolicy, Mode } from "../provider/core/spec/types";
import type { JobArgs } from "./args";
import { privateInputs } from "./privateInputs";

/** Type token of a `Job` of the dynamic provider. */
const JOB_TYPE = "pulumi-nodejs:dynamic/jobrun:Job";

/**
 * A job: an inert definition that runs refer to. It is kept as a ConfigMap in the cluster and starts nothing.
 *
 * ```typescript
 * const job = new Job("nightly", { image: "registry.example.com/report:1.4", arraySize: 5, retryLimit: 1 });
 * new JobRun("tonight", { job });
 * ```
 */
export class Job extends pulumi.CustomResource {
  declare readonly name: pulumi.Output<string>;
  declare readonly namespace: pulumi.Output<string>;
  declare readonly image: pulumi.Output<string>;
  declare readonly imagePullPolicy: pulumi.Output<ImagePullPolicy | undefined>;
  declare readonly command: pulumi.Output<string[] | undefined>;
  declare readonly args: pulumi.Output<string[] | undefined>;
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
  /** UID of the definition in the cluster. */
  declare readonly uid: pulumi.Output<string>;
  /** RFC 3339. */
  declare readonly createdAt: pulumi.Output<string>;
  /** Hash of everything that shapes a run of the job. */
  declare readonly revision: pulumi.Output<string>;

  constructor(name: string, args: JobArgs, options?: pulumi.CustomResourceOptions) {
    const hidden = privateInputs({ name, type: JOB_TYPE, hooks: "job", options, confidential: { env: args.env } });
    super(JOB_TYPE, name, { ...outputs, ...withSecretKubeconfig(args), ...hidden }, options);
    definitions.set(this, args);
  }
}

/** The arguments of each `Job`, for the runs that are given it: they are known before the job exists. */
const definitions = new WeakMap<Job, JobArgs>();

/** The arguments that the job was made with; undefined for a job that this program has not made. */
export function argumentsOf(job: Job): JobArgs | undefined {
  return definitions.get(job);
}

/** Names the outputs that are not inputs: Pulumi fills in only what it finds here. */
const outputs = Object.fromEntries(
  [
    "name",
    "namespace",
    "command",
    "args",
    "env",
    "imagePullPolicy",
    "mode",
    "arrayIndices",
    "arraySize",
    "maxExecutionTime",
  ]
    .concat(["retryLimit", "cpu", "memory", "ephemeralStorage", "uid", "createdAt", "revision"])
    .map((key) => [key, undefined]),
);

/** A kubeconfig holds credentials, whether the program says so or not. */
export function withSecretKubeconfig<T extends Pick<JobArgs, "connection">>(args: T): T {
  if (args.connection === undefined) return args;
  const connection = pulumi.output<Connection>(args.connection as pulumi.Input<Connection>);
  return {
    ...args,
    connection: connection.apply((own) =>
      own.kubeconfig === undefined ? own : { ...own, kubeconfig: pulumi.secret(own.kubeconfig) },
    ),
  };
}
