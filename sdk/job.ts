import * as pulumi from "@pulumi/pulumi";
import { outputNames } from "../provider/core/spec/schema";
import type { Connection, JobInputs, JobOutputs } from "../provider/core/spec/types.generated";
import type { ArgsOf, PropertiesOf } from "./args";
import { privateInputs } from "./privateInputs";

/** Arguments of a `Job`. */
export type JobArgs = ArgsOf<JobInputs>;

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
    definitions.set(this, args);
  }
}

/** The arguments of each `Job`, for the runs that are given it: they are known before the job exists. */
const definitions = new WeakMap<Job, JobArgs>();

/** The arguments that the job was made with; undefined for a job that this program has not made. */
export function argumentsOf(job: Job): JobArgs | undefined {
  return definitions.get(job);
}

/** Names the outputs: Pulumi fills in only those that it finds among the properties. */
export function noOutputs(token: Parameters<typeof outputNames>[0]): Record<string, undefined> {
  return Object.fromEntries(outputNames(token).map((name) => [name, undefined]));
}

/** A kubeconfig holds credentials, whether the program says so or not. */
export function withSecretKubeconfig<T extends Pick<JobArgs, "connection">>(args: T): T {
  if (args.connection === undefined) return args;
  const connection = pulumi.output(args.connection as pulumi.Input<Connection | undefined>);
  return { ...args, connection: connection.apply(withSecret) };
}

function withSecret(connection: Connection | undefined): pulumi.Input<Connection | undefined> {
  const kubeconfig = connection?.kubeconfig;
  return kubeconfig === undefined
    ? connection
    : pulumi.output({ ...connection, kubeconfig: pulumi.secret(kubeconfig) });
}
