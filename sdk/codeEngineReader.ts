import { isPlainObject } from "../provider/core/kube/hash";
import type { JobRunInputs } from "../provider/core/spec/types.generated";

/** What of a Code Engine job or job run is not carried over, and why. */
export interface Unmapped {
  /** Path in the JSON that was read, such as `run_volume_mounts[1]`. */
  readonly field: string;
  /** What is the matter with it, as the rest of a sentence that begins with the field. */
  readonly reason: string;
}

/** Pulumi's `Input` takes no read-only lists. */
export type Writable<T> = T extends object ? { -readonly [Key in keyof T]: Writable<T[Key]> } : T;
export type Args = Writable<JobRunInputs>;

/** What one field says. */
interface Reading {
  readonly args: Args;
  readonly unmapped: Unmapped[];
}

/** Reads the value of a field; `at` is its path, for what is said of it. */
export type Reader = (value: unknown, at: string) => Reading;
/** A field of the JSON, or a type of an entry, and how it is read. */
export type Field = readonly [name: string, read: Reader];

/** The field becomes these arguments. */
export const gives = (args: Args): Reading => ({ args, unmapped: [] });
/** The field has no counterpart here. */
export const lacks = (field: string, reason: string): Reading => ({ args: {}, unmapped: [{ field, reason }] });
/** Values may be secrets, so only their kind is told. */
const wrong = (at: string, must: string, value: unknown): Reading => lacks(at, `must be ${must}, got ${kindOf(value)}`);
/** These words are no secrets, and a wrong one is best seen. */
export const oneOf = (at: string, words: readonly string[], value: unknown): Reading =>
  lacks(at, `must be ${words.map((word) => `\`${word}\``).join(" or ")}, got ${JSON.stringify(value)}`);

/** The field says nothing that a job or run is made of. */
export const nothing: Reader = () => gives({});
/** The field is never carried over, for that reason. */
export const because = (reason: string) => unless(undefined, reason);
const unknownField = because("is not a field that this version knows");

/** The field is not carried over, which needs no word where it has its harmless value. */
export function unless(harmless: unknown, reason: string): Reader {
  return (value, at) => (value === harmless ? gives({}) : lacks(at, reason));
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

/** The JSON as an object of the right kind; anything else is the caller's mistake and throws. */
export function objectOf(json: unknown, what: "job" | "job run"): Readonly<Record<string, unknown>> {
  if (!isPlainObject(json))
    throw new TypeError(`a ${what} of Code Engine must be the object that its JSON describes, got ${kindOf(json)}`);
  const { resource_type: type } = json;
  const other = what === "job" ? "job_run_" : "job_v";
  if (typeof type === "string" && type.startsWith(other))
    throw new TypeError(`a ${what} of Code Engine must be given, got a resource of the type \`${type}\``);
  return json;
}

/** The service leaves out what is not set; other writers of its JSON put null or an empty text. */
export const given = (value: unknown): boolean => value !== null && value !== undefined && value !== "";

/** Reads every member of the object by the reader of its name; of two of a name the later one counts. */
export function readFields(json: Readonly<Record<string, unknown>>, fields: readonly Field[]): Reading {
  const readers = new Map(fields);
  const members = Object.entries(json).filter(([, value]) => given(value));
  return together(members.map(([field, value]) => (readers.get(field) ?? unknownField)(value, field)));
}

function together(readings: readonly Reading[]): Reading {
  const all = readings.map(({ args }) => args);
  const lists = {
    env: all.flatMap(({ env }) => env ?? []),
    envFrom: all.flatMap(({ envFrom }) => envFrom ?? []),
    mounts: all.flatMap(({ mounts }) => mounts ?? []),
  };
  const notEmpty = Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
  const args = Object.assign({}, ...all, notEmpty) as Args;
  return { args, unmapped: readings.flatMap(({ unmapped }) => unmapped) };
}

/** A field that is a text. */
export const text =
  (to: (value: string) => Args): Reader =>
  (value, at) =>
    typeof value === "string" ? gives(to(value)) : wrong(at, "a string", value);

/** A field that is a whole number. */
export const integer =
  (to: (value: number) => Args): Reader =>
  (value, at) =>
    Number.isSafeInteger(value) ? gives(to(Number(value))) : wrong(at, "an integer", value);

/** An empty list means the image's own, as no list does here. */
export const texts =
  (to: (value: string[]) => Args): Reader =>
  (value, at) => {
    const right = Array.isArray(value) && value.every((part) => typeof part === "string");
    return right ? gives(value.length > 0 ? to(value) : {}) : wrong(at, "a list of strings", value);
  };

/** Reads each entry of a list by its type; without one it is of the first. */
export const entries =
  (types: readonly [Field, ...Field[]]): Reader =>
  (value, at) => {
    if (!Array.isArray(value)) return wrong(at, "a list", value);
    return together(value.map((item, i) => readEntry(item, `${at}[${i}]`, types)));
  };

function readEntry(item: unknown, at: string, types: readonly [Field, ...Field[]]): Reading {
  if (!isPlainObject(item)) return wrong(at, "an object", item);
  const { type = types[0][0], ...rest } = Object.fromEntries(Object.entries(item).filter(([, value]) => given(value)));
  const words = types.map(([name]) => name);
  const read = new Map(types).get(String(type));
  return read?.(rest, at) ?? oneOf(`${at}.type`, words, type);
}

/** What an entry may have without consequence: names of mounts and full references, and the mode of mounts that nobody can write to. */
const idle: readonly string[] = ["name", "read_only"];

/** Reads the texts of an entry. One with a fault is left out whole: half of it would be another thing. */
export function entry<Must extends string, May extends string>(
  must: readonly Must[],
  may: readonly May[],
  to: (entry: Record<Must, string> & Partial<Record<May, string>>) => Args,
): Reader {
  return (value, at) => {
    const members = value as Record<Must, string> & Partial<Record<string, string>>;
    const read: string[] = [...must, ...may.filter((key) => key in members)];
    const faults = read.filter((key) => typeof members[key] !== "string");
    if (faults.length > 0) return together(faults.map((key) => wrong(`${at}.${key}`, "a string", members[key])));
    const strange = Object.keys(members).filter((key) => !read.includes(key) && !idle.includes(key));
    return together([gives(to(members)), ...strange.map((key) => unknownField(members[key], `${at}.${key}`))]);
  };
}
