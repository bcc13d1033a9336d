import type { JobInputs, JobRunInputs } from "../../../provider/core/spec/types.generated";
import type { Job } from "../../../sdk/job";
import type { JobRun } from "../../../sdk/jobRun";
import { fromCodeEngineJob, fromCodeEngineJobRun } from "../../../sdk/fromCodeEngine";

type Json = Readonly<Record<string, unknown>>;

const job = { name: "nightly", image_reference: "icr.io/codeengine/helloworld" };

/** What the fields add to the arguments of that job, and of a stand-alone run of the same: they are always alike. */
function added(fields: Json): Json {
  const { image: _image, name: _name, ...ofJob } = fromCodeEngineJob({ ...job, ...fields }).args;
  const { image: _runImage, name: _runName, ...ofRun } = fromCodeEngineJobRun({ ...job, ...fields }).args;
  expect(ofRun).toEqual(ofJob);
  return { ...ofJob };
}

/** What of the fields is not carried over, as `field reason`. */
function lost(fields: Json): string[] {
  const ofJob = fromCodeEngineJob({ ...job, ...fields }).unmapped;
  expect(fromCodeEngineJobRun({ ...job, ...fields }).unmapped).toEqual(ofJob);
  return ofJob.map(({ field, reason }) => `${field} ${reason}`);
}

const env = (...variables: unknown[]): Json => ({ run_env_variables: variables });
const mounts = (...entries: unknown[]): Json => ({ run_volume_mounts: entries });

describe("fields of both", () => {
  test("[U] name and image", () => {
    const args: JobInputs = { name: "nightly", image: "icr.io/codeengine/helloworld" };
    expect(fromCodeEngineJob(job)).toEqual({ args, unmapped: [] });
    expect(fromCodeEngineJobRun(job)).toEqual({ args, unmapped: [] });
  });

  test.each<[Json, Partial<JobInputs>]>([
    [{ image_secret: "registry" }, { imagePullSecrets: ["registry"] }],
    [{ run_commands: ["sh", "-c"] }, { command: ["sh", "-c"] }],
    [{ run_arguments: ["echo $HOME", ""] }, { args: ["echo $HOME", ""] }],
    [{ run_commands: [], run_arguments: [] }, {}],
    [{ run_mode: "task" }, { mode: "task" }],
    [{ run_mode: "daemon" }, { mode: "daemon" }],
    [{ scale_array_spec: "1-5,7-8,10" }, { arrayIndices: "1-5,7-8,10" }],
    [{ scale_max_execution_time: 7_200 }, { maxExecutionTime: 7_200 }],
    [{ scale_retry_limit: 3 }, { retryLimit: 3 }],
    [{ scale_retry_limit: 0 }, { retryLimit: 0 }],
    [{ scale_cpu_limit: "0.125" }, { cpu: "0.125" }],
    [{ scale_memory_limit: "0.25G" }, { memory: "0.25G" }],
    [{ scale_ephemeral_storage_limit: "400M" }, { ephemeralStorage: "400M" }],
    [{ run_service_account: "none" }, {}],
    [{ run_as_user: 1_000 }, { runAsUser: 1_000 }],
    [{ run_as_user: 0 }, {}],
    [{ run_compute_resource_token_enabled: false }, {}],
  ])("[U] %j gives %j, and nothing is lost", (fields, args) => {
    expect(added(fields)).toEqual(args);
    expect(lost(fields)).toEqual([]);
  });

  test("[U] the limits that the service shows for a daemon are dropped", () => {
    const fields = { scale_max_execution_time: 7_200, scale_retry_limit: 3, run_mode: "daemon" };
    expect(added(fields)).toEqual({ mode: "daemon" });
    expect(lost(fields)).toEqual([]);
  });

  test.each([
    "id",
    "href",
    "created_at",
    "entity_tag",
    "region",
    "project_id",
    "resource_type",
    "status",
    "status_details",
    "computed_env_variables",
  ])("[U] %s is read-only: neither carried over nor lost", (field) => {
    expect(added({ [field]: "job" })).toEqual({});
    expect(lost({ [field]: "job" })).toEqual([]);
  });

  test.each([null, undefined, ""])("[U] a field that is %j is not set", (nothing) => {
    const fields = Object.fromEntries(
      ["image_secret", "run_commands", "run_env_variables", "run_mode", "run_as_user", "build"].map((field) => [
        field,
        nothing,
      ]),
    );
    expect(added(fields)).toEqual({});
    expect(lost(fields)).toEqual([]);
  });
});

