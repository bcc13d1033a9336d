import { defined } from "../kube/defined";
import { countIndices, type IndexSet, parseIndexSet, printIndexSet } from "../kube/indexSet";
import { normalQuantity } from "../kube/quantity";
import { inputProperties } from "./schema";
import type { EnvVar, JobTemplate, Mode, RunTemplate, TemplateSpec } from "./types";

/** The template of a run: the job's, overridden by what the run says. Scalars and lists replace, `env` merges by name (Code Engine's rule). */
export function mergeTemplates(job: JobTemplate, run: RunTemplate): JobTemplate {
  const mode = run.mode ?? job.mode;
  const base = mode === "daemon" ? withoutTaskLimits(job) : job;
  const own = run.arrayIndices !== undefined || run.arraySize !== undefined ? withoutArray(base) : base;
  const env = mergeEnv(job.env ?? [], run.env ?? []);
  return { ...own, ...defined(run), ...(env.length > 0 && { env }) };
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

const defaults = inputProperties("jobrun:index:Job");

function defaultOf(property: keyof RunTemplate): string | number | undefined {
  return defaults[property]?.["x-default"];
}

/** Fills in every default and brings every value to canonical form. Doing so twice changes nothing. */
export function withDefaults(template: JobTemplate): TemplateSpec {
  const { image, imagePullPolicy, command, args, env = [] } = template;
  const { mode = defaultOf("mode") as Mode } = template;
  const { cpu = textDefault("cpu"), memory = textDefault("memory") } = template;
  const { ephemeralStorage = textDefault("ephemeralStorage") } = template;
  return defined({
    ...{ image, imagePullPolicy, command: notEmpty(command), args: notEmpty(args), env, mode },
    ...arrayOf(template),
    ...(mode === "task" ? limitsOf(template) : {}),
    ...{ cpu, memory, ephemeralStorage },
  });
}

const textDefault = (property: keyof RunTemplate): string => String(defaultOf(property));

function arrayOf(template: RunTemplate): Pick<TemplateSpec, "arrayIndices" | "arraySize"> {
  const set = indexSetOf(template);
  return { arrayIndices: printIndexSet(set), arraySize: countIndices(set) };
}

function limitsOf(template: RunTemplate): { maxExecutionTime: number; retryLimit: number } {
  const { maxExecutionTime = Number(defaultOf("maxExecutionTime")) } = template;
  const { retryLimit = Number(defaultOf("retryLimit")) } = template;
  return { maxExecutionTime, retryLimit };
}

/** The template in a form in which equal meaning is equal text. */
export function comparable<T extends Partial<TemplateSpec>>(spec: T): T {
  const { cpu, memory, ephemeralStorage } = spec;
  const quantities = Object.entries({ cpu, memory, ephemeralStorage }).filter(([, value]) => value !== undefined);
  return { ...spec, ...Object.fromEntries(quantities.map(([key, value]) => [key, normalQuantity(String(value))])) };
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
