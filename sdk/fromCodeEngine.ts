import { ownVariables } from "../provider/core/kube/variables";
import type { EnvFromSource, EnvVarSource, JobInputs, Mount } from "../provider/core/spec/types.generated";
import {
  because,
  entries,
  entry,
  given,
  gives,
  integer,
  lacks,
  nothing,
  objectOf,
  oneOf,
  readFields,
  text,
  texts,
  unless,
  type Args,
  type Field,
  type Reader,
  type Unmapped,
  type Writable,
} from "./codeEngineReader";

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
  const object = objectOf(json, "job");
  const { args, unmapped } = readFields(object, [...sharedFields, ...ofMode(object)]);
  const { image } = args;
  if (image === undefined) throw new TypeError("a job of Code Engine must have an `image_reference`, got none");
  return { args: { ...args, image }, unmapped };
}

/** The arguments of a `JobRun` that does the same as this job run of Code Engine's REST API v2; values as with `fromCodeEngineJob`. */
export function fromCodeEngineJobRun(json: unknown): { args: Args; unmapped: Unmapped[] } {
  const object = objectOf(json, "job run");
  const overruled = given(object["job_name"]) ? jobsOwnFields : [];
  const reading = readFields(object, [...sharedFields, ...runFields, ...overruled, ...ofMode(object)]);
  if (reading.args.image === undefined && reading.args.job === undefined)
    throw new TypeError("a job run of Code Engine must have a `job_name` or an `image_reference`, got neither");
  return reading;
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

/** A daemon's limits are stored defaults without effect there, and refused here. */
function ofMode(json: Readonly<Record<string, unknown>>): readonly Field[] {
  return json["run_mode"] === "daemon" ? daemonFields : [];
}

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