describe("environment variables", () => {
  test.each<[Json, Partial<JobInputs>]>([
    [{ type: "literal", name: "A", value: "1" }, { env: [{ name: "A", value: "1" }] }],
    [{ name: "A", value: "1" }, { env: [{ name: "A", value: "1" }] }],
    [{ type: "literal", name: "A" }, { env: [{ name: "A", value: "" }] }],
    [
      { type: "config_map_key_reference", reference: "settings", key: "level" },
      { env: [{ name: "level", valueFrom: { configMapKeyRef: { name: "settings", key: "level" } } }] },
    ],
    [
      { type: "config_map_key_reference", reference: "settings", key: "level", name: "LEVEL" },
      { env: [{ name: "LEVEL", valueFrom: { configMapKeyRef: { name: "settings", key: "level" } } }] },
    ],
    [
      { type: "secret_key_reference", reference: "keys", key: "token" },
      { env: [{ name: "token", valueFrom: { secretKeyRef: { name: "keys", key: "token" } } }] },
    ],
    [
      { type: "secret_key_reference", reference: "keys", key: "token", name: "TOKEN" },
      { env: [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "keys", key: "token" } } }] },
    ],
    [
      { type: "config_map_full_reference", reference: "settings" },
      { envFrom: [{ configMapRef: { name: "settings" } }] },
    ],
    [
      { type: "config_map_full_reference", reference: "settings", prefix: "APP_", name: "all" },
      { envFrom: [{ prefix: "APP_", configMapRef: { name: "settings" } }] },
    ],
    [{ type: "secret_full_reference", reference: "keys" }, { envFrom: [{ secretRef: { name: "keys" } }] }],
    [
      { type: "secret_full_reference", reference: "keys", prefix: "KEY_" },
      { envFrom: [{ prefix: "KEY_", secretRef: { name: "keys" } }] },
    ],
    [{ type: "secret_full_reference", reference: "keys", prefix: "" }, { envFrom: [{ secretRef: { name: "keys" } }] }],
  ])("[U] %j gives %j, and nothing is lost", (variable, args) => {
    expect(added(env(variable))).toEqual(args);
    expect(lost(env(variable))).toEqual([]);
  });

  test("[U] the order is kept, of variables and of objects: the last one wins in both worlds", () => {
    const fields = env(
      { type: "secret_full_reference", reference: "b" },
      { name: "Z", value: "1" },
      { type: "config_map_full_reference", reference: "a" },
      { name: "A", value: "2" },
      { type: "secret_full_reference", reference: "b", prefix: "P_" },
      { name: "Z", value: "3" },
    );
    expect(added(fields)).toEqual({
      env: [
        { name: "Z", value: "1" },
        { name: "A", value: "2" },
        { name: "Z", value: "3" },
      ],
      envFrom: [
        { secretRef: { name: "b" } },
        { configMapRef: { name: "a" } },
        { prefix: "P_", secretRef: { name: "b" } },
      ],
    });
  });

  /** What the kubelet makes of a value when the variable `NAME` is `x`. */
  const expanded = (value: string): string =>
    value.replaceAll(/\$\$|\$\(([^)]*)\)/g, (found, name) => (found === "$$" ? "$" : name === "NAME" ? "x" : found));

  test.each([
    ["$HOME", "$HOME"],
    ["100$", "100$"],
    ["a.$.b", "a.$.b"],
    ["$(NAME)", "$$(NAME)"],
    ["$(OTHER) $HOME", "$$(OTHER) $$HOME"],
    ["$$", "$$$$"],
    ["$$$", "$$$$$$"],
    ["$$(NAME)", "$$$$(NAME)"],
    ["^a$(b", "^a$$(b"],
    ["$&$1$$", "$$&$$1$$$$"],
  ])("[U] Kubernetes makes %s out of %s", (value, written) => {
    expect(added(env({ name: "A", value }))).toEqual({ env: [{ name: "A", value: written }] });
    expect(expanded(written)).toBe(value);
  });

  test.each<[unknown, string]>([
    [{ name: "JOB_INDEX", value: "1" }, "run_env_variables[0] is `JOB_INDEX`, which every run sets itself"],
    [
      { type: "secret_key_reference", reference: "keys", key: "CE_JOB" },
      "run_env_variables[0] is `CE_JOB`, which every run sets itself",
    ],
    [{ value: "hunter2" }, "run_env_variables[0].name must be a string, got none"],
    [{ name: "A", value: 7 }, "run_env_variables[0].value must be a string, got a number"],
    [{ name: ["A"], value: "" }, "run_env_variables[0].name must be a string, got a list"],
    [{ type: "secret_key_reference", key: "k" }, "run_env_variables[0].reference must be a string, got none"],
    [{ type: "secret_full_reference" }, "run_env_variables[0].reference must be a string, got none"],
    [
      { type: "vault", name: "A" },
      'run_env_variables[0].type must be `literal` or `config_map_key_reference` or `secret_key_reference` or `config_map_full_reference` or `secret_full_reference`, got "vault"',
    ],
    ["A=hunter2", "run_env_variables[0] must be an object, got a string"],
    [null, "run_env_variables[0] must be an object, got none"],
  ])("[U] %j is left out, with the reason and without its value", (variable, reason) => {
    const fields = env(variable, { name: "B", value: "2" });
    expect(added(fields)).toEqual({ env: [{ name: "B", value: "2" }] });
    expect(lost(fields)).toEqual([reason]);
  });

  test("[U] what an entry has besides is lost, the entry is not", () => {
    const fields = env({ name: "A", value: "1", reference: "x" });
    expect(added(fields)).toEqual({ env: [{ name: "A", value: "1" }] });
    expect(lost(fields)).toEqual(["run_env_variables[0].reference is not a field that this version knows"]);
  });
});

