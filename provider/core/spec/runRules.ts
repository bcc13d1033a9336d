import { isPlainObject } from "../kube/hash";
import { effectiveTemplate } from "./jobRun";
import { templateFailures } from "./rules";
import { strictFailures } from "./strict";
import type { JobRunInputs, JobTemplate } from "./types";
import { isUnknown, UNKNOWN } from "./unknown";
import type { CheckFailure } from "./validate";

type Loose = Readonly<Record<string, unknown>>;

/** What a schema cannot say of a run: where its image comes from, and the limits of its mode, its own or its job's. */
export function runFailures(inputs: Loose): CheckFailure[] {
  const definition = isPlainObject(inputs["jobDefinition"]) ? inputs["jobDefinition"] : undefined;
  return [
    ...templateFailures(inputs, definition ?? ofJob(inputs)),
    ...(definition === undefined ? [] : templateFailures(definition).map(inDefinition)),
    ...jobFailures(inputs),
    ...behaviourFailures(inputs),
  ];
}

/** The mode of a job that is known by name only shows when the job is read: the rules are asked again then. */
const ofJob = ({ job }: Loose): Loose => (job === undefined ? {} : { mode: UNKNOWN });

/** The rules that hold only on the merged result: asked before anything is created, when the job's definition is at hand. */
export function mergedFailures(inputs: JobRunInputs, { definition, strict }: Merged): CheckFailure[] {
  const failures = templateFailures(inputs as unknown as Loose, definition);
  return strict && failures.length === 0 ? strictFailures(effectiveTemplate(inputs, definition)) : failures;
}

/** What is at hand when a run is about to be made. */
interface Merged {
  readonly definition: JobTemplate | undefined;
  /** Whether Code Engine's own limits hold as well. */
  readonly strict: boolean;
}

function inDefinition({ property, reason }: CheckFailure): CheckFailure {
  return { property: `jobDefinition.${property}`, reason };
}

/** What a run of a job may not say: it is the job's (Code Engine). */
const ofTheJob: Readonly<Record<string, string>> = {
  image: "a run of a job uses the job's image",
  imagePullSecrets: "a run of a job uses the job's",
  serviceAccountName: "a run of a job uses the job's",
};

function jobFailures(inputs: Loose): CheckFailure[] {
  const { job, image } = inputs;
  if (isUnknown(job)) return [];
  if (job !== undefined) {
    const given = Object.entries(ofTheJob).filter(([property]) => inputs[property] !== undefined);
    return given.map(([property, why]) => ({ property, reason: `must not be given together with \`job\`: ${why}` }));
  }
  if (image !== undefined) return [];
  return [{ property: "image", reason: "must be given: a run without `job` is stand-alone and needs an image" }];
}

const LEAST_RETENTION = 60;

function behaviourFailures({ retention, logs }: Loose): CheckFailure[] {
  const short = typeof retention === "number" && retention < LEAST_RETENTION && retention !== -1;
  const nothing = isPlainObject(logs) && logs["capture"] === true && logs["tailLines"] === 0;
  const reason = `must be at least ${LEAST_RETENTION.toString()} seconds, or -1 for ever`;
  return [
    ...(short ? [{ property: "retention", reason: `${reason}, got ${retention.toString()}` }] : []),
    ...(nothing ? [{ property: "logs.tailLines", reason: "must be at least 1 with `capture`, got 0" }] : []),
  ];
}
