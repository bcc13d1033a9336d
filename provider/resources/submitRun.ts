import { randomBytes } from "node:crypto";
import { messageOf } from "../cluster/errors";
import { submitter } from "../core/manifest/owner";
import { withoutMarks } from "../core/spec/secrets";
import type { JobRunInputs, JobTemplate } from "../core/spec/types";
import { mergedFailures } from "../core/spec/runRules";
import type { CheckFailure } from "../core/spec/validate";
import { type Clusters, openPlace, type Place, strictness } from "./clusters";
import { type Created, type HookContext, InitFailure } from "./contract";
import { jobRunHooks } from "./jobRun";
import { liveDefinition } from "./liveDefinition";
import { removeRun } from "./removeRun";

/** A run that is to be, which no stack declares. */
export type Submission = JobRunInputs & { readonly name: string };

type Caller = Pick<HookContext, "log" | "signal">;

/** All faults that can be seen without the cluster. */
export async function submissionFailures(
  clusters: Clusters,
  inputs: Submission,
  caller: Caller,
): Promise<readonly CheckFailure[]> {
  return (await jobRunHooks(clusters).check(contextOf(inputs.name, caller), {}, withoutMarks(inputs))).failures;
}

/** Faults that only the definition of the run's job shows. */
export async function jobFailures(clusters: Clusters, inputs: Submission): Promise<readonly CheckFailure[]> {
  const { job } = inputs;
  if (job === undefined) return [];
  const place = await openPlace(clusters, inputs);
  const definition = inputs.jobDefinition ?? (await liveDefinition(place, job));
  return definition === undefined
    ? [{ property: "job", reason: absence(place, job) }]
    : failuresWith(clusters, inputs, definition);
}

async function failuresWith(
  clusters: Clusters,
  inputs: Submission,
  definition: JobTemplate,
): Promise<readonly CheckFailure[]> {
  return mergedFailures(inputs, { definition, ...(await strictness(clusters)) });
}

function absence({ client, namespace }: Place, job: string): string {
  return `must be the name of a job in namespace ${namespace} of the cluster ${client.server}, got "${job}", and there is none; \`npx jobrun job list --namespace ${namespace}\` lists all`;
}

/**
 * Starts a run that no stack declares, by the hooks that `pulumi up` uses, and does not wait for its end. What cannot be started as a
 * whole is taken back: nobody would go on with it.
 * @throws when the name is taken, a right is missing, or the cluster refuses an object.
 */
export async function submitRun(
  clusters: Clusters,
  inputs: Submission,
  caller: Caller,
): Promise<Created<JobRunInputs>> {
  const context = contextOf(inputs.name, caller);
  try {
    return await jobRunHooks(clusters).create(context, { ...inputs, wait: { until: "nothing" } });
  } catch (error) {
    if (!(error instanceof InitFailure)) throw error;
    await takeBack(clusters, error as InitFailure<JobRunInputs>, context);
    throw new Error(`${messageOf(error)}; what had been created of it was removed again`, { cause: error });
  }
}

async function takeBack(clusters: Clusters, failure: InitFailure<JobRunInputs>, context: HookContext): Promise<void> {
  const { hidden, outputs } = failure.created.state;
  const { namespace, uid } = hidden;
  const { client } = await openPlace(clusters, hidden.inputs);
  try {
    // What interrupted the submission must not end this as well.
    const { signal } = new AbortController();
    await removeRun(client, { namespace, name: String(outputs["name"]), uid }, { ...context, signal });
  } catch (error) {
    throw new Error(`${messageOf(failure)}\n${messageOf(error)}`, { cause: error });
  }
}

/** What the hooks get in place of an engine's words. */
function contextOf(name: string, caller: Caller): HookContext {
  const { resource, ...owner } = submitter(name, randomBytes(6).toString("hex"));
  return {
    ...caller,
    identity: { ...owner, name: resource, urn: `urn:jobrun:submit::${name}` },
    secretPaths: [],
    timeouts: {},
    isHeard: () => Promise.resolve(true),
  };
}
