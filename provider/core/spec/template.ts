import { defined } from "../kube/defined";
import { countIndices, type IndexSet, parseIndexSet, printIndexSet } from "../kube/indexSet";
import { normalQuantity } from "../kube/quantity";
import { defaultOf } from "./schema";
import type { JobTemplate, Mode, RunTemplate, TemplateSpec } from "./types";

/**
 * The template of a run: the job's, overridden by what the run says (Code Engine's rules). Scalars and lists replace; `env` merges by
 * name, `mounts` by path, labels and annotations by key; `envFrom` is appended, and the last one wins.
 */
export function mergeTemplates(job: JobTemplate, run: RunTemplate): JobTemplate {
  const mode = run.mode ?? job.mode;
  const base = mode === "daemon" ? withoutTaskLimits(job) : job;
  const own = run.arrayIndices !== undefined || run.arraySize !== undefined ? withoutArray(base) : base;
  return {
    ...own,
    ...defined(run),
    ...defined({
      env: mergeBy(job.env, run.env, ({ name }) => name),
      envFrom: append(job.envFrom, run.envFrom),
      mounts: mergeBy(job.mounts, run.mounts, ({ mountPath }) => mountPath),
      labels: mergeMaps(job.labels, run.labels),
      annotations: mergeMaps(job.annotations, run.annotations),
    }),
  };
}

/** A run that overrides a task job with `mode: daemon` drops what only tasks have; its own is refused by the rules. */
function withoutTaskLimits(job: JobTemplate): JobTemplate {
  const { maxExecutionTime: _time, retryLimit: _retries, queue: _queue, ...rest } = job;
  return rest;
}

function withoutArray({ arrayIndices: _indices, arraySize: _size, ...rest }: JobTemplate): JobTemplate {
  return rest;
}

/** One entry for each key: a later one takes the place of an earlier one. */
function mergeBy<T>(
  job: readonly T[] = [],
  run: readonly T[] = [],
  key: (item: T) => string,
): readonly T[] | undefined {
  return notEmpty([...new Map([...job, ...run].map((item) => [key(item), item])).values()]);
}

function append<T>(job: readonly T[] = [], run: readonly T[] = []): readonly T[] | undefined {
  return notEmpty([...job, ...run]);
}

type TextMap = Readonly<Record<string, string>>;

function mergeMaps(job: TextMap = {}, run: TextMap = {}): TextMap | undefined {
  return notEmptyMap({ ...job, ...run });
}

/** Fills in every default and brings every value to canonical form. Doing so twice changes nothing. */
export function withDefaults(template: JobTemplate): TemplateSpec {
  const { mode = defaultOf("mode") as Mode } = template;
  const { arrayIndices: _indices, arraySize: _size, maxExecutionTime: _time, retryLimit: _retries, ...rest } = template;
  return {
    ...normalLists(rest),
    ...scalars(rest),
    mode,
    ...arrayOf(template),
    ...(mode === "task" ? limitsOf(template) : {}),
  };
}

/** An empty list or map means the same as none. */
function normalLists(template: JobTemplate): JobTemplate & { env: NonNullable<JobTemplate["env"]> } {
  const { labels, annotations, nodeSelector, env, mounts, ...rest } = template;
  const lists = Object.entries(rest).filter(([, value]) => !(Array.isArray(value) && value.length === 0));
  return {
    ...(Object.fromEntries(lists) as unknown as JobTemplate),
    ...defined({
      labels: notEmptyMap(labels),
      annotations: notEmptyMap(annotations),
      nodeSelector: notEmptyMap(nodeSelector),
    }),
    ...defined({ mounts: mergeBy(mounts, [], ({ mountPath }) => mountPath) }),
    env: mergeBy(env, [], ({ name }) => name) ?? [],
  };
}

type Scalars = Pick<TemplateSpec, "cpu" | "memory" | "ephemeralStorage" | "podSecurity">;

function scalars(template: JobTemplate): Scalars {
  const { cpu = textDefault("cpu"), memory = textDefault("memory") } = template;
  const { ephemeralStorage = textDefault("ephemeralStorage") } = template;
  const { podSecurity = textDefault("podSecurity") as Scalars["podSecurity"] } = template;
  return { cpu, memory, ephemeralStorage, podSecurity };
}

const textDefault = (property: keyof RunTemplate): string => String(defaultOf(property));

function arrayOf(template: RunTemplate): Pick<TemplateSpec, "arrayIndices" | "arraySize"> {
  const set = indexSetOf(template);
  return { arrayIndices: printIndexSet(set), arraySize: countIndices(set) };
}

function indexSetOf({ arrayIndices, arraySize }: RunTemplate): IndexSet {
  if (arrayIndices === undefined) return [[0, (arraySize ?? 1) - 1]];
  const parsed = parseIndexSet(arrayIndices);
  if ("must" in parsed) throw new Error(`arrayIndices must ${parsed.must}, got ${JSON.stringify(arrayIndices)}`);
  return parsed.set;
}

function limitsOf(template: RunTemplate): { maxExecutionTime: number; retryLimit: number } {
  const { maxExecutionTime = Number(defaultOf("maxExecutionTime")) } = template;
  const { retryLimit = Number(defaultOf("retryLimit")) } = template;
  return { maxExecutionTime, retryLimit };
}

/** The template in a form in which equal meaning is equal text. */
export function comparable<T extends Partial<TemplateSpec>>(spec: T): T {
  const { cpu, memory, ephemeralStorage } = spec;
  const quantities = Object.entries(defined({ cpu, memory, ephemeralStorage }));
  return { ...spec, ...Object.fromEntries(quantities.map(([key, value]) => [key, normalQuantity(value)])) };
}

function notEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function notEmptyMap(map: TextMap | undefined): TextMap | undefined {
  return map === undefined || Object.keys(map).length === 0 ? undefined : map;
}
