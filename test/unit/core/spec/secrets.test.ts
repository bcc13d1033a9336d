import { hasSecrets, markSecrets, withoutMarks } from "../../../../provider/core/spec/secrets";

const inputs = {
  image: "app:1",
  env: [
    { name: "A", value: "a" },
    { name: "B", value: "b" },
    { name: "C", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
  ],
  jobDefinition: { image: "app:1", env: [{ name: "D", value: "d" }] },
};

/** Names of the variables that are marked. */
function marked(secretPaths: readonly string[]): string[] {
  const { env, jobDefinition } = markSecrets(inputs, secretPaths);
  return [...env, ...jobDefinition.env].filter((entry) => "secret" in entry).map(({ name }) => name);
}

test.each([
  [[], []],
  [["env[1].value"], ["B"]],
  [["env[1]"], ["B"]],
  [["env[1].name"], ["B"]],
  [["env"], ["A", "B"]],
  [["env[2].valueFrom.secretKeyRef.name"], []],
  [["env[10].value"], []],
  [["environment[0]"], []],
  [["jobDefinition.env[0].value"], ["D"]],
  [["jobDefinition.env"], ["D"]],
  [["jobDefinition"], ["D"]],
  [["command[0]"], []],
  [
    ["env[0].value", "jobDefinition"],
    ["A", "D"],
  ],
])("[U] the secret paths %j mark %j", (paths, names) => {
  expect(marked(paths)).toEqual(names);
});

test("[U] marks come off again, and nothing else", () => {
  expect(withoutMarks(markSecrets(inputs, ["env", "jobDefinition"]))).toEqual(inputs);
});

test("[U] inputs are not changed in place", () => {
  const before = structuredClone(inputs);
  markSecrets(inputs, ["env", "jobDefinition"]);
  expect(inputs).toEqual(before);
});

test.each([
  [{}, false],
  [{ connection: { context: "c" } }, false],
  [{ connection: { kubeconfig: "apiVersion: v1" } }, true],
  [{ env: [{ name: "A", value: "a" }] }, false],
  [{ env: [{ name: "A", value: "a", secret: true }] }, true],
  [{ jobDefinition: { image: "a", env: [{ name: "A", value: "a", secret: true }] } }, true],
] as const)("[U] whether %j must be encrypted in the state: %s", (given, secret) => {
  expect(hasSecrets(given)).toBe(secret);
});
