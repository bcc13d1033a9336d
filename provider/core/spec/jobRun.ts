import { defined } from "../kube/defined";
import { shortHash } from "../kube/hash";
import { autoName, JOB_NAME_LENGTH, RUN_NAME_LENGTH } from "../kube/names";
import { defaultOf, typeDefault } from "./schema";
import { comparable, mergeTemplates, withDefaults } from "./template";
import type {
  EnvVar,
  JobOnlyKey,
  JobRunInputs,
  JobTemplate,
  RunSpec,
  RunTemplate,
  TemplateKey,
  TemplateSpec,
  Wait,
  WaitUntil,
} from "./types";
import { hasUnknown } from "./unknown";

const jobOnlyKeys: Readonly<Record<JobOnlyKey, true>> = {
  image: true,
  imagePullSecrets: true,
  serviceAccountName: true,
};

const templateKeys: Readonly<Record<TemplateKey, true>> = {
  ...{ imagePullPolicy: true, command: true, args: true, env: true, envFrom: true, mounts: true, mode: true },
  ...{ arrayIndices: true, arraySize: true, maxExecutionTime: true, retryLimit: true },
  ...{ cpu: true, memory: true, ephemeralStorage: true, runAsUser: true, podSecurity: true },
  ...{ labels: true, annotations: true, nodeSelector: true, tolerations: true, priorityClassName: true },
  ...{ terminationGracePeriodSeconds: true, queue: true },
};

/** What a run says about its shape besides its template. */
const runKeys = [
  "arraySizeVariable",
  "ignoreDisruptions",
  "backend",
  "triggers",
] as const satisfies readonly (keyof JobRunInputs)[];

/** The inputs of a run that shape its pods or its array: a change of one makes a new run. */
export const shapeKeys: readonly (keyof JobRunInputs)[] = [
  ...(["job", "jobDefinition"] as const),
  ...(Object.keys(jobOnlyKeys) as JobOnlyKey[]),
  ...(Object.keys(templateKeys) as TemplateKey[]),
  ...runKeys,
];

type Template<T> = Pick<T, Extract<keyof T, JobOnlyKey | TemplateKey>>;

/** Only what shapes runs, of a job's or a run's inputs. */
export function templateOf<T extends object>(inputs: T): Template<T> {
  const shaping = new Set([...Object.keys(jobOnlyKeys), ...Object.keys(templateKeys)]);
  const entries = Object.entries(inputs).filter(([key, value]) => shaping.has(key) && value !== undefined);
  return Object.fromEntries(entries) as Template<T>;
}

/** The complete template of a run; `definition` is its job's, read live where the inputs do not carry it. */
export function effectiveTemplate(inputs: JobRunInputs, definition = inputs.jobDefinition): TemplateSpec {
  const own: RunTemplate = templateOf(inputs);
  if (inputs.job === undefined) return withDefaults({ ...own, image: inputs.image ?? "" });
  if (definition === undefined) throw new Error(`the definition of job ${inputs.job} is needed first`);
  return withDefaults(mergeTemplates(definition, own));
}

/** Everything that shapes the run, in the form in which its record keeps it. */
export function runSpec(
  inputs: JobRunInputs & { readonly name: string },
  { definition, platform }: { definition?: JobTemplate | undefined; platform?: RunSpec["platform"] } = {},
): RunSpec {
  const { name, job, arraySizeVariable } = inputs;
  const template = effectiveTemplate(inputs, definition);
  const ignoreDisruptions = template.mode === "task" ? (inputs.ignoreDisruptions ?? true) : undefined;
  return { ...template, name, ...defined({ job, arraySizeVariable, ignoreDisruptions, platform }) };
}

/** What decides whether two sets of inputs mean the same run. */
export interface RunShape {
  readonly job?: string;
  readonly template: Partial<TemplateSpec>;
  readonly own: Readonly<Record<string, unknown>>;
}

/** The shape of a run that these inputs mean. `byName` leaves the job's definition out: all that is known of a job by name. */
export function shapeOf(inputs: JobRunInputs, byName = isByName(inputs)): RunShape {
  const { job, arraySizeVariable, triggers, backend = "auto", ignoreDisruptions = true } = inputs;
  const own = defined({ arraySizeVariable, triggers: emptyAsNone(triggers), backend, ignoreDisruptions });
  const template = byName ? normalOverrides(inputs) : effectiveTemplate(inputs);
  return { ...defined({ job }), own, template };
}

