import { UNKNOWN } from "../../../../provider/core/spec/unknown";
import {
  cpuRule,
  directories,
  jobFaults,
  list,
  nameRule,
  runFaults,
  short,
  sources,
  tolerations,
  variables,
} from "../../support/faults";

const accepted: Readonly<Record<string, readonly object[]>> = {
  name: [{ name: "a" }, { name: "0-9" }, { name: "a".repeat(63) }, { name: undefined }],
  namespace: [{ namespace: "a" }, { namespace: "n".repeat(63) }],
  connection: [{ connection: {} }, { connection: { kubeconfig: "~/.kube/config" } }, { connection: { context: "c" } }],
  image: [
    { image: "busybox" },
    { image: "registry:5000/team/app:1.2" },
    { image: `a@sha256:${"0".repeat(64)}` },
    { image: `localhost:5000/a/b/c:v1@sha256:${"f".repeat(64)}` },
    { image: "a__b/c--d.e_f" },
    { image: `a:${"t".repeat(128)}` },
  ],
  imagePullPolicy: ["Always", "IfNotPresent", "Never"].map((imagePullPolicy) => ({ imagePullPolicy })),
  "command and args": [{ command: [] }, { command: list(100) }, { args: list(100) }, { args: [""] }],
  env: [
    { env: [] },
    { env: variables(100) },
    { env: [{ name: "1 a.b-c", value: "" }] },
    { env: [{ name: "~", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }] },
    { env: [{ name: "JOB_COMPLETION_INDEX" }, { name: "job_index" }, { name: "CE_OTHER" }] },
  ],
  mode: [{ mode: "task" }, { mode: "daemon" }],
  array: [
    { arrayIndices: "0" },
    { arrayIndices: " 1 - 5, 7 " },
    { arrayIndices: "0-9999" },
    { arraySize: 1 },
    { arraySize: 10_000 },
  ],
  limits: [
    { maxExecutionTime: 1 },
    { maxExecutionTime: 2_147_483_647 },
    { retryLimit: 0 },
    { retryLimit: 2_147_483_647 },
    { mode: "task", maxExecutionTime: 1, retryLimit: 0 },
  ],
  sizes: [{ cpu: "0.5" }, { cpu: "500m", memory: "2G" }, { memory: "1e9" }, { ephemeralStorage: "2Gi" }],
  imagePullSecrets: [{ imagePullSecrets: [] }, { imagePullSecrets: ["a", "reg.example-1"] }],
  serviceAccountName: [{ serviceAccountName: "a".repeat(253) }, { serviceAccountName: "ci.robot" }],
  envFrom: [
    { envFrom: [] },
    { envFrom: sources(100) },
    { envFrom: [{ configMapRef: { name: "c", optional: true } }, { prefix: "", secretRef: { name: "s" } }] },
  ],
  "sources of variables": [
    { env: [{ name: "a", valueFrom: { configMapKeyRef: { name: "c", key: "A_b-c.d", optional: false } } }] },
    { env: [{ name: "a", valueFrom: { fieldRef: { fieldPath: "spec.nodeName", apiVersion: "v1" } } }] },
    { env: [{ name: "a", valueFrom: { resourceFieldRef: { resource: "limits.cpu", divisor: "1m" } } }] },
  ],
  mounts: [
    { mounts: [] },
    { mounts: directories(100) },
    { mounts: [{ mountPath: `/${"a".repeat(4095)}`, secret: "s", subPath: "..a/b..", readOnly: true }] },
    { mounts: [{ mountPath: "/a", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } }] },
    { mounts: [{ mountPath: "/a", emptyDir: { medium: "" } }] },
    { mounts: [{ mountPath: "/a", persistentVolumeClaim: "p", subPath: "x/y" }] },
  ],
  "users and security": [
    { runAsUser: 0 },
    { runAsUser: 2_147_483_647 },
    { podSecurity: "baseline" },
    { podSecurity: "restricted", runAsUser: 1_000 },
  ],
  "labels and annotations": [
    { labels: {}, annotations: {} },
    { labels: { a: "", "example.com/A_b.c-d": "x".repeat(63) } },
    { labels: { "app.kubernetes.io/name": "x" }, annotations: { "app.kubernetes.io/managed-by": "any text, ö\n" } },
  ],
  scheduling: [
    { nodeSelector: {} },
    { nodeSelector: { "kubernetes.io/arch": "arm64" } },
    { tolerations: [] },
    { tolerations: tolerations(100) },
    { tolerations: [{ key: "a", operator: "Equal", value: "b", effect: "NoExecute", tolerationSeconds: 0 }] },
    { priorityClassName: "a".repeat(253) },
    { terminationGracePeriodSeconds: 0 },
    { terminationGracePeriodSeconds: 2_147_483_647 },
  ],
  queue: [{ queue: "q".repeat(63) }, { queue: "q", mode: "task" }],
  orphanRuns: [{ orphanRuns: true }, { orphanRuns: false }],
};

