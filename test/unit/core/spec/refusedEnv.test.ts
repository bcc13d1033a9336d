import {
  envFromRule,
  jobFaults,
  keyRule,
  noProperty,
  objectRule,
  type Refused,
  rows,
  sourceRule,
  sources,
  variableRule,
  variables,
} from "../../support/faults";

const refused: Refused = [
  // env
  [{ env: {} }, "env: must be an array, got an object"],
  [{ env: "A=1" }, "env: must be an array, got a string"],
  [{ env: null }, "env: must be an array, got null"],
  [{ env: variables(101) }, "env: must have at most 100 entries, got a list of 101"],
  [{ env: [{}] }, "env[0].name: must be given"],
  [{ env: ["A=1"] }, "env[0]: must be an object, got a string"],
  [{ env: [{ name: "" }] }, `env[0].name: ${variableRule}, got ""`],
  [{ env: [{ name: "A=B" }] }, `env[0].name: ${variableRule}, got a string`],
  [{ env: [{ name: "ä" }] }, `env[0].name: ${variableRule}, got "ä"`],
  [{ env: [{ name: 7 }] }, "env[0].name: must be a string, got a number"],
  [
    {
      env: [
        { name: "PORT", value: 8080 },
        { name: "DEBUG", value: true },
      ],
    },
    "env[0].value: must be a string, got a number",
    "env[1].value: must be a string, got a boolean",
  ],
  [{ env: [{ name: "a", value: null }] }, "env[0].value: must be a string, got null"],
  [{ env: [{ name: "a", values: "x" }] }, `env[0].values: ${noProperty} \`values\` here; did you mean \`value\`?`],
  [{ env: [{ name: "a", secret: true }] }, `env[0].secret: ${noProperty} \`secret\` here`],
  [{ env: [{ name: "ok" }, null] }, "env[1]: must be an object, got null"],
  [
    { env: [{ name: "a", value: "", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }] },
    "env[0]: must have either `value` or `valueFrom`, got both",
  ],
  [{ env: [{ name: "a", valueFrom: null }] }, "env[0].valueFrom: must be an object, got null"],
  [{ env: [{ name: "a", valueFrom: [] }] }, "env[0].valueFrom: must be an object, got a list of 0"],
  [{ env: [{ name: "a", valueFrom: {} }] }, `env[0].valueFrom: ${sourceRule}, got none`],
  [
    { env: [{ name: "a", valueFrom: { fieldRef: { fieldPath: "x" }, secretKeyRef: { name: "s", key: "k" } } }] },
    `env[0].valueFrom: ${sourceRule}, got 2`,
  ],
  [
    { env: [{ name: "a", valueFrom: { secretkeyRef: { name: "s", key: "k" } } }] },
    `env[0].valueFrom.secretkeyRef: ${noProperty} \`secretkeyRef\` here; did you mean \`secretKeyRef\`?`,
  ],
  [
    { env: [{ name: "a", valueFrom: { secretKeyRef: { name: "s" } } }] },
    "env[0].valueFrom.secretKeyRef.key: must be given",
  ],
  [
    { env: [{ name: "a", valueFrom: { secretKeyRef: { key: "k" } } }] },
    "env[0].valueFrom.secretKeyRef.name: must be given",
  ],
  [
    { env: [{ name: "a", valueFrom: { secretKeyRef: { name: "", key: "" } } }] },
    'env[0].valueFrom.secretKeyRef.name: must not be empty, got ""',
    "env[0].valueFrom.secretKeyRef.key: must not be empty, got a string",
  ],
  [
    { env: [{ name: "a", valueFrom: { secretKeyRef: { name: "s", key: "k", optional: "yes" } } }] },
    "env[0].valueFrom.secretKeyRef.optional: must be a boolean, got a string",
  ],
  [
    { env: [{ name: "a", valueFrom: { configMapKeyRef: { name: "C", key: "k/" } } }] },
    `env[0].valueFrom.configMapKeyRef.name: ${objectRule}, got "C"; did you mean \`c\`?`,
    `env[0].valueFrom.configMapKeyRef.key: ${keyRule}, got a string`,
  ],
  [
    { env: [{ name: "a", valueFrom: { configMapKeyRef: { name: "c", key: "k".repeat(254) } } }] },
    "env[0].valueFrom.configMapKeyRef.key: must be at most 253 characters long, got a string",
  ],
  [
    { env: [{ name: "a", valueFrom: { configMapKeyRef: null } }] },
    "env[0].valueFrom.configMapKeyRef: must be an object, got null",
  ],
  [{ env: [{ name: "a", valueFrom: { fieldRef: {} } }] }, "env[0].valueFrom.fieldRef.fieldPath: must be given"],
  [
    { env: [{ name: "a", valueFrom: { fieldRef: { fieldPath: "", apiVersion: 1 } } }] },
    "env[0].valueFrom.fieldRef.fieldPath: must not be empty, got a string",
    "env[0].valueFrom.fieldRef.apiVersion: must be a string, got a number",
  ],
  [
    { env: [{ name: "a", valueFrom: { resourceFieldRef: { containerName: 1, divisor: 1 } } }] },
    "env[0].valueFrom.resourceFieldRef.resource: must be given",
    "env[0].valueFrom.resourceFieldRef.containerName: must be a string, got a number",
    "env[0].valueFrom.resourceFieldRef.divisor: must be a string, got a number",
  ],
  // envFrom
  [{ envFrom: {} }, "envFrom: must be an array, got an object"],
  [{ envFrom: null }, "envFrom: must be an array, got null"],
  [{ envFrom: [null] }, "envFrom[0]: must be an object, got null"],
  [{ envFrom: [{}] }, `envFrom[0]: ${envFromRule}, got none`],
  [{ envFrom: [{ prefix: "A_" }] }, `envFrom[0]: ${envFromRule}, got none`],
  [
    { envFrom: [{ secret: "x" }] },
    `envFrom[0].secret: ${noProperty} \`secret\` here; did you mean \`secretRef\`?`,
    `envFrom[0]: ${envFromRule}, got none`,
  ],
  [{ envFrom: [{ secretRef: "s" }] }, 'envFrom[0].secretRef: must be an object, got "s"'],
  [{ envFrom: [{ secretRef: {} }] }, "envFrom[0].secretRef.name: must be given"],
  [
    { envFrom: [{ secretRef: { name: "S" } }] },
    `envFrom[0].secretRef.name: ${objectRule}, got "S"; did you mean \`s\`?`,
  ],
  [{ envFrom: [{ secretRef: { name: "s", optional: 1 } }] }, "envFrom[0].secretRef.optional: must be a boolean, got 1"],
  [{ envFrom: [{ configMapRef: { name: "" } }] }, 'envFrom[0].configMapRef.name: must not be empty, got ""'],
  [{ envFrom: [{ configMapRef: { name: "c" }, secretRef: { name: "s" } }] }, `envFrom[0]: ${envFromRule}, got 2`],
  [
    { envFrom: [{ prefix: "A=", secretRef: { name: "s" } }] },
    'envFrom[0].prefix: must be printable ASCII without `=` (Kubernetes\' rule), got "A="',
  ],
  [{ envFrom: [{ prefix: 1, secretRef: { name: "s" } }] }, "envFrom[0].prefix: must be a string, got 1"],
  [{ envFrom: sources(101) }, "envFrom: must have at most 100 entries, got a list of 101"],
];

test.each(rows(refused))("[U] a job is refused for its environment: %s", (_title, inputs, faults) => {
  expect(jobFaults(inputs)).toEqual(faults);
});
