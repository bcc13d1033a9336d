import { checkJob, checkRun } from "../../../../provider/core/spec/check";
import { jobName, revisionOf, runName } from "../../../../provider/core/spec/jobRun";
import type { EnvVar, JobRunInputs, JobTemplate } from "../../../../provider/core/spec/types";
import { identity } from "../../support/specs";
import { notKnown } from "../../support/unknowns";

const secret = (value: string): EnvVar => ({ name: "PASSWORD", value, secret: true });

describe("the revision of a job", () => {
  const revision = (said: Partial<JobTemplate>) => revisionOf({ image: "app:1", ...said });

  test.each([
    [{}, { mode: "task", retryLimit: 3, maxExecutionTime: 7_200, cpu: "1", env: [], command: [] }],
    [{ arraySize: 5 }, { arrayIndices: "0 - 4" }],
    [{ env: [secret("one")] }, { env: [secret("two")] }],
  ] as const)("[U] is the same for %j and %j", (one, two) => {
    expect(revision(one)).toBe(revision(two));
  });

  test.each([
    { image: "app:2" },
    { imagePullPolicy: "Never" },
    { command: ["a"] },
    { args: ["a"] },
    { env: [{ name: "A", value: "1" }] },
    { mode: "daemon" },
    { arraySize: 2 },
    { maxExecutionTime: 1 },
    { retryLimit: 0 },
    { cpu: "2" },
    { memory: "1G" },
    { ephemeralStorage: "1G" },
  ] as const)("[U] is another one with %j", (said) => {
    expect(revision(said)).not.toBe(revision({}));
  });

  test("[U] tells secret from plain, and one secret variable from another", () => {
    const plain = revision({ env: [{ name: "PASSWORD", value: "one" }] });
    const hidden = revision({ env: [secret("one")] });
    expect(new Set([plain, hidden, revision({ env: [{ ...secret("one"), name: "TOKEN" }] })]).size).toBe(3);
  });

  test("[U] is filled in by `check` where the definition is known, whatever was given", () => {
    const jobDefinition = { image: "app:1", env: [{ name: "PASSWORD", value: "one" }] };
    const inputs = { job: "nightly", jobRevision: notKnown<string>("string"), jobDefinition };
    const checked = checkRun({}, inputs, { identity, strict: false, secretPaths: ["jobDefinition.env[0].value"] });
    expect(checked.inputs.jobRevision).toBe(revision({ env: [secret("another")] }));
    expect(checked.inputs.jobDefinition).toEqual(jobDefinition);
  });

  test.each([
    ["of a job known by name", { job: "nightly", jobRevision: "abc" }, "abc"],
    ["while the definition is unknown", { job: "nightly", jobDefinition: notKnown<JobTemplate>("object") }, undefined],
    [
      "while a part of the definition is unknown",
      { job: "nightly", jobRevision: "abc", jobDefinition: { image: notKnown<string>("string") } },
      "abc",
    ],
  ])("[U] is left as given %s", (_title, inputs, expected) => {
    expect(checkRun({}, inputs, { identity, strict: false, secretPaths: [] }).inputs.jobRevision).toBe(expected);
  });
});

describe("the name of a job", () => {
  test.each([
    ["mine", "old", "mine"],
    ["mine", undefined, "mine"],
    [undefined, "old", "old"],
  ])("[U] given %s, before %s: %s", (given, before, expected) => {
    expect(jobName(given, before, identity)).toBe(expected);
  });

  test("[U] else it is the logical name and a hash of the URN, whatever the job is", () => {
    const names = [{ image: "a" }, { image: "b" }].map(
      (inputs) => checkJob({}, inputs, { identity, strict: false, secretPaths: [] }).inputs.name,
    );
    expect(names[0]).toMatch(/^nightly-[a-z0-9]{7}$/);
    expect(names[1]).toBe(names[0]);
    expect(jobName(undefined, undefined, { ...identity, urn: "another" })).not.toBe(names[0]);
  });
});

