import { parseIndexSet } from "../kube/indexSet";
import { ownVariables } from "../kube/variables";
import type { EnvVar, JobRunInputs, Mode, RunTemplate } from "./types";
import { isUnknown, onlyKnown } from "./unknown";
import { type CheckFailure, quote } from "./validate";

/** What a schema cannot say of a template: rules between fields. */
export function templateFailures(inputs: RunTemplate, inheritedMode?: Mode): CheckFailure[] {
  const known = onlyKnown(inputs);
  const modeKnown = !isUnknown(inputs.mode);
  return [
    ...(modeKnown ? taskOnlyFailures(known, known.mode ?? inheritedMode) : []),
    ...arrayFailures(known),
    ...(Array.isArray(known.env) ? envFailures(known.env) : []),
  ];
}

function taskOnlyFailures(inputs: RunTemplate, mode: Mode | undefined): CheckFailure[] {
  if (mode !== "daemon") return [];
  const reasons = {
    maxExecutionTime: "must not be given with mode `daemon`: a daemon runs without a time limit",
    retryLimit: "must not be given with mode `daemon`: failed instances of a daemon are restarted without limit",
  } as const;
  return Object.entries(reasons)
    .filter(([property]) => inputs[property as keyof typeof reasons] !== undefined)
    .map(([property, reason]) => ({
      property,
      reason: `${reason}, got ${quote(inputs[property as keyof RunTemplate])}`,
    }));
}

function arrayFailures({ arrayIndices, arraySize }: RunTemplate): CheckFailure[] {
  const failures: CheckFailure[] = [];
  if (arrayIndices !== undefined && arraySize !== undefined) {
    failures.push({
      property: "arraySize",
      reason: `must not be given together with \`arrayIndices\`, got ${quote(arraySize)}`,
    });
  }
  if (typeof arrayIndices !== "string" || arrayIndices === "") return failures;
  const parsed = parseIndexSet(arrayIndices);
  if ("must" in parsed)
    failures.push({ property: "arrayIndices", reason: `must ${parsed.must}, got ${quote(arrayIndices)}` });
  return failures;
}

function envFailures(env: readonly EnvVar[]): CheckFailure[] {
  return env.flatMap((variable: EnvVar | null, i) => {
    if (variable === null || typeof variable !== "object") return [];
    const at = `env[${i.toString()}]`;
    return [
      ...(ownVariables.has(variable.name)
        ? [{ property: `${at}.name`, reason: `must not be \`${variable.name}\`: the run sets this variable itself` }]
        : []),
      ...(variable.value !== undefined && variable.valueFrom !== undefined
        ? [{ property: at, reason: "must have either `value` or `valueFrom`, got both" }]
        : []),
    ];
  });
}

/** What a schema cannot say of a run: where its image comes from, and the limits of its mode, its own or its job's. */
export function runFailures(inputs: JobRunInputs): CheckFailure[] {
  const { job, image, jobDefinition } = inputs;
  const definition = jobDefinition === undefined || isUnknown(jobDefinition) ? undefined : onlyKnown(jobDefinition);
  const failures = templateFailures(inputs, definition?.mode);
  if (job === undefined && image === undefined) {
    failures.push({
      property: "image",
      reason: "must be given: a run without `job` is stand-alone and needs an image",
    });
  }
  if (job !== undefined && image !== undefined) {
    failures.push({
      property: "image",
      reason: "must not be given together with `job`: a run of a job uses the job's image",
    });
  }
  return failures;
}

/** The rules that hold only on the merged result: asked before anything is created, when the job's definition is at hand. */
export function mergedFailures(inputs: JobRunInputs, definition: RunTemplate | undefined): CheckFailure[] {
  return templateFailures(inputs, definition?.mode);
}