describe("a job is accepted", () => {
  test.each(
    Object.entries(accepted).flatMap(([field, cases]) =>
      cases.map((inputs) => [field, short(inputs), inputs] as const),
    ),
  )("[U] with %s %s", (_field, _title, inputs) => {
    expect(jobFaults(inputs)).toEqual([]);
  });
});

describe("a run is accepted", () => {
  test.each([
    { image: "a", name: "r".repeat(53) },
    { job: "nightly" },
    { job: "j".repeat(63) },
    { job: "nightly", jobRevision: "abc" },
    { job: "nightly", jobRevision: "" },
    { job: "nightly", jobDefinition: { image: "a", orphanRuns: true, name: "nightly", namespace: "jobs" } },
    { job: "nightly", jobDefinition: { image: "a", retryLimit: 1, queue: "q" }, mode: "daemon" },
    { job: "nightly", jobDefinition: { image: "a", mode: "daemon" }, backend: "deployment" },
    // Of a job that is known by name only, nobody knows the mode yet.
    { job: "nightly", backend: "deployment", settle: true },
    { job: "nightly", jobDefinition: UNKNOWN, settle: true },
    { job: UNKNOWN, settle: true },
    { job: "nightly", maxExecutionTime: 60, retryLimit: 0, queue: "q", ignoreDisruptions: false },
    { job: "nightly", jobDefinition: { image: "a", mode: "daemon" }, mode: "task", retryLimit: 0, queue: "q" },
    { image: "a", arraySizeVariable: 0 },
    { image: "a", arraySizeVariable: 2_147_483_647 },
    { image: "a", triggers: {} },
    { image: "a", triggers: { version: "v1", list: [1, null, { deep: true }] } },
    { image: "a", wait: {} },
    ...["completion", "running", "nothing"].map((until) => ({ image: "a", wait: { until } })),
    { image: "a", wait: { stableSeconds: 0, unschedulableSeconds: 0, queueSeconds: 1 } },
    {
      image: "a",
      wait: { stableSeconds: 86_400, unschedulableSeconds: 2_147_483_647, queueSeconds: 2_147_483_647 },
    },
    ...["resume", "rerun", "keep"].map((onFailure) => ({ image: "a", onFailure })),
    { image: "a", logs: {} },
    { image: "a", logs: { tailLines: 0, capture: false } },
    { image: "a", logs: { tailLines: 1, capture: true } },
    { image: "a", logs: { capture: true } },
    { image: "a", logs: { tailLines: 1_000 } },
    ...[-1, 60, 61, 2_147_483_647].map((retention) => ({ image: "a", retention })),
    { image: "a", ignoreDisruptions: false },
    { image: "a", ignoreDisruptions: true },
    { image: "a", mode: "daemon", backend: "auto" },
    { image: "a", mode: "daemon", backend: "deployment" },
  ])("[U] with %j", (inputs) => {
    expect(runFaults(inputs)).toEqual([]);
  });
});

describe("a job is refused", () => {
  test.each([
    "JOB_INDEX",
    "JOB_ARRAY_SIZE",
    "JOB_MODE",
    "JOB_INDEX_RETRY_COUNT",
    "JOB_RETRY_LIMIT",
    "CE_JOB",
    "CE_JOBRUN",
    "CE_SUBDOMAIN",
    "HOSTNAME",
  ])("[U] with a variable %s of its own, because the run sets it", (name) => {
    expect(jobFaults({ env: [{ name }] })).toEqual([
      `env[0].name: must not be \`${name}\`: the run sets this variable itself`,
    ]);
  });
});

test("[U] all faults are told at once, each at its own place", () => {
  const inputs = {
    name: "A",
    image: 1,
    env: [{ name: "HOSTNAME" }, {}],
    arrayIndices: "2-1",
    retryLimit: -1,
    cpu: "x",
  };
  expect(jobFaults(inputs)).toEqual([
    `name: ${nameRule}, got "A"; did you mean \`a\`?`,
    "image: must be a string, got 1",
    "env[1].name: must be given",
    "retryLimit: must be at least 0, got -1",
    `cpu: ${cpuRule}, got "x"`,
    'arrayIndices: must have ascending ranges: write `1-2`, got "2-1"',
    "env[0].name: must not be `HOSTNAME`: the run sets this variable itself",
  ]);
});

describe("what may be secret is never echoed", () => {
  const secret = "hunter2";
  test.each([
    ["a list as a variable's value", { env: [{ name: "a", value: [secret] }] }],
    ["an object as a variable's value", { env: [{ name: "a", value: { secret } }] }],
    ["a value and a source", { env: [{ name: "a", value: secret, valueFrom: {} }] }],
    ["a mapping in place of a list", { env: { a: secret } }],
    ["a kubeconfig as an object", { connection: { kubeconfig: { secret } } }],
    ["a kubeconfig in a list", { connection: { kubeconfig: [secret] } }],
    [
      "a fault beside a value",
      {
        env: [
          { name: "ä", value: secret },
          { name: "HOSTNAME", value: secret },
        ],
      },
    ],
  ])("[U] %s", (_title, inputs) => {
    const faults = jobFaults(inputs);
    expect(faults).not.toEqual([]);
    expect(faults.join("\n")).not.toContain(secret);
  });
});
