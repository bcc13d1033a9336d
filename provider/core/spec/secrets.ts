import { isPlainObject } from "../kube/hash";
import type { Connection, EnvVar, JobTemplate, RunTemplate } from "./types";

/** The inputs of either resource, as far as they can hold secrets. */
export interface Confidential extends RunTemplate {
  readonly jobDefinition?: JobTemplate;
  readonly connection?: Connection;
}

/** The inputs with every environment variable marked whose value is a Pulumi secret. Paths are like `env[1].value` or, for all of it, `env`. */
export function markSecrets<I extends Confidential>(inputs: I, secretPaths: readonly string[]): I {
  return secretPaths.length === 0 ? inputs : withEnv(inputs, (env, at) => markEnv(env, at, secretPaths));
}

/** The secret variables whose values Kubernetes would expand if they were not secret: a reference passes a value on as it is. */
export function unexpandedSecrets(env: readonly EnvVar[]): string[] {
  const isExpandable = ({ secret, value = "" }: EnvVar): boolean => secret === true && /\$\$|\$\([^)]+\)/.test(value);
  return env.filter(isExpandable).map(({ name }) => name);
}

/** The paths of the variables that are marked, as Pulumi writes them. */
export function markedPaths({ env, jobDefinition }: Confidential): string[] {
  return [...pathsIn(env, "env"), ...pathsIn(jobDefinition?.env, "jobDefinition.env")];
}

function pathsIn(env: unknown, at: string): string[] {
  if (!isEnv(env)) return [];
  return env.flatMap((entry, i) => (isPlainObject(entry) && entry.secret ? [`${at}[${i.toString()}].value`] : []));
}

/** The inputs as the user gave them. */
export function withoutMarks<I extends Confidential>(inputs: I): I {
  return withEnv(inputs, (env) => env.map(unmark));
}

/** Changes the run's own variables and its job's. At preview either may be unknown, and then is no list. */
function withEnv<I extends Confidential>(inputs: I, change: (env: readonly EnvVar[], at: string) => EnvVar[]): I {
  const { env, jobDefinition } = inputs;
  const ofJob: unknown = jobDefinition?.env;
  return {
    ...inputs,
    ...(isEnv(env) && { env: change(env, "env") }),
    ...(isEnv(ofJob) && { jobDefinition: { ...jobDefinition, env: change(ofJob, "jobDefinition.env") } }),
  };
}

const isEnv = (value: unknown): value is readonly EnvVar[] => Array.isArray(value);

function markEnv(env: readonly EnvVar[], at: string, secretPaths: readonly string[]): EnvVar[] {
  const roots = [at, ...parents(at)];
  const all = secretPaths.some((path) => roots.includes(path));
  return env.map((entry, i) => {
    const own = `${at}[${i.toString()}]`;
    const secret = all || secretPaths.some((path) => path === own || path.startsWith(`${own}.`));
    return secret && isPlainObject(entry) && entry.valueFrom === undefined ? { ...entry, secret } : entry;
  });
}

const parents = (path: string): string[] => path.split(".").slice(0, -1);

function unmark(entry: EnvVar): EnvVar {
  if (!isPlainObject(entry)) return entry;
  const { secret: _secret, ...given } = entry;
  return given;
}
