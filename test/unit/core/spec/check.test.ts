import { checkJob, checkRun } from "../../../../provider/core/spec/check";
import type { CheckFailure } from "../../../../provider/core/spec/validate";
import { identity } from "../../support/specs";

const options = { identity, secretPaths: [] };

/** Every failure as `property: reason`. */
const told = (failures: readonly CheckFailure[]): string[] =>
  failures.map(({ property, reason }) => `${property}: ${reason}`);
const jobFaults = (inputs: object): string[] => told(checkJob({}, { image: "app:1", ...inputs }, options).failures);
const runFaults = (inputs: object): string[] => told(checkRun({}, inputs, options).failures);

const named = "must consist of lower-case letters, digits and hyphens, and begin and end with a letter or digit";
const nameRule = `${named} (Kubernetes' rule for names)`;
const namespaceRule = `${named} (Kubernetes' rule for namespaces)`;
const imageRule =
  "must be an OCI image reference such as `icr.io/codeengine/helloworld` or `registry:5000/team/app:1.2`";
const quantityRule = "must be a Kubernetes quantity such as `500m`, `1`, `400M`, `4G` or `2Gi`";
const variableRule = "must be printable ASCII without `=` (Kubernetes' rule)";
const indicesRule = "must be a comma-separated list of indices and ranges from 0 to 9999999, such as `1-5,7-8,10`";
const list = (length: number): string[] => Array.from({ length }, () => "x");
const variables = (length: number): object[] => list(length).map((x, i) => ({ name: `${x}${i}` }));

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
  sizes: [{ cpu: "0.5" }, { cpu: "500m" }, { memory: "1e9" }, { ephemeralStorage: "2Gi" }],
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

function short(inputs: object): string {
  const text = JSON.stringify(inputs);
  return text.length > 70 ? `${text.slice(0, 70)}…` : text;
}

