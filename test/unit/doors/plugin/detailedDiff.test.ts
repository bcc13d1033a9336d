import { PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { detailedDiff } from "../../../../provider/doors/plugin/detailedDiff";

const { Kind } = PropertyDiff;
const names = new Map(Object.entries(Kind).map(([name, value]) => [value, name]));

function told(before: object, after: object, replaces: string[] = []): Record<string, string> {
  const found = detailedDiff({ ...before }, { ...after }, { changes: true, replaces, deleteBeforeReplace: false });
  return Object.fromEntries([...found].map(([path, diff]) => [path, names.get(diff.getKind()) ?? ""]));
}

test.each([
  ["nothing", { a: 1 }, { a: 1 }, [], {}],
  ["a value", { image: "app:1" }, { image: "app:2" }, [], { image: "UPDATE" }],
  ["a value that makes a new run", { image: "app:1" }, { image: "app:2" }, ["image"], { image: "UPDATE_REPLACE" }],
  ["a value that is new", {}, { retention: 60 }, [], { retention: "ADD" }],
  ["a value that has gone", { cpu: "1" }, {}, ["cpu"], { cpu: "DELETE_REPLACE" }],
  ["one of a list", { args: ["a", "b"] }, { args: ["a", "c"] }, ["args"], { "args[1]": "UPDATE_REPLACE" }],
  ["a longer list", { args: ["a"] }, { args: ["a", "b"] }, [], { "args[1]": "ADD" }],
  ["a shorter list", { args: ["a", "b"] }, { args: ["a"] }, [], { "args[1]": "DELETE" }],
  [
    "a field in a list",
    { env: [{ name: "A", value: "1" }] },
    { env: [{ name: "A", value: "2" }] },
    [],
    { "env[0].value": "UPDATE" },
  ],
  ["a key of a map", { labels: { team: "a" } }, { labels: { team: "b" } }, [], { "labels.team": "UPDATE" }],
  [
    "a key that is no plain name",
    { labels: { "example.com/a": "a" } },
    { labels: {} },
    [],
    { 'labels["example.com/a"]': "DELETE" },
  ],
  [
    "another kind of value",
    { triggers: { a: [1] } },
    { triggers: { a: "1" } },
    ["triggers"],
    { "triggers.a": "UPDATE_REPLACE" },
  ],
  ["no input: a run that failed", { a: 1 }, { a: 1 }, ["onFailure"], { onFailure: "UPDATE_REPLACE" }],
])("[U] the detailed diff tells %s", (_title, before, after, replaces, expected) => {
  expect(told(before, after, replaces)).toEqual(expected);
});
