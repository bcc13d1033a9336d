import type { ErrorObject } from "ajv";
import { hintFor, nearest } from "./hints";
import { propertiesAt, type Token } from "./schema";
import { leadsToUnknown, valueAt } from "./unknown";
import { validatorOf } from "./validators";

/** A fault of the user's inputs, in the form that Pulumi's `check` returns. */
export interface CheckFailure {
  /** Pulumi property path, such as `env[2].name`. */
  readonly property: string;
  /** A sentence of the form *must …, got …*. */
  readonly reason: string;
}

type Loose = Readonly<Record<string, unknown>>;

/** All faults that `schema.json` alone can tell. Values not known yet are no faults and hide none elsewhere. */
export function validateShape(token: Token, inputs: Loose, original = inputs): CheckFailure[] {
  const validate = validatorOf(token);
  if (validate(inputs)) return [];
  return (validate.errors ?? [])
    .filter((error) => !isInKey(error) && !leadsToUnknown(inputs, excusedBy(error)))
    .map((error) => ({ property: propertyPath(stepsOf(error)), reason: reasonOf(error, { token, inputs: original }) }));
}

/** What is wrong within a key is told once, of the map that holds the key. */
const isInKey = ({ keyword, propertyName }: ErrorObject): boolean =>
  propertyName !== undefined && keyword !== "propertyNames";

function stepsOf(error: ErrorObject): string[] {
  const steps = error.instancePath.split("/").slice(1).map(unescapeStep);
  const missing = error.params["missingProperty"] as string | undefined;
  const extra = error.params["additionalProperty"] as string | undefined;
  const last = missing ?? extra;
  return last === undefined ? steps : [...steps, last];
}

/** Where an unknown value excuses the fault. A property that does not exist is a fault whatever its value will be. */
function excusedBy(error: ErrorObject): string[] {
  const steps = stepsOf(error);
  return error.keyword === "additionalProperties" ? steps.slice(0, -1) : steps;
}

const unescapeStep = (step: string): string => step.replaceAll("~1", "/").replaceAll("~0", "~");

/** The path as Pulumi writes it: `env[2].name`. */
function propertyPath(steps: readonly string[]): string {
  return steps.reduce((path, step) => {
    if (/^[0-9]+$/.test(step)) return `${path}[${step}]`;
    if (!/^[A-Za-z_$][\w$]*$/.test(step)) return `${path}[${JSON.stringify(step.slice(0, 80))}]`;
    return path === "" ? step : `${path}.${step}`;
  }, "");
}

interface Checked {
  readonly token: Token;
  readonly inputs: unknown;
}

function reasonOf(error: ErrorObject, checked: Checked): string {
  const steps = stepsOf(error);
  if (error.keyword === "required") return "must be given";
  if (error.keyword === "additionalProperties") return noSuchProperty(steps, checked);
  if (error.keyword === "propertyNames")
    return `must ${requirement(error)}, got the key ${quote(error.params["propertyName"])}`;
  const value = valueAt(checked.inputs, steps);
  const got = `must ${requirement(error)}, got ${quote(value, isConfidential(steps, value))}`;
  return isConfidential(steps, value) ? got : got + help(error, steps, value);
}

function noSuchProperty(steps: readonly string[], { token }: Checked): string {
  const name = steps.at(-1) ?? "";
  const meant = nearest(name, propertiesAt(token, steps.slice(0, -1)));
  const help = meant === undefined ? "" : `; did you mean \`${meant}\`?`;
  return `must not be given: there is no property \`${name.slice(0, 80)}\` here${help}`;
}

function help(error: ErrorObject, steps: readonly string[], value: unknown): string {
  if (error.keyword !== "enum") return hintFor(steps.at(-1) ?? "", value);
  const meant = typeof value === "string" ? nearest(value, error.params["allowedValues"] as string[]) : undefined;
  return meant === undefined ? "" : `; did you mean \`${meant}\`?`;
}

type Params = Readonly<Record<string, unknown>>;
type Parent = Readonly<Record<string, string | undefined>>;

const requirements: Readonly<Record<string, (params: Params, parent: Parent) => string>> = {
  type: ({ type }) => `be ${withArticle(String(type))}`,
  enum: ({ allowedValues }) => `be ${(allowedValues as string[]).map((value) => `\`${value}\``).join(" or ")}`,
  minimum: ({ limit }) => `be at least ${String(limit)}`,
  maximum: ({ limit }) => `be at most ${String(limit)}`,
  minLength: () => "not be empty",
  maxLength: ({ limit }) => `be at most ${String(limit)} characters long`,
  maxItems: ({ limit }) => `have at most ${String(limit)} entries`,
  pattern: ({ pattern }, parent) => parent["x-must"] ?? `match ${String(pattern)}`,
  propertyNames: (_params, parent) => parent["x-key-must"] ?? "have other keys",
};

function requirement(error: ErrorObject): string {
  const parent = (error.parentSchema ?? {}) as Parent;
  return requirements[error.keyword]?.(error.params, parent) ?? error.message ?? error.keyword;
}

function withArticle(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

/** Values of variables and credentials may be secrets, so messages name only their kind; a variable's name is none, unless it holds more. */
function isConfidential(steps: readonly string[], value: unknown): boolean {
  const confidential = steps.includes("env") || steps.includes("connection");
  const harmless = steps.at(-1) === "name" && typeof value === "string" && !value.includes("=");
  return confidential && !harmless && steps.at(-1) !== "context";
}

/** The value as a message shows it: short, and never one that may be secret. */
export function quote(value: unknown, confidential = false): string {
  if (value === null || value === undefined) return String(value);
  if (Array.isArray(value)) return `a list of ${value.length.toString()}`;
  if (typeof value === "object") return "an object";
  if (confidential) return withArticle(typeof value);
  if (typeof value !== "string" || value.length <= 80) return JSON.stringify(value);
  return `${JSON.stringify(value.slice(0, 80))}… (${value.length.toString()} characters)`;
}
