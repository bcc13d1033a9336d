import { checkJob, checkRun } from "../../../../provider/core/spec/check";
import { bound } from "../../../../provider/core/spec/bound";
import { jobFaults, list, runFaults } from "../../support/faults";
import { options } from "../../support/specs";

const deep = (levels: number): unknown => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`);
const depthOf = (value: unknown): number => (Array.isArray(value) ? 1 + Math.max(0, ...value.map(depthOf)) : 0);

describe("what is within bounds is the same", () => {
  test.each([
    [undefined],
    [null],
    [0],
    [Number.NaN],
    [true],
    [""],
    ["x".repeat(20_000)],
    [[]],
    [{}],
    [{ a: [{ b: "c", d: undefined }, null] }],
    [list(1_000)],
    [deep(32)],
  ])("[U] case %#", (value) => {
    expect(bound(value)).toEqual(value);
  });

  test("[U] and a copy: the original may change", () => {
    const inputs = { env: [{ name: "A" }] };
    const cut = bound(inputs) as typeof inputs;
    expect(cut).not.toBe(inputs);
    expect(cut.env[0]).not.toBe(inputs.env[0]);
  });
});

describe("what is beyond bounds is cut", () => {
  test("[U] a text", () => {
    expect(bound("x".repeat(20_001))).toBe("x".repeat(20_000));
  });

  test("[U] a list", () => {
    expect(bound(Array.from({ length: 1_001 }, (_, i) => i))).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
  });

  test("[U] an object", () => {
    const wide = Object.fromEntries(Array.from({ length: 1_001 }, (_, i) => [`k${i}`, i]));
    expect(Object.keys(bound(wide) as object)).toHaveLength(1_000);
  });

  test("[U] what is nested too deeply", () => {
    expect(depthOf(bound(deep(5_000)))).toBe(33);
    expect(bound({ a: { b: { c: 1 } } }, 2)).toEqual({ a: { b: {} } });
    expect(bound([[[1]]], 2)).toEqual([[[]]]);
  });

  test("[U] inside as well", () => {
    expect(bound({ a: ["x".repeat(30_000)] })).toEqual({ a: ["x".repeat(20_000)] });
  });
});

describe("messages tell the true size", () => {
  test.each([
    [{ command: list(1_000_000) }, "command: must have at most 100 entries, got a list of 1000000"],
    [{ args: list(1_001) }, "args: must have at most 100 entries, got a list of 1001"],
    [
      { namespace: "a".repeat(1_000_000) },
      `namespace: must be at most 63 characters long, got "${"a".repeat(80)}"… (1000000 characters)`,
    ],
    [
      { arrayIndices: "0".repeat(20_001) },
      `arrayIndices: must be at most 16384 characters long, got "${"0".repeat(80)}"… (20001 characters)`,
    ],
  ])("[U] case %#", (inputs, fault) => {
    expect(jobFaults(inputs)).toEqual([fault]);
    expect(runFaults({ image: "a", ...inputs })).toEqual([fault]);
  });
});

test("[U] what is handed back is never cut", () => {
  const triggers = { text: "x".repeat(100_000), list: list(5_000) };
  expect(checkRun({}, { image: "a", triggers }, options).inputs.triggers).toBe(triggers);
  const annotations = { note: "x".repeat(100_000) };
  expect(checkJob({}, { image: "a", annotations }, options).inputs.annotations).toBe(annotations);
});

test("[U] inputs that are no object are told as what is missing", () => {
  for (const inputs of [null, [], "x", 7]) {
    expect(checkJob({}, inputs as never, options).failures).toEqual([{ property: "image", reason: "must be given" }]);
  }
});
