import { shortHash } from "../kube/hash";
import { autoName, JOB_NAME_LENGTH, RUN_NAME_LENGTH } from "../kube/names";
import { mergeTemplates, withDefaults } from "./template";
import type { EnvVar, JobRunInputs, JobTemplate, RunTemplate, TemplateSpec, Wait, WaitUntil } from "./types";
import { hasUnknown } from "./unknown";

const templateKeys = [
  "imagePullPolicy",
  "command",
  "args",
  "env",
  "mode",
  "arrayIndices",
  "arraySize",
  "maxExecutionTime",
  "retryLimit",
  "cpu",
  "memory",
  "ephemeralStorage",
] as const satisfies readonly (keyof RunTemplate)[];

/** The inputs of a run that shape its pods or its array: a change of one makes a new run. */
export const shapeKeys = [
  "job",
  "jobDefinition",
  "image",
  ...templateKeys,
] as const satisfies readonly (keyof JobRunInputs)[];

type Template<T> = Pick<T, Extract<keyof T, "image" | keyof RunTemplate>>;

/** Only what shapes runs, of a job's or a run's inputs. */
export function templateOf<T extends RunTemplate & { readonly image?: string }>(inputs: T): Template<T> {
  const shaping = new Set<string>(["image", ...templateKeys]);
  const entries = Object.entries(inputs).filter(([key, value]) => shaping.has(key) && value !== undefined);
  return Object.fromEntries(entries) as Template<T>;
}

/** The complete template of a run; `definition` is its job's, read live where the inputs do not carry it. */
export function effectiveTemplate(inputs: JobRunInputs, definition = inputs.jobDefinition): TemplateSpec {
  const own = templateOf(inputs);
  if (inputs.job === undefined) return withDefaults({ ...own, image: inputs.image ?? "" });
  if (definition === undefined) throw new Error(`the definition of job ${inputs.job} is needed first`);
  return withDefaults(mergeTemplates(definition, own));
}

/** What decides whether two sets of inputs mean the same run. */
export function shapeOf(inputs: JobRunInputs): {
  readonly job: string | undefined;
  readonly template: Partial<TemplateSpec>;
} {
  const byName = inputs.job !== undefined && inputs.jobDefinition === undefined;
  return { job: inputs.job, template: byName ? normalOverrides(inputs) : effectiveTemplate(inputs) };
}

/** What a run says over a job that is known by name only, in canonical form. */
function normalOverrides(inputs: JobRunInputs): Partial<TemplateSpec> {
  const given = new Set(Object.keys(templateOf(inputs)));
  if (given.has("arrayIndices")) given.add("arraySize");
  if (given.has("arraySize")) given.add("arrayIndices");
  const complete = withDefaults({ ...templateOf(inputs), image: "" });
  return Object.fromEntries(Object.entries(complete).filter(([key]) => given.has(key)));
}

/** A hash of everything that shapes a run of the job. Secret values are left out: a hash of a short secret can be guessed. */
export function revisionOf(definition: JobTemplate): string {
  return shortHash(withoutSecretValues(withDefaults(definition)), 12);
}

/** The template with the values of its secret variables taken out. */
export function withoutSecretValues<T extends { readonly env?: readonly EnvVar[] }>(template: T): T {
  const env = template.env?.map((entry) => (entry.secret ? { name: entry.name, secret: entry.secret } : entry));
  return env === undefined ? template : { ...template, env };
}

/** The job's name: the user's, the one it had, or one made of its logical name. */
export function jobName(given: string | undefined, before: string | undefined, identity: Identity): string {
  return given ?? before ?? autoName(identity.name, identity.urn, JOB_NAME_LENGTH);
}

/** What the engine knows a resource by. */
export interface Identity {
  readonly urn: string;
  readonly name: string;
}

/**
 * The run's name: the user's, the one it had, or a hash over all that shapes it.
 * Not random, so that a `create` repeated after a crash meets its own record.
 * Undefined while something that shapes the run is unknown.
 */
export function runName(news: JobRunInputs, olds: JobRunInputs, identity: Identity): string | undefined {
  if (news.name !== undefined) return news.name;
  if (olds.name !== undefined) return olds.name;
  if (shapeKeys.some((key) => hasUnknown(news[key]))) return undefined;
  const redacted = {
    ...withoutSecretValues(news),
    ...(news.jobDefinition && { jobDefinition: withoutSecretValues(news.jobDefinition) }),
  };
  return autoName(identity.name, { urn: identity.urn, shape: shapeOf(redacted) }, RUN_NAME_LENGTH);
}

/** What to wait for: the user's word, else the mode's default. */
export function waitUntil(wait: Wait | undefined, { mode }: TemplateSpec): WaitUntil {
  return wait?.until ?? (mode === "daemon" ? "running" : "completion");
}
