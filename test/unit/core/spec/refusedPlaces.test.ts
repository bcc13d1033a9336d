import {
  imageRule,
  jobFaults,
  list,
  nameRule,
  namespaceRule,
  noProperty,
  objectRule,
  type Refused,
  rows,
} from "../../support/faults";
import { unknown } from "../../support/unknowns";

const refused: Refused = [
  // name
  [{ name: "" }, 'name: must not be empty, got ""'],
  [{ name: "A" }, `name: ${nameRule}, got "A"; did you mean \`a\`?`],
  [{ name: "a_b" }, `name: ${nameRule}, got "a_b"; did you mean \`a-b\`?`],
  [{ name: "a.b" }, `name: ${nameRule}, got "a.b"; did you mean \`a-b\`?`],
  [{ name: "-a" }, `name: ${nameRule}, got "-a"; did you mean \`a\`?`],
  [{ name: "a-" }, `name: ${nameRule}, got "a-"; did you mean \`a\`?`],
  [{ name: "a\n" }, `name: ${nameRule}, got "a\\n"; did you mean \`a\`?`],
  [{ name: "dbMigrate" }, `name: ${nameRule}, got "dbMigrate"; did you mean \`dbmigrate\`?`],
  [{ name: "ä" }, `name: ${nameRule}, got "ä"`],
  [{ name: "a".repeat(64) }, `name: must be at most 63 characters long, got "${"a".repeat(64)}"`],
  [{ name: "a".repeat(81) }, `name: must be at most 63 characters long, got "${"a".repeat(80)}"… (81 characters)`],
  [{ name: 7 }, "name: must be a string, got 7"],
  [{ name: null }, "name: must be a string, got null"],
  // namespace
  [{ namespace: "" }, 'namespace: must not be empty, got ""'],
  [{ namespace: "My Space" }, `namespace: ${namespaceRule}, got "My Space"; did you mean \`my-space\`?`],
  [{ namespace: "n".repeat(64) }, `namespace: must be at most 63 characters long, got "${"n".repeat(64)}"`],
  [{ namespace: null }, "namespace: must be a string, got null"],
  // connection
  [{ connection: [] }, "connection: must be an object, got a list of 0"],
  [{ connection: null }, "connection: must be an object, got null"],
  [{ connection: { context: "" } }, 'connection.context: must not be empty, got ""'],
  [{ connection: { context: 7 } }, "connection.context: must be a string, got 7"],
  [{ connection: { kubeconfig: "" } }, "connection.kubeconfig: must not be empty, got a string"],
  [{ connection: { kubeconfig: {} } }, "connection.kubeconfig: must be a string, got an object"],
  [
    { connection: { kubeconfg: "x" } },
    `connection.kubeconfg: ${noProperty} \`kubeconfg\` here; did you mean \`kubeconfig\`?`,
  ],
  [{ connection: { token: "t" } }, `connection.token: ${noProperty} \`token\` here`],
  // image
  [{ image: undefined }, "image: must be given"],
  [{ image: "" }, 'image: must not be empty, got ""'],
  [{ image: "App" }, `image: ${imageRule}, got "App"; did you mean \`app\`?`],
  [{ image: "Reg/App:1" }, `image: ${imageRule}, got "Reg/App:1"; did you mean \`reg/app:1\`?`],
  [{ image: "a b" }, `image: ${imageRule}, got "a b"`],
  [{ image: "a:" }, `image: ${imageRule}, got "a:"`],
  [
    { image: "https://reg.example/app:1" },
    `image: ${imageRule}, got "https://reg.example/app:1"; did you mean \`reg.example/app:1\`?`,
  ],
  [{ image: "${IMAGE}" }, `image: ${imageRule}, got "\${IMAGE}"`],
  [{ image: "a@sha256:12" }, `image: ${imageRule}, got "a@sha256:12"`],
  [{ image: `a:${"t".repeat(129)}` }, `image: ${imageRule}, got "a:${"t".repeat(78)}"… (131 characters)`],
  [
    { image: "a".repeat(1025) },
    `image: must be at most 1024 characters long, got "${"a".repeat(80)}"… (1025 characters)`,
  ],
  [{ image: null }, "image: must be a string, got null"],
  [{ image: {} }, "image: must be a string, got an object"],
  // imagePullSecrets
  [{ imagePullSecrets: "a" }, 'imagePullSecrets: must be an array, got "a"'],
  [{ imagePullSecrets: [""] }, 'imagePullSecrets[0]: must not be empty, got ""'],
  [{ imagePullSecrets: ["ok", "A b"] }, `imagePullSecrets[1]: ${objectRule}, got "A b"`],
  [
    { imagePullSecrets: ["a".repeat(254)] },
    `imagePullSecrets[0]: must be at most 253 characters long, got "${"a".repeat(80)}"… (254 characters)`,
  ],
  [{ imagePullSecrets: [{ name: "a" }] }, "imagePullSecrets[0]: must be a string, got an object"],
  [{ imagePullSecrets: list(101) }, "imagePullSecrets: must have at most 100 entries, got a list of 101"],
  [{ imagePullSecrets: null }, "imagePullSecrets: must be an array, got null"],
  // serviceAccountName
  [{ serviceAccountName: "" }, 'serviceAccountName: must not be empty, got ""'],
  [{ serviceAccountName: "My_Account" }, `serviceAccountName: ${objectRule}, got "My_Account"`],
  [
    { serviceAccountName: "a".repeat(254) },
    `serviceAccountName: must be at most 253 characters long, got "${"a".repeat(80)}"… (254 characters)`,
  ],
  [{ serviceAccountName: null }, "serviceAccountName: must be a string, got null"],
  // imagePullPolicy
  [
    { imagePullPolicy: "always" },
    'imagePullPolicy: must be `Always` or `IfNotPresent` or `Never`, got "always"; did you mean `Always`?',
  ],
  [{ imagePullPolicy: "Sometimes" }, 'imagePullPolicy: must be `Always` or `IfNotPresent` or `Never`, got "Sometimes"'],
  [{ imagePullPolicy: "" }, 'imagePullPolicy: must be `Always` or `IfNotPresent` or `Never`, got ""'],
  [{ imagePullPolicy: null }, "imagePullPolicy: must be a string, got null"],
  // command and args
  [{ command: "ls -l" }, 'command: must be an array, got "ls -l"'],
  [{ command: list(101) }, "command: must have at most 100 entries, got a list of 101"],
  [{ command: ["a", 1] }, "command[1]: must be a string, got 1"],
  [{ command: list(2000) }, "command: must have at most 100 entries, got a list of 2000"],
  [{ args: list(101) }, "args: must have at most 100 entries, got a list of 101"],
  [{ args: [null] }, "args[0]: must be a string, got null"],
  [{ args: null }, "args: must be an array, got null"],
  // what does not exist
  [{ images: "a" }, `images: ${noProperty} \`images\` here; did you mean \`image\`?`],
  [
    { imagePullSecret: "a" },
    `imagePullSecret: ${noProperty} \`imagePullSecret\` here; did you mean \`imagePullSecrets\`?`,
  ],
  [{ retrylimit: 1 }, `retrylimit: ${noProperty} \`retrylimit\` here; did you mean \`retryLimit\`?`],
  [
    { serviceAccount: "x" },
    `serviceAccount: ${noProperty} \`serviceAccount\` here; did you mean \`serviceAccountName\`?`,
  ],
  [{ wait: {} }, `wait: ${noProperty} \`wait\` here`],
  [{ "a b": 1 }, `["a b"]: ${noProperty} \`a b\` here`],
  [{ image: unknown.string, timeout: unknown.number }, `timeout: ${noProperty} \`timeout\` here`],
];

test.each(rows(refused))("[U] a job is refused for where and what it runs: %s", (_title, inputs, faults) => {
  expect(jobFaults(inputs)).toEqual(faults);
});