describe("mounts", () => {
  test.each<[Json, Partial<JobInputs>]>([
    [
      { type: "config_map", mount_path: "/etc/app", reference: "settings" },
      { mounts: [{ mountPath: "/etc/app", configMap: "settings" }] },
    ],
    [
      { type: "secret", mount_path: "/etc/keys", reference: "keys", name: "codeengine-mount-1", read_only: true },
      { mounts: [{ mountPath: "/etc/keys", secret: "keys" }] },
    ],
    [{ mount_path: "/etc/keys", reference: "keys" }, { mounts: [{ mountPath: "/etc/keys", secret: "keys" }] }],
    [
      { type: "secret", mount_path: "/etc/key", reference: "keys", sub_path: "key" },
      { mounts: [{ mountPath: "/etc/key", secret: "keys", subPath: "key" }] },
    ],
  ])("[U] %j gives %j, and nothing is lost", (mount, args) => {
    expect(added(mounts(mount))).toEqual(args);
    expect(lost(mounts(mount))).toEqual([]);
  });

  test("[U] a persistent data store needs a PersistentVolumeClaim", () => {
    const fields = mounts(
      { type: "config_map", mount_path: "/a", reference: "a" },
      { type: "persistent_data_store", mount_path: "/data", reference: "store", sub_path: "x", read_only: false },
    );
    expect(added(fields)).toEqual({ mounts: [{ mountPath: "/a", configMap: "a" }] });
    expect(lost(fields)).toEqual([
      "run_volume_mounts[1] is a bucket of Object Storage: mount a PersistentVolumeClaim for it, as `persistentVolumeClaim`",
    ]);
  });

  test.each<[unknown, string]>([
    [{ reference: "a" }, "run_volume_mounts[0].mount_path must be a string, got none"],
    [{ mount_path: "/a" }, "run_volume_mounts[0].reference must be a string, got none"],
    [
      { type: "nfs", mount_path: "/a", reference: "a" },
      'run_volume_mounts[0].type must be `secret` or `config_map` or `persistent_data_store`, got "nfs"',
    ],
  ])("[U] %j is left out, with the reason", (mount, reason) => {
    expect(added(mounts(mount))).toEqual({});
    expect(lost(mounts(mount))).toEqual([reason]);
  });
});

