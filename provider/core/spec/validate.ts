import Ajv, { type ErrorObject, type ValidateFunction } from "ajv";
import { inputSchema, type ResourceToken } from "./schema";
import { leadsToUnknown, valueAt } from "./unknown";

/** A fault of the user's inputs, in the form that Pulumi's `check` returns. */
export interface CheckFailure {
  /** Pulumi property path, such as `env[2].name`. */
  readonly property: string;
  /** A sentence of the form *must …, got …*. */
  readonly reason: string;
}

const ajv = new Ajv({ allErrors: true, strict: false, verbose: true });
const validators = new Map<ResourceToken, ValidateFunction>();

/** All faults that `schema.json` alone can tell. Values not known yet are no faults and hide none elsewhere. */
export function validateShape(token: ResourceToken, inputs: Readonly<Record<string, unknown>>): CheckFailure[] {
  const validate = validatorOf(token);
  if (validate(inputs)) return [];
  return (validate.errors ?? [])
    .filter((error) => !leadsToUnknown(inputs, stepsOf(error)))
    .map((error) => ({ property: propertyPath(stepsOf(error)), reason: reasonOf(error, inputs) }));
}

function validatorOf(token: ResourceToken): ValidateFunction {
  const known = validators.get(token);
  if (known !== undefined) return known;
  const compiled = ajv.compile(inputSchema(token));
  validators.set(token, compiled);
  return compiled;
}

function stepsOf({ instancePath, keyword, params }: ErrorObject): string[] {
  const steps = instancePath.split("/").slice(1).map(unescapeStep);
  if (keyword === "required") return [...steps, String(params["missingProperty"])];
  if (keyword === "additionalProperties") return [...steps, String(params["additionalProperty"])];
  return steps;
}

const unescapeStep = (step: string): string => step.replaceAll("~1", "/").replaceAll("~0", "~");

/** The path as Pulumi writes it: `env[2].name`. */
export function propertyPath(steps: readonly string[]): string {
  return steps.reduce((path, step) => {
    if (/^[0-9]+$/.test(step)) return `${path}[${step}]`;
    if (!/^[A-Za-z_$][\w$]*$/.test(step)) return `${path}[${JSON.stringify(step)}]`;
    return path === "" ? step : `${path}.${step}`;
  }, "");
}

function reasonOf(error: ErrorObject, inputs: unknown): string {
  const steps = stepsOf(error);
  if (error.keyword === "required") return "must be given";
  if (error.keyword === "additionalProperties")
    return `must not be given: there is no property \`${steps.at(-1) ?? ""}\` here`;
  return `must ${requirement(error)}, got ${quote(valueAt(inputs, steps), isConfidential(steps))}`;
}

type Params = Readonly<Record<string, unknown>>;

const requirements: Readonly<Record<string, (params: Params, error: ErrorObject) => string>> = {
  type: ({ type }) => `be ${withArticle(String(type))}`,
  enum: ({ allowedValues }) => `be ${(allowedValues as string[]).map((value) => `\`${value}\``).join(" or ")}`,
  minimum: ({ limit }) => `be at least ${String(limit)}`,
  maximum: ({ limit }) => `be at most ${String(limit)}`,
  minLength: () => "not be empty",
  maxLength: ({ limit }) => `be at most ${String(limit)} characters long`,
  maxItems: ({ limit }) => `have at most ${String(limit)} entries`,
  pattern: ({ pattern }, { parentSchema }) => String(parentSchema?.["x-must"] ?? `match ${String(pattern)}`),
};

function requirement(error: ErrorObject): string {
  return requirements[error.keyword]?.(error.params, error) ?? error.message ?? error.keyword;
}

function withArticle(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** Values of environment variables and credentials may be secrets, so messages name only their kind. */
function isConfidential(steps: readonly string[]): boolean {
  return steps.at(-1) === "kubeconfig" || (steps[0] === "env" && steps.at(-1) === "value");
}

/** The value as a message shows it: short, and never one that may be secret. */
export function quote(value: unknown, confidential = false): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `a list of ${value.length.toString()}`;
  if (typeof value === "object") return "an object";
  if (confidential) return withArticle(typeof value);
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 80)}… (${text.length.toString()} characters)` : text;
}
