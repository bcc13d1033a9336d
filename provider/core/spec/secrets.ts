import type { Connection, EnvVar, JobTemplate, RunTemplate } from "./types";

/** The inputs of either resource, as far as they can hold secrets. */
export interface Confidential extends RunTemplate {
  readonly jobDefinition?: JobTemplate;
  readonly connection?: Connection;
}

/** The inputs with every environment variable marked whose value is a Pulumi secret. Paths are like `env[1].value` or, for all of it, `env`. */
export function markSecrets<I extends Confidential>(inputs: I, secretPaths: readonly string[]): I {
  if (secretPaths.length === 0) return inputs;
  const { env, jobDefinition } = inputs;
  return {
    ...inputs,
    ...(Array.isArray(env) && { env: markEnv(env, "env", secretPaths) }),
    ...(jobDefinition?.env && {
      jobDefinition: { ...jobDefinition, env: markEnv(jobDefinition.env, "jobDefinition.env", secretPaths) },
    }),
  };
}

/** The inputs as the user gave them. */
export function withoutMarks<I extends Confidential>(inputs: I): I {
  const { env, jobDefinition } = inputs;
  return {
    ...inputs,
    ...(env && { env: env.map(unmark) }),
    ...(jobDefinition?.env && { jobDefinition: { ...jobDefinition, env: jobDefinition.env.map(unmark) } }),
  };
}

function markEnv(env: readonly EnvVar[], at: string, secretPaths: readonly string[]): EnvVar[] {
  const roots = [at, ...parents(at)];
  const all = secretPaths.some((path) => roots.includes(path));
  return env.map((entry, i) => {
    const own = `${at}[${i.toString()}]`;
    const secret = all || secretPaths.some((path) => path === own || path.startsWith(`${own}.`));
    return secret && entry.valueFrom === undefined ? { ...entry, secret } : entry;
  });
}

const parents = (path: string): string[] => path.split(".").slice(0, -1);

function unmark({ secret: _secret, ...entry }: EnvVar): EnvVar {
  return entry;
}

/** Whether the inputs hold anything that must not stand in plain text in Pulumi's state. */
export function hasSecrets(inputs: Confidential): boolean {
  const variables = [...(inputs.env ?? []), ...(inputs.jobDefinition?.env ?? [])];
  return inputs.connection?.kubeconfig !== undefined || variables.some(({ secret }) => secret === true);
}
