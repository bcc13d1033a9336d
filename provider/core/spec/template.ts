import { countIndices, type IndexSet, parseIndexSet, printIndexSet } from "../kube/indexSet";
import { inputProperties } from "./schema";
import type { EnvVar, JobTemplate, Mode, RunTemplate, TemplateSpec } from "./types";

/** The template of a run: the job's, overridden by what the run says. Scalars and lists replace, `env` merges by name (Code Engine's rule). */
export function mergeTemplates(job: JobTemplate, run: RunTemplate): JobTemplate {
  const mode = run.mode ?? job.mode;
  const base = mode === "daemon" ? withoutTaskLimits(job) : job;
  const own = run.arrayIndices !== undefined || run.arraySize !== undefined ? withoutArray(base) : base;
  const env = mergeEnv(job.env ?? [], run.env ?? []);
  return { ...own, ...definedOnly(run), ...(env.length > 0 && { env }) };
}

/** A run that overrides a task job with `mode: daemon` drops the job's limits; its own are refused by the rules. */
function withoutTaskLimits({ maxExecutionTime: _time, retryLimit: _retries, ...rest }: JobTemplate): JobTemplate {
  return rest;
}

function withoutArray({ arrayIndices: _indices, arraySize: _size, ...rest }: JobTemplate): JobTemplate {
  return rest;
}

function mergeEnv(job: readonly EnvVar[], run: readonly EnvVar[]): EnvVar[] {
  const merged = new Map(job.map((variable) => [variable.name, variable]));
  for (const variable of run) merged.set(variable.name, variable);
  return [...merged.values()];
}

type Defined<T> = { [Key in keyof T as undefined extends T[Key] ? never : Key]: T[Key] } & {
  [Key in keyof T as undefined extends T[Key] ? Key : never]?: Exclude<T[Key], undefined>;
};

function definedOnly<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>;
}

const defaults = inputProperties("jobrun:index:Job");

function defaultOf(property: keyof RunTemplate): string | number | undefined {
  return defaults[property]?.["x-default"];
}

/** Fills in every default and brings every value to canonical form. Doing so twice changes nothing. */
export function withDefaults(template: JobTemplate): TemplateSpec {
  const mode = template.mode ?? (defaultOf("mode") as Mode);
  const set = indexSetOf(template);
  return definedOnly({
    image: template.image,
    imagePullPolicy: template.imagePullPolicy,
    command: notEmpty(template.command),
    args: notEmpty(template.args),
    env: template.env ?? [],
    mode,
    arrayIndices: printIndexSet(set),
    arraySize: countIndices(set),
    maxExecutionTime:
      mode === "task" ? (template.maxExecutionTime ?? Number(defaultOf("maxExecutionTime"))) : undefined,
    retryLimit: mode === "task" ? (template.retryLimit ?? Number(defaultOf("retryLimit"))) : undefined,
    cpu: template.cpu ?? String(defaultOf("cpu")),
    memory: template.memory ?? String(defaultOf("memory")),
    ephemeralStorage: template.ephemeralStorage ?? String(defaultOf("ephemeralStorage")),
  });
}

/** An empty list means the same as none: the image's own command. */
function notEmpty<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list === undefined || list.length === 0 ? undefined : list;
}

function indexSetOf({ arrayIndices, arraySize }: RunTemplate): IndexSet {
  if (arrayIndices === undefined) return [[0, (arraySize ?? 1) - 1]];
  const parsed = parseIndexSet(arrayIndices);
  if ("must" in parsed) throw new Error(`arrayIndices must ${parsed.must}, got ${JSON.stringify(arrayIndices)}`);
  return parsed.set;
}