const refused: readonly (readonly [inputs: object, ...faults: string[]])[] = [
  [{ name: "" }, `name: ${nameRule}, got ""`],
  [{ name: "A" }, `name: ${nameRule}, got "A"`],
  [{ name: "a_b" }, `name: ${nameRule}, got "a_b"`],
  [{ name: "a.b" }, `name: ${nameRule}, got "a.b"`],
  [{ name: "-a" }, `name: ${nameRule}, got "-a"`],
  [{ name: "a-" }, `name: ${nameRule}, got "a-"`],
  [{ name: "a\n" }, `name: ${nameRule}, got "a\\n"`],
  [{ name: "a".repeat(64) }, `name: must be at most 63 characters long, got "${"a".repeat(64)}"`],
  [{ name: 7 }, "name: must be a string, got 7"],
  [{ name: null }, "name: must be a string, got null"],
  [{ namespace: "My Space" }, `namespace: ${namespaceRule}, got "My Space"`],
  [{ namespace: "n".repeat(64) }, `namespace: must be at most 63 characters long, got "${"n".repeat(64)}"`],
  [{ connection: [] }, "connection: must be an object, got a list of 0"],
  [{ connection: { context: "" } }, 'connection.context: must not be empty, got ""'],
  [{ connection: { kubeconfig: "" } }, "connection.kubeconfig: must not be empty, got a string"],
  [{ connection: { kubeconfig: {} } }, "connection.kubeconfig: must be a string, got an object"],
  [{ connection: { token: "t" } }, "connection.token: must not be given: there is no property `token` here"],
  [{ image: undefined }, "image: must be given"],
  [{ image: "App" }, `image: ${imageRule}, got "App"`],
  [{ image: "a b" }, `image: ${imageRule}, got "a b"`],
  [{ image: "a:" }, `image: ${imageRule}, got "a:"`],
  [{ image: "https://a/b" }, `image: ${imageRule}, got "https://a/b"`],
  [{ image: "a@sha256:12" }, `image: ${imageRule}, got "a@sha256:12"`],
  [{ image: null }, "image: must be a string, got null"],
  [{ image: {} }, "image: must be a string, got an object"],
  [{ imagePullPolicy: "always" }, 'imagePullPolicy: must be `Always` or `IfNotPresent` or `Never`, got "always"'],
  [{ command: "ls -l" }, 'command: must be an array, got "ls -l"'],
  [{ command: list(101) }, "command: must have at most 100 entries, got a list of 101"],
  [{ command: ["a", 1] }, "command[1]: must be a string, got 1"],
  [{ args: list(101) }, "args: must have at most 100 entries, got a list of 101"],
  [{ args: [null] }, "args[0]: must be a string, got null"],
  [{ env: {} }, "env: must be an array, got an object"],
  [{ env: variables(101) }, "env: must have at most 100 entries, got a list of 101"],
  [{ env: [{}] }, "env[0].name: must be given"],
  [{ env: [{ name: "" }] }, `env[0].name: ${variableRule}, got ""`],
  [{ env: [{ name: "A=B" }] }, `env[0].name: ${variableRule}, got "A=B"`],
  [{ env: [{ name: "ä" }] }, `env[0].name: ${variableRule}, got "ä"`],
  [{ env: [{ name: "a\nb" }] }, `env[0].name: ${variableRule}, got "a\\nb"`],
  [{ env: [{ name: "a", value: 1 }] }, "env[0].value: must be a string, got a number"],
  [{ env: [{ name: "a", value: null }] }, "env[0].value: must be a string, got null"],
  [{ env: [{ name: "a", values: "x" }] }, "env[0].values: must not be given: there is no property `values` here"],
  [{ env: [{ name: "a", secret: true }] }, "env[0].secret: must not be given: there is no property `secret` here"],
  [
    { env: [{ name: "a", value: "", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }] },
    "env[0]: must have either `value` or `valueFrom`, got both",
  ],
  [{ env: [{ name: "a", valueFrom: {} }] }, "env[0].valueFrom.secretKeyRef: must be given"],
  [
    { env: [{ name: "a", valueFrom: { secretKeyRef: { name: "s" } } }] },
    "env[0].valueFrom.secretKeyRef.key: must be given",
  ],
  [
    { env: [{ name: "a", valueFrom: { secretKeyRef: { name: "", key: "k" } } }] },
    'env[0].valueFrom.secretKeyRef.name: must not be empty, got ""',
  ],
  [{ env: [{ name: "ok" }, null] }, "env[1]: must be an object, got null"],
  [{ mode: "Daemon" }, 'mode: must be `task` or `daemon`, got "Daemon"'],
  [{ mode: null }, "mode: must be a string, got null", "mode: must be `task` or `daemon`, got null"],
  [{ arrayIndices: "" }, 'arrayIndices: must not be empty, got ""'],
  [{ arrayIndices: "1;2" }, `arrayIndices: ${indicesRule}, got "1;2"`],
  [{ arrayIndices: "5-1" }, 'arrayIndices: must have ascending ranges: write `1-5`, got "5-1"'],
  [{ arrayIndices: 5 }, "arrayIndices: must be a string, got 5"],
  [
    { arrayIndices: "1-1001" },
    'arrayIndices: must name at most 1000 indices (10000 when they are exactly 0 to n-1), got "1-1001"',
  ],
  [{ arraySize: 0 }, "arraySize: must be at least 1, got 0"],
  [{ arraySize: 10_001 }, "arraySize: must be at most 10000, got 10001"],
  [{ arraySize: 1.5 }, "arraySize: must be an integer, got 1.5"],
  [{ arraySize: "5" }, 'arraySize: must be an integer, got "5"'],
  [{ arraySize: 3, arrayIndices: "0-2" }, "arraySize: must not be given together with `arrayIndices`, got 3"],
  [{ maxExecutionTime: 0 }, "maxExecutionTime: must be at least 1, got 0"],
  [{ maxExecutionTime: 2_147_483_648 }, "maxExecutionTime: must be at most 2147483647, got 2147483648"],
  [{ maxExecutionTime: "1h" }, 'maxExecutionTime: must be an integer, got "1h"'],
  [{ retryLimit: -1 }, "retryLimit: must be at least 0, got -1"],
  [{ retryLimit: 2_147_483_648 }, "retryLimit: must be at most 2147483647, got 2147483648"],
  [{ retryLimit: 0.5 }, "retryLimit: must be an integer, got 0.5"],
  [{ cpu: 1 }, "cpu: must be a string, got 1"],
  [{ cpu: "half" }, `cpu: ${quantityRule}, got "half"`],
  [{ memory: "4 G" }, `memory: ${quantityRule}, got "4 G"`],
  [{ memory: "4GB" }, `memory: ${quantityRule}, got "4GB"`],
  [{ ephemeralStorage: "-1" }, `ephemeralStorage: ${quantityRule}, got "-1"`],
  [{ images: "a" }, "images: must not be given: there is no property `images` here"],
  [{ wait: {} }, "wait: must not be given: there is no property `wait` here"],
  [{ "a b": 1 }, '["a b"]: must not be given: there is no property `a b` here'],
];

