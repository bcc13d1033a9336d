import { stableJson } from "../kube/hash";
import { toSecretData, toSecretReferences } from "../manifest/env";
import { templateOf } from "../spec/jobRun";
import { comparable, withDefaults } from "../spec/template";
import type { EnvVar, JobInputs, TemplateSpec } from "../spec/types";

/** What the cluster has of a job. */
export interface LiveJob {
  /** Of the definition: also of its Secret. */
  readonly name: string;
  /** What it means, defaults included; undefined when it cannot be read. */
  readonly template: TemplateSpec | undefined;
  readonly secretData: Readonly<Record<string, string>> | undefined;
}

/** The inputs with live values for the fields in which the cluster differs, and for those only. A field that is not there any more is undefined. */
export function withLiveValues(inputs: JobInputs, live: LiveJob): JobInputs {
  const spec = withDefaults(templateOf(inputs));
  const stored = withoutSize({ ...spec, env: toSecretReferences(spec.env, live.name) });
  const found = live.template === undefined ? {} : withoutSize(live.template);
  const keys = [...new Set([...Object.keys(stored), ...Object.keys(found)])];
  const differing = keys.filter((key) => stableJson(comparable(stored)[key]) !== stableJson(comparable(found)[key]));
  const inTheWay = differing.includes("arrayIndices") ? ["arraySize"] : [];
  return {
    ...inputs,
    ...secretDrift(spec.env, live.secretData),
    ...Object.fromEntries([...inTheWay, ...differing].map((key) => [key, found[key]])),
  };
}

/** The size says nothing that the indices do not say. */
function withoutSize({ arraySize: _size, ...spec }: TemplateSpec): Record<string, unknown> {
  return spec;
}

/** A secret value that is not the one that was given is shown as missing: the live one is nobody's to see. */
function secretDrift(env: readonly EnvVar[], data: LiveJob["secretData"]): { env?: readonly EnvVar[] } {
  const lost = new Set(lostSecrets(env, data));
  return lost.size === 0 ? {} : { env: env.map((entry) => (lost.has(entry.name) ? { name: entry.name } : entry)) };
}

/** Names of the variables whose secret values are not in the Secret, or other ones. */
export function lostSecrets(env: readonly EnvVar[], data: LiveJob["secretData"] = {}): string[] {
  return env
    .filter((entry) => Object.entries(toSecretData([entry]) ?? {}).some(([key, value]) => data[key] !== value))
    .map(({ name }) => name);
}
