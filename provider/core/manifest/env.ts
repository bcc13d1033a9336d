import { shortHash } from "../kube/hash";
import { kubernetes } from "../kube/labels";
import { recordName } from "../kube/names";
import { variable } from "../kube/variables";
import type { EnvVar, RunSpec } from "../spec/types";

interface EnvEntry {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: object;
}

/** Environment of a container: ours first, so that the user's variables can refer to them; then `HOSTNAME`; then the user's. */
export function toEnv(spec: RunSpec, place: { namespace: string; index?: number }): EnvEntry[] {
  const literal = (name: string, value: string): EnvEntry => ({ name, value });
  return [
    ...indexVariables(spec, place.index),
    literal(variable.arraySize, (spec.arraySizeVariable ?? spec.arraySize).toString()),
    literal(variable.mode, spec.mode),
    ...(spec.retryLimit === undefined ? [] : [literal(variable.retryLimit, spec.retryLimit.toString())]),
    ...(spec.job === undefined ? [] : [literal(variable.job, spec.job)]),
    literal(variable.run, spec.name),
    literal(variable.namespace, place.namespace),
    ...platformEnv(spec),
    literal(variable.hostname, `${spec.name}-$(${variable.index})-$(${variable.retryCount})`),
    ...toSecretReferences(spec.env, secretNameOf(spec)),
  ];
}

/** A variable that the user gives, too, is the user's. */
function platformEnv({ platform = {}, env }: RunSpec): EnvEntry[] {
  const given = new Set(env.map(({ name }) => name));
  return Object.entries(platform)
    .filter(([name]) => !given.has(name))
    .map(([name, value]) => ({ name, value }));
}

/** The Secret that holds the run's secret values. */
export function secretNameOf({ name, secretGeneration = 0 }: RunSpec): string {
  return secretGeneration === 0 ? recordName(name) : `${recordName(name)}-${secretGeneration.toString()}`;
}

/** Whether the run was given secret values, which its Secret holds. */
export function holdsSecrets(spec: RunSpec): boolean {
  const secretName = secretNameOf(spec);
  return spec.env.some((entry) => entry.secret === true || refersTo(entry, secretName));
}

/**
 * The Job controller appends its own index variable at the end of the list, where earlier references do not see it;
 * hence the annotations. A daemon's restarts happen in place and cannot change a variable: its count is 0.
 */
function indexVariables(spec: RunSpec, index: number | undefined): EnvEntry[] {
  return [
    index === undefined
      ? fromAnnotation(variable.index, kubernetes.completionIndex)
      : { name: variable.index, value: index.toString() },
    spec.mode === "daemon"
      ? { name: variable.retryCount, value: "0" }
      : fromAnnotation(variable.retryCount, kubernetes.indexFailureCount),
  ];
}

function fromAnnotation(name: string, key: string): EnvEntry {
  return { name, valueFrom: { fieldRef: { fieldPath: `metadata.annotations['${key}']` } } };
}

/** The variables with every secret value replaced by a reference to that Secret. */
export function toSecretReferences(env: readonly EnvVar[], secretName: string): EnvVar[] {
  return env.map(({ secret, ...entry }) =>
    secret
      ? { name: entry.name, valueFrom: { secretKeyRef: { name: secretName, key: secretKey(entry.name) } } }
      : entry,
  );
}

/** The variables with every reference to that Secret taken for what it stands for: a secret whose value is not at hand. */
export function fromSecretReferences(env: readonly EnvVar[], secretName: string): EnvVar[] {
  return env.map((entry) => (refersTo(entry, secretName) ? { name: entry.name, secret: true } : entry));
}

/** Whether the value of the variable is kept in that Secret. */
export function refersTo({ valueFrom }: EnvVar, secretName: string): boolean {
  return valueFrom?.secretKeyRef?.name === secretName;
}

/** The data of that Secret; undefined when nothing is secret. */
export function toSecretData(env: readonly EnvVar[]): Record<string, string> | undefined {
  const secrets = env.flatMap((entry) =>
    entry.secret ? [[secretKey(entry.name), Buffer.from(entry.value ?? "").toString("base64")] as const] : [],
  );
  return secrets.length === 0 ? undefined : Object.fromEntries(secrets);
}

const LONGEST_KEY = 253;

/** The variable's own name where that is a valid key of a Secret (Kubernetes), else a hash of it. */
function secretKey(variable: string): string {
  const valid = variable.length <= LONGEST_KEY && /^[-_a-zA-Z0-9][-._a-zA-Z0-9]*$/.test(variable);
  return valid ? variable : `env-${shortHash(variable, 8)}`;
}
