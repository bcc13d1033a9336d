import { isPlainObject } from "../kube/hash";
import { bound } from "./bound";
import { type Identity, jobName, revisionOf, runName, templateOf } from "./jobRun";
import { templateFailures } from "./rules";
import { runFailures } from "./runRules";
import type { FunctionToken, ResourceToken, Token } from "./schema";
import { markSecrets } from "./secrets";
import { strictFailures } from "./strict";
import { mergeTemplates } from "./template";
import type { JobInputs, JobRunInputs, RunTemplate, TemplateSpec } from "./types";
import { hasUnknown, isUnknown } from "./unknown";
import { type CheckFailure, validateShape } from "./validate";

interface Checked<I> {
  readonly inputs: I;
  readonly failures: readonly CheckFailure[];
}

/** What `check` knows besides the inputs. */
export interface CheckOptions {
  readonly identity: Identity;
  readonly secretPaths: readonly string[];
  /** Whether Code Engine's own limits hold as well. */
  readonly strict: boolean;
}

/** All faults of a job's inputs; without any, the inputs with the name filled in. */
export function checkJob(
  olds: Partial<JobInputs>,
  news: JobInputs,
  { identity, strict }: CheckOptions,
): Checked<JobInputs> {
  const failures = [
    ...faults("jobrun:index:Job", news, { rules: templateFailures, strict }),
    ...namingFaults("jobrun:index:Job", [news, olds], identity),
  ];
  if (failures.length > 0) return { failures, inputs: news };
  return { failures, inputs: { ...news, name: jobName(news.name, olds.name, identity) } };
}

/** All faults of a definition that comes from the cluster, where somebody may have changed it by hand. */
export function definitionFailures({ arraySize: _size, ...template }: TemplateSpec): CheckFailure[] {
  return faults("jobrun:index:Job", template, { rules: templateFailures, strict: false });
}

/** All faults of the provider's configuration. */
export function configFailures(config: unknown): CheckFailure[] {
  return faults("jobrun:config", config, { rules: () => [], strict: false });
}

/** All faults of a function's arguments. */
export function argumentFailures(token: FunctionToken, args: unknown): CheckFailure[] {
  return faults(token, args, { rules: () => [], strict: false });
}

/** All faults of a run's inputs; without any, the inputs with name and revision filled in as far as they are known. */
export function checkRun(
  olds: Partial<JobRunInputs>,
  news: JobRunInputs,
  options: CheckOptions,
): Checked<JobRunInputs> {
  const failures = [
    ...faults("jobrun:index:JobRun", news, { rules: runFailures, strict: options.strict }),
    ...namingFaults("jobrun:index:JobRun", [news, olds], options.identity),
  ];
  if (failures.length > 0) return { failures, inputs: news };
  const marked = markSecrets(news, options.secretPaths);
  const name = runName(marked, olds, options.identity);
  const jobRevision = knownRevision(marked) ?? news.jobRevision;
  return {
    failures,
    inputs: { ...news, ...(name !== undefined && { name }), ...(jobRevision !== undefined && { jobRevision }) },
  };
}

/** What is wrong with the automatic name that Pulumi's configuration asks for, where one is needed. */
function namingFaults(token: ResourceToken, given: readonly unknown[], identity: Identity): CheckFailure[] {
  const isNamed = given.some((inputs) => isPlainObject(inputs) && inputs["name"] !== undefined);
  if (isNamed || identity.automaticName === undefined) return [];
  if (identity.automaticName === false)
    return [{ property: "name", reason: "must be given: `pulumi:autonaming` turns automatic names off" }];
  return faultsOfName(token, identity.automaticName).map(({ property, reason }) => ({
    property,
    reason: `${reason}, by \`pulumi:autonaming\`: give a name, or change that setting`,
  }));
}

const faultsOfName = (token: ResourceToken, name: string): CheckFailure[] =>
  validateShape(token, { name }).filter(({ property }) => property === "name");

/** The revision of the definition that the inputs carry; a job's output is unknown at every preview of its update. */
function knownRevision({ jobDefinition }: JobRunInputs): string | undefined {
  return jobDefinition === undefined || hasUnknown(jobDefinition) ? undefined : revisionOf(jobDefinition);
}

type Loose = Readonly<Record<string, unknown>>;

interface FaultOptions {
  readonly rules: (inputs: Loose) => CheckFailure[];
  readonly strict: boolean;
}

/** Of a run whose job is known by name only, Code Engine's limits can be asked about when the job has been read. */
function strictOf(inputs: JobRunInputs): CheckFailure[] {
  const { job, jobDefinition } = inputs;
  if (job !== undefined && jobDefinition === undefined) return [];
  const own: RunTemplate = templateOf(inputs);
  const whole = [jobDefinition, jobDefinition?.env, own.env];
  if (whole.some(isUnknown)) return [];
  return strictFailures(jobDefinition === undefined ? own : mergeTemplates(jobDefinition, own));
}

/** One fault a property: a value of the wrong type breaks several rules, and the first says what is wrong. */
function faults(token: Token, inputs: unknown, { rules, strict }: FaultOptions): CheckFailure[] {
  const bounded = bound(isPlainObject(inputs) ? inputs : {}) as Loose;
  const shape = validateShape(token, bounded, isPlainObject(inputs) ? inputs : bounded);
  const limits = strict && shape.length === 0 ? strictOf(bounded) : [];
  const byProperty = new Map<string, CheckFailure>();
  for (const failure of [...shape, ...rules(bounded), ...limits]) {
    if (!byProperty.has(failure.property)) byProperty.set(failure.property, failure);
  }
  return [...byProperty.values()];
}
