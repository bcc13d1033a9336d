import { countIndices, MOST_INDICES, parseIndexSet } from "../kube/indexSet";
import { milliQuantity } from "../kube/quantity";
import type { JobInputs } from "./types.generated";
import { isUnknown } from "./unknown";
import { type CheckFailure, quote } from "./validate";

/** What the inputs say, before the schema has been asked: any field may be absent, unknown or of the wrong type. */
type Template = { readonly [Field in keyof JobInputs]?: unknown };

/** The memories that Code Engine sells with each CPU, both ascending. */
const pairs: readonly (readonly [cpu: string, memories: readonly string[]])[] = [
  ["0.125", ["0.25G", "0.5G", "1G"]],
  ["0.25", ["0.5G", "1G", "2G"]],
  ["0.5", ["1G", "2G", "4G"]],
  ["1", ["2G", "4G", "8G"]],
  ["2", ["4G", "8G", "16G"]],
  ["4", ["8G", "16G", "32G"]],
  ["6", ["12G", "24G", "48G"]],
  ["8", ["16G", "32G"]],
  ["10", ["20G", "40G"]],
  ["12", ["24G", "48G"]],
];

/** Code Engine's defaults, which hold where the template is silent. */
const defaults = { cpu: "1", memory: "4G", ephemeralStorage: "400M" } as const;
type Quantity = keyof typeof defaults;

const MOST_SECONDS = 86_400;
const MOST_RETRIES = 5;
const LONGEST_IMAGE = 256;
const MOST_BYTES = 10_240;

/**
 * What Code Engine itself would refuse in a complete template, of a job or of a run merged with its job's.
 * Where a value is unknown the rules that need it wait; what is wrong in itself is left to the schema.
 */
export function strictFailures(template: Template, name?: string): CheckFailure[] {
  return [
    ...imageFailures(template.image),
    ...indexFailures(template),
    ...numberFailures("maxExecutionTime", template.maxExecutionTime, MOST_SECONDS),
    ...numberFailures("retryLimit", template.retryLimit, MOST_RETRIES),
    ...pairFailures(template),
    ...storageFailures(template),
    ...sizeFailures(template, name),
  ];
}

function imageFailures(image: unknown): CheckFailure[] {
  if (typeof image !== "string" || image.length <= LONGEST_IMAGE) return [];
  return [tooMuch("image", `be at most ${LONGEST_IMAGE} characters long`, `${image.length} characters`)];
}

/** A spec says its array twice: the size is asked about only where it stands alone. */
function indexFailures({ arrayIndices, arraySize }: Template): CheckFailure[] {
  if (typeof arrayIndices !== "string" || isUnknown(arrayIndices))
    return numberFailures("arraySize", arraySize, MOST_INDICES);
  const parsed = parseIndexSet(arrayIndices);
  const count = "set" in parsed ? countIndices(parsed.set) : 0;
  return count > MOST_INDICES ? [tooMuch("arrayIndices", `name at most ${MOST_INDICES} indices`, `${count}`)] : [];
}

function numberFailures(property: string, value: unknown, most: number): CheckFailure[] {
  return typeof value === "number" && value > most ? [tooMuch(property, `be at most ${most}`, quote(value))] : [];
}

function tooMuch(property: string, must: string, got: string): CheckFailure {
  return { property, reason: `must ${must} (Code Engine's limit), got ${got}` };
}

function pairFailures(template: Template): CheckFailure[] {
  const cpu = quantityOf(template, "cpu");
  if (cpu === undefined) return [];
  const pair = pairs.find(([offered]) => milliQuantity(offered) === cpu.value);
  if (pair === undefined) {
    const cpus = pairs.map(([offered]) => offered);
    return [notOffered("cpu", "be a CPU that Code Engine offers", { choices: cpus, got: cpu })];
  }
  const [size, choices] = pair;
  const memory = quantityOf(template, "memory");
  if (memory === undefined || choices.some((choice) => milliQuantity(choice) === memory.value)) return [];
  return [notOffered("memory", `be a memory that Code Engine offers with cpu \`${size}\``, { choices, got: memory })];
}

interface Amount {
  readonly value: bigint;
  /** As a message shows it. */
  readonly shown: string;
}

/** Undefined where it is unknown, or no quantity at all. */
function quantityOf(template: Template, field: Quantity): Amount | undefined {
  const said = template[field];
  const text = said ?? defaults[field];
  const value = typeof text === "string" && !isUnknown(text) ? milliQuantity(text) : undefined;
  if (value === undefined) return undefined;
  return { value, shown: said === undefined ? `${quote(text)} (the default)` : quote(text) };
}

function notOffered(
  property: Quantity,
  must: string,
  { choices, got }: { readonly choices: readonly string[]; readonly got: Amount },
): CheckFailure {
  return { property, reason: `must ${must}: the nearest is \`${nearest(choices, got.value)}\`, got ${got.shown}` };
}

/** Of two that are equally near the larger: with less than it asks for a program may not run. */
function nearest(choices: readonly string[], wanted: bigint): string {
  const distance = (choice: string): bigint => {
    const offered = milliQuantity(choice) ?? 0n;
    return offered > wanted ? offered - wanted : wanted - offered;
  };
  return choices.reduce((best, choice) => (distance(choice) <= distance(best) ? choice : best));
}

function storageFailures(template: Template): CheckFailure[] {
  const storage = quantityOf(template, "ephemeralStorage");
  const memory = quantityOf(template, "memory");
  if (storage === undefined || memory === undefined) return [];
  const least = milliQuantity(defaults.ephemeralStorage) ?? 0n;
  if (storage.value <= least || storage.value <= memory.value) return [];
  const must = `be at most the memory ${memory.shown}, or ${defaults.ephemeralStorage} if that is more`;
  return [tooMuch("ephemeralStorage", must, storage.shown)];
}

/** The whole definition as JSON counts there, secret values too. The connection is no part of it. */
function sizeFailures({ connection: _connection, ...template }: Template, name: string | undefined): CheckFailure[] {
  const bytes = Buffer.byteLength(JSON.stringify({ ...template, ...(name !== undefined && { name }) }, counted));
  return bytes > MOST_BYTES ? [tooMuch("", `be at most ${MOST_BYTES} bytes as JSON`, `${bytes} bytes`)] : [];
}

/** Neither what is unknown nor the provider's own mark of a secret value is the user's text. */
function counted(key: string, member: unknown): unknown {
  if (key === "secret" && member === true) return undefined;
  if (Array.isArray(member)) return member.filter((item) => !isUnknown(item));
  return isUnknown(member) ? undefined : member;
}
