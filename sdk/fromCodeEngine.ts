import { isPlainObject } from "../provider/core/kube/hash";
import { ownVariables } from "../provider/core/kube/variables";
import type {
  EnvFromSource,
  EnvVarSource,
  JobInputs,
  JobRunInputs,
  Mount,
} from "../provider/core/spec/types.generated";

/** What of a Code Engine job or job run is not carried over, and why. */
export interface Unmapped {
  /** Path in the JSON that was read, such as `run_volume_mounts[1]`. */
  readonly field: string;
  /** What is the matter with it, as the rest of a sentence that begins with the field. */
  readonly reason: string;
}

/**
 * The arguments of a `Job` that does the same as this job of Code Engine's REST API v2.
 * A `$` in a value may be doubled, for Kubernetes to undo: a value that is to become a Pulumi secret is taken from the JSON.
 *
 * ```typescript
 * const { args, unmapped } = fromCodeEngineJob(JSON.parse(readFileSync("nightly.json", "utf8")));
 * for (const { field, reason } of unmapped) console.warn(`${field} ${reason}`);
 * new Job("nightly", args);
 * ```
 */
export function fromCodeEngineJob(json: unknown): { args: Writable<JobInputs>; unmapped: Unmapped[] } {
  const { args, unmapped } = readFields(objectOf(json, "job"), sharedFields);
  const { image } = args;
  if (image === undefined) throw new TypeError("a job of Code Engine must have an `image_reference`, got none");
  return { args: { ...args, image }, unmapped };
}

/** The arguments of a `JobRun` that does the same as this job run of Code Engine's REST API v2; values as with `fromCodeEngineJob`. */
export function fromCodeEngineJobRun(json: unknown): { args: Args; unmapped: Unmapped[] } {
  const object = objectOf(json, "job run");
  const overruled = given(object["job_name"]) ? jobsOwnFields : [];
  const reading = readFields(object, [...sharedFields, ...runFields, ...overruled]);
  if (reading.args.image === undefined && reading.args.job === undefined)
    throw new TypeError("a job run of Code Engine must have a `job_name` or an `image_reference`, got neither");
  return reading;
}

/** Pulumi's `Input` takes no read-only lists. */
type Writable<T> = T extends object ? { -readonly [Key in keyof T]: Writable<T[Key]> } : T;
type Args = Writable<JobRunInputs>;

/** What one field says. */
interface Reading {
  readonly args: Args;
  readonly unmapped: Unmapped[];
}

type Reader = (value: unknown, at: string) => Reading;
type Field = readonly [name: string, read: Reader];

const gives = (args: Args): Reading => ({ args, unmapped: [] });
const lacks = (field: string, reason: string): Reading => ({ args: {}, unmapped: [{ field, reason }] });
/** Values may be secrets, so only their kind is told. */
const wrong = (at: string, must: string, value: unknown): Reading => lacks(at, `must be ${must}, got ${kindOf(value)}`);
/** These words are no secrets, and a wrong one is best seen. */
const oneOf = (at: string, words: readonly string[], value: unknown): Reading =>
  lacks(at, `must be ${words.map((word) => `\`${word}\``).join(" or ")}, got ${JSON.stringify(value)}`);

const nothing: Reader = () => gives({});
const because = (reason: string) => unless(undefined, reason);
const unknownField = because("is not a field that this version knows");

function unless(harmless: unknown, reason: string): Reader {
  return (value, at) => (value === harmless ? gives({}) : lacks(at, reason));
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function objectOf(json: unknown, what: "job" | "job run"): Readonly<Record<string, unknown>> {
  if (!isPlainObject(json))
    throw new TypeError(`a ${what} of Code Engine must be the object that its JSON describes, got ${kindOf(json)}`);
  const { resource_type: type } = json;
  const other = what === "job" ? "job_run_" : "job_v";
  if (typeof type === "string" && type.startsWith(other))
    throw new TypeError(`a ${what} of Code Engine must be given, got a resource of the type \`${type}\``);
  return json;
}

/** The service leaves out what is not set; other writers of its JSON put null or an empty text. */
const given = (value: unknown): boolean => value !== null && value !== undefined && value !== "";

