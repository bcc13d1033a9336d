import fc from "fast-check";
import { checkJob, checkRun } from "../../provider/core/spec/check";
import type { CheckFailure } from "../../provider/core/spec/validate";
import { options } from "../unit/support/specs";

const check = {
  Job: (inputs: object) => checkJob({}, inputs as never, options).failures,
  JobRun: (inputs: object) => checkRun({}, inputs, options).failures,
};

const fields = [
  "name",
  "namespace",
  "connection",
  "image",
  "imagePullPolicy",
  "command",
  "args",
  "env",
  "mode",
  "arrayIndices",
  "arraySize",
  "maxExecutionTime",
  "retryLimit",
  "cpu",
  "memory",
  "ephemeralStorage",
  "wait",
  "job",
  "jobRevision",
];
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 4 }),
  fc.constantFrom("__proto__", "constructor", Number.MAX_VALUE, -0, "\u0000", "\ud800", "0-0,0-0", "daemon"),
  fc.array(fc.dictionary(fc.constantFrom("name", "value", "valueFrom", "__proto__"), fc.jsonValue()), { maxLength: 3 }),
);
const inputs = fc.dictionary(fc.oneof(fc.constantFrom(...fields), fc.string(), fc.constant("__proto__")), anything, {
  maxKeys: 8,
});

describe.each(["Job", "JobRun"] as const)("check of a %s", (resource) => {
  test("[P] whatever it is given: no exception, and every fault a place and a sentence", () => {
    fc.assert(
      fc.property(inputs, (given) => {
        for (const { property, reason } of check[resource](given)) {
          expect(property).not.toBe("");
          expect(reason).toMatch(/^must (not )?\S/);
          expect(reason).not.toMatch(/\[object|got NaN/);
          expect(reason.length).toBeLessThan(400);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test("[P] it does not change what it is given", () => {
    fc.assert(
      fc.property(inputs, (given) => {
        const before = JSON.stringify(given);
        check[resource](given);
        expect(JSON.stringify(given)).toBe(before);
      }),
    );
  });

  const deep = (levels: number): unknown => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`);
  test.each<[string, () => object]>([
    ["deep nesting where text belongs", () => ({ image: deep(5_000), name: deep(5_000) })],
    ["deep nesting in a variable", () => ({ image: "a", env: [{ name: "A", value: deep(5_000) }] })],
    ["a huge name", () => ({ image: "a", name: "a".repeat(1_000_000) })],
    ["a huge name that is wrong at its end", () => ({ image: "a", name: `${"a".repeat(1_000_000)}!` })],
    ["a huge image", () => ({ image: `${"a-".repeat(500_000)}!` })],
    ["a huge quantity", () => ({ image: "a", cpu: `x${"9".repeat(1_000_000)}` })],
    ["a huge array", () => ({ image: "a", arrayIndices: "0,".repeat(50_000) })],
    [
      "a huge array of ranges",
      () => ({ image: "a", arrayIndices: Array.from({ length: 50_000 }, () => "0-9").join() }),
    ],
    ["a list of 5,000 wrong parts", () => ({ image: "a", command: Array.from({ length: 5_000 }, () => 1) })],
    ["5,000 wrong variables", () => ({ image: "a", env: Array.from({ length: 5_000 }, () => ({ x: 1 })) })],
    [
      "5,000 properties that do not exist",
      () => Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`p${i}`, i])),
    ],
  ])("[P] it is quick and refuses %s", (_title, make) => {
    const given = make();
    const start = performance.now();
    const failures = check[resource](given);
    expect(performance.now() - start).toBeLessThan(2_000);
    expect(failures).not.toEqual([]);
  });
});

test("[P] the value of a variable and a kubeconfig are never echoed, whatever is wrong with them", () => {
  const secret = "hunter2";
  const wrapped = fc.oneof(
    fc.constant<unknown>(secret),
    fc.constant([secret]),
    fc.constant({ secret }),
    fc.constant([[{ secret }]]),
  );
  const faults = (failures: readonly CheckFailure[]): string => JSON.stringify(failures);
  fc.assert(
    fc.property(wrapped, fc.string(), fc.jsonValue(), (value, name, junk) => {
      fc.pre(!name.includes(secret));
      const given = {
        image: 1,
        env: [
          { name, value },
          { value, junk },
          { name: "HOSTNAME", value, valueFrom: junk },
        ],
        connection: { kubeconfig: Array.isArray(value) ? value : { secret }, junk },
      };
      expect(faults(check.Job(given))).not.toContain(secret);
      expect(faults(check.JobRun(given))).not.toContain(secret);
    }),
  );
});
