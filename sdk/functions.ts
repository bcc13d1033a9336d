import * as pulumi from "@pulumi/pulumi";
import type { FunctionToken } from "../provider/core/spec/schema";
import type {
  GetJobArgs,
  GetJobResult,
  GetJobRunArgs,
  GetJobRunLogsArgs,
  GetJobRunLogsResult,
  GetJobRunResult,
} from "../provider/core/spec/types.generated";
import type { ArgsOf } from "./args";

/** Options of a function. */
export interface ReadOptions {
  /** The resource on whose row warnings are shown. Default: the stack. */
  readonly parent?: pulumi.Resource;
}

/** Arguments of `getJobOutput`. */
export type GetJobOutputArgs = ArgsOf<GetJobArgs>;
/** Arguments of `getJobRunOutput`. */
export type GetJobRunOutputArgs = ArgsOf<GetJobRunArgs>;
/** Arguments of `getJobRunLogsOutput`. */
export type GetJobRunLogsOutputArgs = ArgsOf<GetJobRunLogsArgs>;

/**
 * The definition of a job as the cluster has it, complete with defaults. Fails when there is none of that name.
 *
 * ```typescript
 * const { revision } = await getJob({ name: "report" });
 * new JobRun("tonight", { job: "report", jobRevision: revision }); // runs again when the job has changed
 * ```
 */
export async function getJob(args: GetJobArgs, options?: ReadOptions): Promise<GetJobResult> {
  return (await read<GetJobResult>("jobrun:index:getJob", args, options)).result;
}

/** `getJob` of what resources will be: it is read once they are there. */
export function getJobOutput(args: GetJobOutputArgs, options?: ReadOptions): pulumi.Output<GetJobResult> {
  return readOutput("jobrun:index:getJob", args, options);
}

/**
 * A run as the cluster has it: what it was made of, and how far it is. Of a finished run the recorded result is told,
 * also when its pods have gone. Fails when there is none of that name.
 */
export async function getJobRun(args: GetJobRunArgs, options?: ReadOptions): Promise<GetJobRunResult> {
  return (await read<GetJobRunResult>("jobrun:index:getJobRun", args, options)).result;
}

/** `getJobRun` of what resources will be: it is read once they are there. */
export function getJobRunOutput(args: GetJobRunOutputArgs, options?: ReadOptions): pulumi.Output<GetJobRunResult> {
  return readOutput("jobrun:index:getJobRun", args, options);
}

/**
 * What the programs of a run have printed last, by index, values of secret variables masked. Indices whose pods have gone are
 * told in `missingIndices` and `missingReason`, with a warning. Fails when there is no run of that name.
 *
 * ```typescript
 * const { logs } = await getJobRunLogs({ name: "report-4k7x2mb", tailLines: 1 });
 * console.log(logs["0"]?.text);
 * ```
 */
export async function getJobRunLogs(args: GetJobRunLogsArgs, options?: ReadOptions): Promise<GetJobRunLogsResult> {
  return (await read<GetJobRunLogsResult>("jobrun:index:getJobRunLogs", args, options)).result;
}

/** `getJobRunLogs` of what resources will be: it is read once they are there. A secret when the run has secret variables. */
export function getJobRunLogsOutput(
  args: GetJobRunLogsOutputArgs,
  options?: ReadOptions,
): pulumi.Output<GetJobRunLogsResult> {
  return readOutput("jobrun:index:getJobRunLogs", args, options);
}

interface Answered<R> {
  readonly result: R;
  readonly secret: boolean;
}

async function read<R>(token: FunctionToken, args: object, { parent }: ReadOptions = {}): Promise<Answered<R>> {
  // All that talks to clusters is loaded by the programs that need it here.
  const { functions } = await import("../provider/program.ts");
  try {
    const answer = await functions[token](args, { warn: (message) => void pulumi.log.warn(message, parent) });
    return answer as Answered<R>;
  } catch (error) {
    // Its message says everything; a trace through this package says nothing to the program's author.
    const [, , name = ""] = token.split(":");
    throw new pulumi.RunError(`${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readOutput<R>(token: FunctionToken, args: object, options?: ReadOptions): pulumi.Output<R> {
  const answer = whenThere(args).apply((known) => read<R>(token, known, options));
  // A result that is known, and whether it is secret, are one answer: the mark is set on what is handed on.
  return answer.apply(({ result, secret }) =>
    secret ? pulumi.secret(result) : pulumi.output(result),
  ) as pulumi.Output<R>;
}

/** The arguments, unknown as long as a resource that they are made of is not there: its name is known before it is made. */
function whenThere(args: object): pulumi.Output<object> {
  const given = pulumi.output(args) as pulumi.Output<object> & Dependent;
  const ids = given.allResources().then((resources) => [...resources].filter(isCustom).map(({ id }) => id));
  return pulumi.all([given, pulumi.output(ids)]).apply(([known]) => known);
}

/** What every output has, and its type does not say. */
interface Dependent {
  allResources(): Promise<ReadonlySet<pulumi.Resource>>;
}

const isCustom = (resource: pulumi.Resource): resource is pulumi.CustomResource =>
  pulumi.CustomResource.isInstance(resource);