function readFields(json: Readonly<Record<string, unknown>>, fields: readonly Field[]): Reading {
  const readers = new Map([...fields, ...(json["run_mode"] === "daemon" ? daemonFields : [])]);
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

const text =
  (to: (value: string) => Args): Reader =>
  (value, at) =>
    typeof value === "string" ? gives(to(value)) : wrong(at, "a string", value);

const integer =
  (to: (value: number) => Args): Reader =>
  (value, at) =>
    Number.isSafeInteger(value) ? gives(to(Number(value))) : wrong(at, "an integer", value);

/** An empty list means the image's own, as no list does here. */
const texts =
  (to: (value: string[]) => Args): Reader =>
  (value, at) => {
    const right = Array.isArray(value) && value.every((part) => typeof part === "string");
    return right ? gives(value.length > 0 ? to(value) : {}) : wrong(at, "a list of strings", value);
  };

/** Reads each entry of a list by its type; without one it is of the first. */
const entries =
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
function entry<Must extends string, May extends string>(
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

/** Kubernetes expands `$(NAME)` and `$$` in values, Code Engine promises no such thing: doubled, a `$` stands for itself. */
const literal = (value: string): string => (/\$[$(]/.test(value) ? value.replaceAll("$", () => "$$") : value);

/** Old versions of the API list the platform's variables among the user's; here a user may not set them. */
const unlessOwn =
  (read: Reader): Reader =>
  (value, at) => {
    const reading = read(value, at);
    const own = reading.args.env?.find(({ name }) => ownVariables.has(name));
    return own === undefined ? reading : lacks(at, `is \`${own.name}\`, which every run sets itself`);
  };

const keyReference = (to: (ref: { name: string; key: string }) => EnvVarSource): Reader =>
  entry(["reference", "key"], ["name"], ({ reference, key, name = key }) => ({
    env: [{ name, valueFrom: to({ name: reference, key }) }],
  }));

const fullReference = (to: (ref: { name: string }) => EnvFromSource): Reader =>
  entry(["reference"], ["prefix"], ({ reference, prefix }) => ({
    envFrom: [{ ...(prefix !== undefined && { prefix }), ...to({ name: reference }) }],
  }));

const literalVariable = entry(["name"], ["value"], ({ name, value = "" }) => ({
  env: [{ name, value: literal(value) }],
}));

const variables = entries([
  ["literal", unlessOwn(literalVariable)],
  ["config_map_key_reference", unlessOwn(keyReference((configMapKeyRef) => ({ configMapKeyRef })))],
  ["secret_key_reference", unlessOwn(keyReference((secretKeyRef) => ({ secretKeyRef })))],
  ["config_map_full_reference", fullReference((configMapRef) => ({ configMapRef }))],
  ["secret_full_reference", fullReference((secretRef) => ({ secretRef }))],
]);

const mountOf = (to: (reference: string) => Omit<Mount, "mountPath">): Reader =>
  entry(["mount_path", "reference"], ["sub_path"], ({ mount_path: mountPath, reference, sub_path: subPath }) => ({
    mounts: [{ mountPath, ...to(reference), ...(subPath !== undefined && { subPath }) }],
  }));

const mounts = entries([
  ["secret", mountOf((secret) => ({ secret }))],
  ["config_map", mountOf((configMap) => ({ configMap }))],
  [
    "persistent_data_store",
    because("is a bucket of Object Storage: mount a PersistentVolumeClaim for it, as `persistentVolumeClaim`"),
  ],
]);

const mode: Reader = (value, at) =>
  value === "task" || value === "daemon" ? gives({ mode: value }) : oneOf(at, ["task", "daemon"], value);

/** `none` asks for what a run without an account has: no token. */
const serviceAccount = unless(
  "none",
  "names an account that Code Engine manages: a program that calls Kubernetes needs its own, as `serviceAccountName`",
);

const trustedProfile = unless(false, "asks for a token of IBM Cloud, which only Code Engine puts into the container");
const build = because("says how the image is made: here it is made elsewhere, and named by `image`");

const sharedFields: readonly Field[] = [
  ["name", text((name) => ({ name }))],
  ["image_reference", text((image) => ({ image }))],
  ["image_secret", text((secret) => ({ imagePullSecrets: [secret] }))],
  ["run_commands", texts((command) => ({ command }))],
  ["run_arguments", texts((args) => ({ args }))],
  ["run_env_variables", variables],
  ["run_volume_mounts", mounts],
  ["run_mode", mode],
  ["scale_array_spec", text((arrayIndices) => ({ arrayIndices }))],
  ["scale_max_execution_time", integer((maxExecutionTime) => ({ maxExecutionTime }))],
  ["scale_retry_limit", integer((retryLimit) => ({ retryLimit }))],
  ["scale_cpu_limit", text((cpu) => ({ cpu }))],
  ["scale_memory_limit", text((memory) => ({ memory }))],
  ["scale_ephemeral_storage_limit", text((ephemeralStorage) => ({ ephemeralStorage }))],
  ["run_service_account", serviceAccount],
  // 0 is not set there, and root here.
  ["run_as_user", integer((runAsUser) => (runAsUser === 0 ? {} : { runAsUser }))],
  ["run_compute_resource_token_enabled", trustedProfile],
  ...alike(build, "build", "build_run"),
  ...alike(nothing, "id", "href", "created_at", "entity_tag", "region", "project_id", "resource_type"),
  ...alike(nothing, "status", "status_details", "computed_env_variables"),
];

function alike(read: Reader, ...names: string[]): Field[] {
  return names.map((name) => [name, read]);
}

const runFields: readonly Field[] = [
  ["job_name", text((job) => ({ job }))],
  ["scale_array_size_variable_override", integer((arraySizeVariable) => ({ arraySizeVariable }))],
];

/** The service shows limits of daemons that have no effect; here they would be refused. */
const daemonFields = alike(nothing, "scale_max_execution_time", "scale_retry_limit");

/** The service shows what a run has from its job; here it would be refused. */
const jobsOwn = because("is the job's: a run with `job` takes it from there");
const jobsOwnFields = alike(jobsOwn, "image_reference", "image_secret");