/** Whether the run knows its job by name only, and so does not follow it. */
export function isByName({ job, jobDefinition }: JobRunInputs): boolean {
  return job !== undefined && jobDefinition === undefined;
}

function emptyAsNone<T extends object>(value: T | undefined): T | undefined {
  return value === undefined || Object.keys(value).length === 0 ? undefined : value;
}

/** What a run says over a job that is known by name only, in canonical form. */
function normalOverrides(inputs: JobRunInputs): Partial<TemplateSpec> {
  const template: RunTemplate = templateOf(inputs);
  const given = new Set(Object.keys(template));
  if (given.has("arrayIndices") || given.has("arraySize"))
    for (const key of ["arrayIndices", "arraySize"]) given.add(key);
  const complete = withDefaults({ ...template, image: "" });
  return Object.fromEntries(Object.entries(complete).filter(([key]) => given.has(key) && key !== "image"));
}

/** A hash of everything that shapes a run of the job. Secret values are left out: a hash of a short secret can be guessed. */
export function revisionOf(definition: JobTemplate): string {
  return shortHash(comparable(withoutSecretValues(withDefaults(templateOf(definition) as JobTemplate))), 12);
}

/** A hash of everything that shapes the run, as its record keeps it; secret values are left out. */
export function specHash(spec: RunSpec): string {
  return shortHash(comparable(withoutSecretValues(spec)), 12);
}

/** The template with the values of its secret variables taken out. */
export function withoutSecretValues<T extends { readonly env?: readonly EnvVar[] }>(template: T): T {
  const env = template.env?.map((entry) => (entry.secret ? { name: entry.name, secret: entry.secret } : entry));
  return env === undefined ? template : { ...template, env };
}

/** What the engine knows a resource by. */
export interface Identity {
  readonly urn: string;
  readonly name: string;
  /** What Pulumi's configuration says of automatic names (`pulumi:autonaming`): the name to take; false: the user must give one. */
  readonly automaticName?: string | false;
}

/** The name that Pulumi's configuration asks for. */
export const proposedName = ({ automaticName }: Identity): string | undefined =>
  automaticName === false ? undefined : automaticName;

/** The job's name: the user's, the one it had, the one that is proposed, or one made of its logical name. */
export function jobName(given: string | undefined, before: string | undefined, identity: Identity): string {
  return given ?? before ?? proposedName(identity) ?? autoName(identity.name, identity.urn, JOB_NAME_LENGTH);
}

/**
 * The run's name: the user's, the one it had, the one that is proposed, or a hash over all that shapes it.
 * Not random, so that a `create` repeated after a crash meets its own record.
 * Undefined while something that shapes the run is unknown.
 */
export function runName(news: JobRunInputs, olds: Partial<JobRunInputs>, identity: Identity): string | undefined {
  if (news.name !== undefined) return news.name;
  const kept = olds.name ?? proposedName(identity);
  if (kept !== undefined) return kept;
  if (shapeKeys.some((key) => hasUnknown(news[key]))) return undefined;
  const { jobDefinition } = news;
  const redacted = {
    ...withoutSecretValues(news),
    ...(jobDefinition && { jobDefinition: withoutSecretValues(jobDefinition) }),
  };
  const revision = isByName(news) ? news.jobRevision : undefined;
  const shape = shapeOf(redacted);
  const meaning = { ...shape, template: comparable(shape.template) };
  return autoName(identity.name, { urn: identity.urn, shape: meaning, revision }, RUN_NAME_LENGTH);
}

/** Seconds after its end for which Kubernetes keeps the run's objects; -1 means for ever. */
export function retentionOf({ retention }: JobRunInputs): number {
  return retention ?? Number(defaultOf("retention"));
}

/** What is waited for, complete. */
export type CompleteWait = Wait & Required<Pick<Wait, "until" | "stableSeconds" | "unschedulableSeconds">>;

/** What to wait for: the user's words, else the mode's defaults. */
export function waitOf(wait: Wait | undefined, { mode }: Pick<TemplateSpec, "mode">): CompleteWait {
  const until: WaitUntil = mode === "daemon" ? "running" : "completion";
  const stableSeconds = Number(typeDefault("Wait", "stableSeconds"));
  const unschedulableSeconds = Number(typeDefault("Wait", "unschedulableSeconds"));
  return { until, stableSeconds, unschedulableSeconds, ...(wait && defined(wait)) };
}
