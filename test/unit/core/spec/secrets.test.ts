import type { EnvVar, JobTemplate } from "../../../../provider/core/spec/types";
import { notKnown } from "../../support/unknowns";
import { markSecrets, unexpandedSecrets, withoutMarks } from "../../../../provider/core/spec/secrets";

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
  ["a whole environment", { image: "app:1", env: notKnown<EnvVar[]>("list") }],
  ["one of its variables", { image: "app:1", env: [notKnown<EnvVar>("object")] }],
  ["a variable's value", { image: "app:1", env: [{ name: "A", value: notKnown<string>("string") }] }],
  ["the job's environment", { jobDefinition: { image: "app:1", env: notKnown<EnvVar[]>("list") } }],
  ["the job", { jobDefinition: notKnown<JobTemplate>("object") }],
])("[U] what is not known yet comes through: %s", (_title, given) => {
  const paths = ["env", "jobDefinition.env"];
  expect(withoutMarks(markSecrets(given, paths))).toEqual(given);
});

test.each([
  ["a reference", "postgres://$(HOST)/x", true],
  ["an escaped dollar", "a$$b", true],
  ["a dollar alone", "pa$word", false],
  ["an unfinished reference", "$(HOST", false],
  ["nothing of the kind", "plain", false],
])("[U] a secret value with %s would be expanded if it were no secret: %j is %s", (_title, value, expandable) => {
  expect(unexpandedSecrets([{ name: "URL", value, secret: true }])).toEqual(expandable ? ["URL"] : []);
  expect(unexpandedSecrets([{ name: "URL", value }])).toEqual([]);
});
