import * as pulumi from "@pulumi/pulumi";
import { defined } from "../provider/core/kube/defined";
import { templateOf } from "../provider/core/spec/jobRun";
import type { Connection } from "../provider/core/spec/types.generated";
import type { AnyJob, JobArgs, JobRunArgs } from "./args";

/** The arguments of each `Job`, for the runs that are given it: they are known before the job exists. */
const definitions = new WeakMap<pulumi.Resource, JobArgs>();

/** Keeps what the job was made with, for its runs. */
export function keepDefinition(job: AnyJob, args: JobArgs): void {
  definitions.set(job, args);
}

/** The inputs of a run: with a `Job` resource, what the run takes from it goes along. */
export function withDefinition(args: JobRunArgs): pulumi.Inputs {
  const job = jobOf(args);
  if (job === undefined) return withSecretKubeconfig(args);
  const { connection, ...fromJob } = partsOf(job);
  // The name is known at preview, the id is not.
  return { ...fromJob, ...withSecretKubeconfig({ connection, ...defined(args) }), job: job.name };
}

/** The resource, when it is one; no other one has a revision. */
function jobOf({ job }: JobRunArgs): AnyJob | undefined {
  if (typeof job !== "object" || pulumi.Output.isInstance(job) || job instanceof Promise) return undefined;
  if (pulumi.CustomResource.isInstance(job) && "revision" in job) return job;
  throw new Error("`job` must be a `Job`, or the name of a job, got another object");
}

/** With its own arguments the merged result is checked before the job exists; one that was looked up exists. */
function partsOf(job: AnyJob): Pick<JobRunArgs, "connection" | "namespace" | "jobRevision"> & pulumi.Inputs {
  const definition = definitions.get(job);
  if (definition === undefined)
    return { namespace: job.namespace, connection: job.connection, jobRevision: job.revision };
  const { namespace, connection } = definition;
  return { namespace, connection, jobDefinition: templateOf(definition) };
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
