import { isPlainObject } from "../kube/hash";
import { type Identity, jobName, revisionOf, runName } from "./jobRun";
import { runFailures, templateFailures } from "./rules";
import type { ResourceToken } from "./schema";
import { markSecrets } from "./secrets";
import type { JobInputs, JobRunInputs } from "./types";
import { hasUnknown } from "./unknown";
import { type CheckFailure, validateShape } from "./validate";

interface Checked<I> {
  readonly inputs: I;
  readonly failures: readonly CheckFailure[];
}

/** What `check` knows besides the inputs. */
interface CheckOptions {
  readonly identity: Identity;
  readonly secretPaths: readonly string[];
}

/** All faults of a job's inputs; without any, the inputs with the name filled in. */
export function checkJob(olds: Partial<JobInputs>, news: JobInputs, { identity }: CheckOptions): Checked<JobInputs> {
  const failures = faults("jobrun:index:Job", news, templateFailures);
  return { failures, inputs: failures.length > 0 ? news : { ...news, name: jobName(news.name, olds.name, identity) } };
}

/** All faults of a run's inputs; without any, the inputs with name and revision filled in as far as they are known. */
export function checkRun(
  olds: Partial<JobRunInputs>,
  news: JobRunInputs,
  { identity, secretPaths }: CheckOptions,
): Checked<JobRunInputs> {
  const failures = faults("jobrun:index:JobRun", news, runFailures);
  if (failures.length > 0) return { failures, inputs: news };
  const marked = markSecrets(news, secretPaths);
  const name = runName(marked, olds, identity);
  const jobRevision =
    marked.jobDefinition === undefined || hasUnknown(marked.jobDefinition)
      ? news.jobRevision
      : revisionOf(marked.jobDefinition);
  return {
    failures,
    inputs: { ...news, ...(name !== undefined && { name }), ...(jobRevision !== undefined && { jobRevision }) },
  };
}

/** The rules read fields that the schema may have found wrong already: they are asked only about inputs of the right shape below. */
function faults<I extends object>(
  token: ResourceToken,
  inputs: I,
  rules: (inputs: I) => CheckFailure[],
): CheckFailure[] {
  return [...validateShape(token, isPlainObject(inputs) ? inputs : {}), ...rules(inputs)];
}
