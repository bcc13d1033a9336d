import { checkJob, checkRun } from "../../../../provider/core/spec/check";
import type { JobRunInputs } from "../../../../provider/core/spec/types";
import { hasUnknown, isUnknown, leadsToUnknown, onlyKnown, valueAt } from "../../../../provider/core/spec/unknown";
import { options } from "../../support/specs";
import { unknown } from "../../support/unknowns";

test.each(Object.entries(unknown))("[U] the placeholder of a %s is unknown, wherever it stands", (_kind, value) => {
  expect(isUnknown(value)).toBe(true);
  expect(hasUnknown({ a: [{ b: value }] })).toBe(true);
});

test.each([undefined, null, 0, "", "04da6b54", [], {}])("[U] %j is known", (value) => {
  expect(isUnknown(value)).toBe(false);
  expect(hasUnknown({ a: [value] })).toBe(false);
});

test.each([
  [["a"], true],
  [["a", "b", "c"], true],
  [["list", "1"], true],
  [["list", "0"], false],
  [["none"], false],
  [[], false],
])("[U] whether the path %j leads to an unknown value or into one: %s", (path, leads) => {
  expect(leadsToUnknown({ a: unknown.object, list: [1, unknown.string] }, path)).toBe(leads);
});

test("[U] a path that leads nowhere leads to nothing", () => {
  expect(valueAt({ a: { b: [1] } }, ["a", "b", "0"])).toBe(1);
  expect(valueAt({ a: 1 }, ["a", "b", "c"])).toBeUndefined();
});

test("[U] rules see an unknown member as not given", () => {
  expect(onlyKnown({ a: unknown.number, b: 1 })).toEqual({ b: 1 });
});

describe("what is not known yet is no fault", () => {
  test.each([
    ["name", unknown.string],
    ["namespace", unknown.string],
    ["connection", unknown.object],
    ["connection", { kubeconfig: unknown.string, context: unknown.string }],
    ["image", unknown.string],
    ["imagePullPolicy", unknown.string],
    ["command", unknown.list],
    ["command", [unknown.string]],
    ["args", unknown.list],
    ["env", unknown.list],
    ["env", [unknown.object]],
    ["env", [{ name: unknown.string, value: unknown.string }]],
    ["env", [{ name: "a", valueFrom: unknown.object }]],
    ["env", [{ name: "a", valueFrom: { secretKeyRef: { name: unknown.string, key: unknown.string } } }]],
    ["mode", unknown.string],
    ["arrayIndices", unknown.string],
    ["arraySize", unknown.number],
    ["maxExecutionTime", unknown.number],
    ["retryLimit", unknown.number],
    ["cpu", unknown.string],
    ["memory", unknown.string],
    ["ephemeralStorage", unknown.string],
  ])("[U] in `%s`: %j", (property, value) => {
    const inputs = { image: "app:1", [property]: value };
    expect(checkJob({}, inputs, options).failures).toEqual([]);
    expect(checkRun({}, inputs, options).failures).toEqual([]);
  });

  test.each([
    ["the job", { job: unknown.string }],
    ["the job's revision", { job: "a", jobRevision: unknown.string }],
    ["the job's definition", { job: "a", jobDefinition: unknown.object }],
    ["a part of the job's definition", { job: "a", jobDefinition: { image: unknown.string, mode: unknown.string } }],
    ["what to wait for", { image: "a", wait: { until: unknown.string } }],
    ["the mode of a run with limits", { image: "a", mode: unknown.string, retryLimit: 1, maxExecutionTime: 1 }],
    ["the limits of a daemon", { image: "a", mode: "daemon", retryLimit: unknown.number }],
    ["one of two ways to say the array", { image: "a", arrayIndices: unknown.string, arraySize: 3 }],
  ])("[U] %s", (_title, inputs) => {
    expect(checkRun({}, inputs as JobRunInputs, options).failures).toEqual([]);
  });
});

describe("what is not known yet hides no fault elsewhere", () => {
  test.each([
    ["beside it", { image: unknown.string, retryLimit: -1 }, "retryLimit"],
    ["in the same list", { image: "a", command: [unknown.string, 1] }, "command[1]"],
    ["in the same variable", { image: "a", env: [{ name: "HOSTNAME", value: unknown.string }] }, "env[0].name"],
    ["in the next variable", { image: "a", env: [unknown.object, {}] }, "env[1].name"],
    ["of the mode", { image: unknown.string, mode: "daemon", retryLimit: 1 }, "retryLimit"],
    ["of the array", { image: unknown.string, arrayIndices: "3-1" }, "arrayIndices"],
    [
      "of a job that is a daemon",
      { job: "a", jobDefinition: { image: unknown.string, mode: "daemon" }, retryLimit: 1 },
      "retryLimit",
    ],
  ])("[U] %s", (_title, inputs, property) => {
    expect(checkRun({}, inputs as JobRunInputs, options).failures.map((failure) => failure.property)).toEqual([
      property,
    ]);
  });
});