describe("a job is refused", () => {
  test.each(refused.map(([inputs, ...faults]) => [short(inputs), inputs, faults] as const))(
    "[U] with %s",
    (_title, inputs, faults) => {
      expect(jobFaults(inputs)).toEqual(faults);
    },
  );

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
    `name: ${nameRule}, got "A"`,
    "image: must be a string, got 1",
    "env[1].name: must be given",
    "retryLimit: must be at least 0, got -1",
    `cpu: ${quantityRule}, got "x"`,
    'arrayIndices: must have ascending ranges: write `1-2`, got "2-1"',
    "env[0].name: must not be `HOSTNAME`: the run sets this variable itself",
  ]);
});

describe("a run", () => {
  test.each([
    [{ image: "a", name: "r".repeat(53) }],
    [{ job: "nightly" }],
    [{ job: "nightly", jobRevision: "abc" }],
    [{ image: "a", wait: {} }],
    [{ image: "a", wait: { until: "completion" } }],
    [{ image: "a", wait: { until: "running" } }],
    [{ image: "a", wait: { until: "nothing" } }],
  ])("[U] is accepted with %j", (inputs) => {
    expect(runFaults(inputs)).toEqual([]);
  });

  const cases: readonly (readonly [inputs: object, ...faults: string[]])[] = [
    [{}, "image: must be given: a run without `job` is stand-alone and needs an image"],
    [
      { job: "nightly", image: "a" },
      "image: must not be given together with `job`: a run of a job uses the job's image",
    ],
    [{ image: "a", name: "r".repeat(54) }, `name: must be at most 53 characters long, got "${"r".repeat(54)}"`],
    [{ job: "" }, 'job: must not be empty, got ""'],
    [{ job: "j".repeat(64) }, `job: must be at most 63 characters long, got "${"j".repeat(64)}"`],
    [{ job: "a", jobRevision: 7 }, "jobRevision: must be a string, got 7"],
    [{ job: "a", jobDefinition: "x" }, 'jobDefinition: must be an object, got "x"'],
    [{ image: "a", wait: "running" }, 'wait: must be an object, got "running"'],
    [{ image: "a", wait: { until: "done" } }, 'wait.until: must be `completion` or `running` or `nothing`, got "done"'],
    [{ image: "a", wait: { seconds: 1 } }, "wait.seconds: must not be given: there is no property `seconds` here"],
    [{ image: "a", triggers: {} }, "triggers: must not be given: there is no property `triggers` here"],
  ];
  test.each(cases.map(([inputs, ...faults]) => [short(inputs), inputs, faults] as const))(
    "[U] is refused with %s",
    (_title, inputs, faults) => {
      expect(runFaults(inputs)).toEqual(faults);
    },
  );
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