describe("what has no counterpart", () => {
  const account =
    "run_service_account names an account that Code Engine manages: a program that calls Kubernetes needs its own, as `serviceAccountName`";

  test.each<[Json, string]>([
    [{ run_service_account: "default" }, account],
    [{ run_service_account: "manager" }, account],
    [{ run_service_account: "reader" }, account],
    [{ run_service_account: "writer" }, account],
    [
      { run_compute_resource_token_enabled: true },
      "run_compute_resource_token_enabled asks for a token of IBM Cloud, which only Code Engine puts into the container",
    ],
    [{ build: "b1" }, "build says how the image is made: here it is made elsewhere, and named by `image`"],
    [{ build_run: "b1-1" }, "build_run says how the image is made: here it is made elsewhere, and named by `image`"],
    [{ scale_gpu_limit: 1 }, "scale_gpu_limit is not a field that this version knows"],
    [{ constructor: 1 }, "constructor is not a field that this version knows"],
    [{ run_mode: "batch" }, 'run_mode must be `task` or `daemon`, got "batch"'],
    [{ scale_retry_limit: "3" }, "scale_retry_limit must be an integer, got a string"],
    [{ scale_max_execution_time: 1.5 }, "scale_max_execution_time must be an integer, got a number"],
    [{ scale_cpu_limit: 1 }, "scale_cpu_limit must be a string, got a number"],
    [{ run_commands: "sh" }, "run_commands must be a list of strings, got a string"],
    [{ run_arguments: ["a", 1] }, "run_arguments must be a list of strings, got a list"],
    [{ run_env_variables: { A: "1" } }, "run_env_variables must be a list, got an object"],
  ])("[U] %j is lost, with the reason", (fields, reason) => {
    expect(added(fields)).toEqual({});
    expect(lost(fields)).toEqual([reason]);
  });

  test("[U] what is lost is told in the order of the fields", () => {
    const fields = { build: "b", run_service_account: "reader", x: 1, scale_cpu_limit: "2" };
    expect(fromCodeEngineJob({ ...job, ...fields }).unmapped.map(({ field }) => field)).toEqual([
      "build",
      "run_service_account",
      "x",
    ]);
  });
});

describe("fields of a run", () => {
  test("[U] the job's name, the array's variable and what the run overrides are carried over", () => {
    const args: JobRunInputs = { name: "tonight", job: "nightly", arrayIndices: "3,7,9", arraySizeVariable: 10 };
    const run = { name: "tonight", job_name: "nightly", scale_array_spec: "3,7,9" };
    expect(fromCodeEngineJobRun({ ...run, scale_array_size_variable_override: 10 })).toEqual({ args, unmapped: [] });
  });

  test("[U] image and registry's secret of a run of a job are the job's", () => {
    expect(fromCodeEngineJobRun({ ...job, image_secret: "registry", job_name: "nightly" })).toEqual({
      args: { name: "nightly", job: "nightly" },
      unmapped: [
        { field: "image_reference", reason: "is the job's: a run with `job` takes it from there" },
        { field: "image_secret", reason: "is the job's: a run with `job` takes it from there" },
      ],
    });
  });

  test("[U] an empty name of a job makes a stand-alone run", () => {
    expect(fromCodeEngineJobRun({ ...job, job_name: "" }).args).toEqual(fromCodeEngineJob(job).args);
  });

  test.each(["job_name", "scale_array_size_variable_override"])("[U] a job has no %s", (field) => {
    expect(fromCodeEngineJob({ ...job, [field]: 1 }).unmapped).toEqual([
      { field, reason: "is not a field that this version knows" },
    ]);
  });
});