describe("the name of a run", () => {
  const name = (said: JobRunInputs, olds: JobRunInputs = {}) => runName(said, olds, identity);
  const before = name({ image: "app:1" });

  test("[U] is the user's, else the one it had, else made", () => {
    expect(name({ name: "mine", image: "app:2" }, { name: "old" })).toBe("mine");
    expect(name({ image: "app:2" }, { name: "old" })).toBe("old");
    expect(before).toMatch(/^nightly-[a-z0-9]{7}$/);
  });

  test.each<JobRunInputs>([
    { image: "app:1", mode: "task", retryLimit: 3, memory: "4G", args: [] },
    { image: "app:1", arraySize: 1 },
    { image: "app:1", arrayIndices: " 0 " },
    { image: "app:1", wait: { until: "nothing" } },
    { image: "app:1", connection: { context: "other" } },
  ])("[U] is the same again for what means the same run: %j", (inputs) => {
    expect(name(inputs)).toBe(before);
  });

  test.each<JobRunInputs>([
    { image: "app:2" },
    { image: "app:1", imagePullPolicy: "Never" },
    { image: "app:1", command: ["a"] },
    { image: "app:1", args: ["a"] },
    { image: "app:1", env: [{ name: "A", value: "1" }] },
    { image: "app:1", mode: "daemon" },
    { image: "app:1", arraySize: 2 },
    { image: "app:1", maxExecutionTime: 1 },
    { image: "app:1", retryLimit: 0 },
    { image: "app:1", cpu: "2" },
    { image: "app:1", memory: "1G" },
    { image: "app:1", ephemeralStorage: "1G" },
    { job: "nightly" },
    { job: "nightly", jobDefinition: { image: "app:1" } },
  ])("[U] is another one for another run: %j", (inputs) => {
    expect(name(inputs)).not.toBe(before);
  });

  test("[U] is another one for another resource", () => {
    expect(runName({ image: "app:1" }, {}, { ...identity, urn: "urn:other" })).not.toBe(before);
  });

  test("[U] does not depend on a secret value, the run's or the job's", () => {
    expect(name({ image: "a", env: [secret("one")] })).toBe(name({ image: "a", env: [secret("two")] }));
    const of = (value: string) => name({ job: "nightly", jobDefinition: { image: "a", env: [secret(value)] } });
    expect(of("one")).toBe(of("two"));
  });

  test.each<JobRunInputs>([
    { image: notKnown("string") },
    { image: "app:1", env: [{ name: "A", value: notKnown("string") }] },
    { image: "app:1", arraySize: notKnown("number") },
    { job: notKnown("string") },
    { job: "nightly", jobDefinition: { image: notKnown("string") } },
  ])("[U] is not told while what shapes the run is unknown: %j", (inputs) => {
    expect(name(inputs)).toBeUndefined();
    const checked = checkRun({}, inputs, { identity, strict: false, secretPaths: [] });
    expect(checked).toEqual({ failures: [], inputs });
  });

  test("[U] is told although what does not shape the run is unknown", () => {
    expect(name({ image: "app:1", connection: notKnown("object"), wait: notKnown("object") })).toBe(before);
  });

  test("[U] is kept although something is unknown", () => {
    expect(name({ image: notKnown("string") }, { name: "old" })).toBe("old");
  });
});

describe("what `check` hands back", () => {
  const inputs = { image: "app:1", env: [{ name: "A", value: "1" }], cpu: "1000m", arrayIndices: " 0 - 4 " };

  test("[U] is as it was given, with the name added, and no mark of a secret", () => {
    const options = { identity, strict: false, secretPaths: ["env"] };
    expect(checkJob({}, inputs, options).inputs).toEqual({ ...inputs, name: expect.stringMatching(/^nightly-/) });
    expect(checkRun({}, inputs, options).inputs).toEqual({ ...inputs, name: expect.stringMatching(/^nightly-/) });
  });

  test("[U] is untouched when there are faults", () => {
    const wrong = { ...inputs, retryLimit: -1 };
    expect(checkJob({}, wrong, { identity, strict: false, secretPaths: [] }).inputs).toEqual(wrong);
    expect(checkRun({}, wrong, { identity, strict: false, secretPaths: [] }).inputs).toEqual(wrong);
  });
});

describe("what `pulumi:autonaming` says of names", () => {
  const check = (automaticName: string | false, olds = {}, inputs = { image: "app:1" }) => {
    const options = { identity: { ...identity, automaticName }, strict: false, secretPaths: [] };
    return [checkJob(olds, inputs, options), checkRun(olds, inputs, options)];
  };

  test("[U] is taken when the user gives no name and there was none", () => {
    for (const { inputs } of check("verbatim")) expect(inputs.name).toBe("verbatim");
    for (const { inputs } of check("verbatim", { name: "old" })) expect(inputs.name).toBe("old");
    for (const { inputs } of check("verbatim", {}, { image: "a", name: "given" } as never))
      expect(inputs.name).toBe("given");
  });

  test("[U] must be a name that Kubernetes takes, in words that lead to the setting", () => {
    for (const { failures } of check("My_Name"))
      expect(failures).toEqual([
        { property: "name", reason: expect.stringMatching(/got "My_Name".* by `pulumi:autonaming`: give a name/) },
      ]);
    const [job, run] = check("a".repeat(60));
    expect(job?.failures).toEqual([]);
    expect(run?.failures).toHaveLength(1);
  });

  test("[U] may forbid automatic names; one that is there already stays", () => {
    for (const { failures } of check(false))
      expect(failures).toEqual([
        { property: "name", reason: "must be given: `pulumi:autonaming` turns automatic names off" },
      ]);
    for (const { failures, inputs } of check(false, { name: "old" })) {
      expect(failures).toEqual([]);
      expect(inputs.name).toBe("old");
    }
  });
});