test("[U] a run as the service shows it", () => {
  const { args, unmapped } = fromCodeEngineJobRun({
    ...{ id: "e33b1cv7", href: "https://example.com", created_at: "2026-05-01T00:00:00Z", region: "eu-de" },
    ...{ name: "tonight", job_name: "nightly", resource_type: "job_run_v2", status: "running" },
    ...{ image_reference: "icr.io/codeengine/helloworld", run_commands: [], run_arguments: [] },
    ...{ run_env_variables: [{ name: "A", value: "1", type: "literal" }], run_volume_mounts: [] },
    ...{ run_mode: "daemon", run_service_account: "none", run_compute_resource_token_enabled: false },
    ...{ scale_array_spec: "0-1", scale_max_execution_time: 7_200, scale_retry_limit: 3, scale_cpu_limit: "1" },
    ...{ scale_memory_limit: "4G", scale_ephemeral_storage_limit: "400M", status_details: { running: 2 } },
  });
  expect(args).toEqual({
    ...{ name: "tonight", job: "nightly", env: [{ name: "A", value: "1" }], mode: "daemon", arrayIndices: "0-1" },
    ...{ cpu: "1", memory: "4G", ephemeralStorage: "400M" },
  });
  expect(unmapped.map(({ field }) => field)).toEqual(["image_reference"]);
});

test("[U] the resources take the arguments as they are", () => {
  // The compiler is what tests here.
  const ofJob: ConstructorParameters<typeof Job>[1] = fromCodeEngineJob(job).args;
  const ofRun: ConstructorParameters<typeof JobRun>[1] = fromCodeEngineJobRun(job).args;
  expect(ofRun).toEqual(ofJob);
});

describe("wrong input", () => {
  test.each<[unknown, string]>([
    [undefined, "none"],
    [null, "none"],
    ['{"name":"nightly"}', "a string"],
    [[job], "a list"],
    [7, "a number"],
  ])("[U] %j is refused", (json, kind) => {
    const rest = `must be the object that its JSON describes, got ${kind}`;
    expect(() => fromCodeEngineJob(json)).toThrow(new TypeError(`a job of Code Engine ${rest}`));
    expect(() => fromCodeEngineJobRun(json)).toThrow(new TypeError(`a job run of Code Engine ${rest}`));
  });

  test.each([{}, { name: "nightly" }, { ...job, image_reference: 1 }, { jobs: [job] }])(
    "[U] %j is refused: it is nothing to run",
    (json) => {
      expect(() => fromCodeEngineJob(json)).toThrow("a job of Code Engine must have an `image_reference`, got none");
      expect(() => fromCodeEngineJobRun(json)).toThrow(
        "a job run of Code Engine must have a `job_name` or an `image_reference`, got neither",
      );
    },
  );

  test("[U] a job is no run, and a run no job", () => {
    expect(() => fromCodeEngineJob({ ...job, resource_type: "job_run_v2" })).toThrow(
      "a job of Code Engine must be given, got a resource of the type `job_run_v2`",
    );
    expect(() => fromCodeEngineJobRun({ ...job, resource_type: "job_v2" })).toThrow(
      "a job run of Code Engine must be given, got a resource of the type `job_v2`",
    );
    expect(fromCodeEngineJob({ ...job, resource_type: "job_v2" }).unmapped).toEqual([]);
    expect(fromCodeEngineJobRun({ ...job, resource_type: "job_run_v2" }).unmapped).toEqual([]);
  });
});
