import { diffRun } from "../../../../provider/core/diff/jobRun";
import type { EnvVar, JobRunInputs, JobTemplate } from "../../../../provider/core/spec/types";
import { notKnown } from "../../support/unknowns";

const alone: JobRunInputs = { name: "nightly-1", image: "app:1" };
const ofJob: JobRunInputs = { name: "nightly-1", job: "nightly", jobDefinition: { image: "app:1", cpu: "1" } };
const byName: JobRunInputs = { name: "nightly-1", job: "nightly" };
const nothing = { replaces: [], why: [], touched: false };

const secret = (value: string): EnvVar => ({ name: "PASSWORD", value, secret: true });

describe("the same, written otherwise, is no change", () => {
  test.each<[JobRunInputs, JobRunInputs]>([
    [{ arraySize: 5 }, { arrayIndices: "0-4" }],
    [{ arraySize: 5 }, { arrayIndices: " 0 - 4 " }],
    [{ arrayIndices: "3,1-2" }, { arrayIndices: "1-3" }],
    [{}, { arraySize: 1 }],
    [{}, { arrayIndices: "0" }],
    [{}, { command: [], args: [], env: [] }],
    [{}, { mode: "task", maxExecutionTime: 7_200, retryLimit: 3, cpu: "1", memory: "4G", ephemeralStorage: "400M" }],
    [{ cpu: "1" }, { cpu: "1000m" }],
    [{ memory: "1Gi" }, { memory: "1024Mi" }],
    [{ ephemeralStorage: "1G" }, { ephemeralStorage: "1e9" }],
  ])("[U] %j and %j", (one, two) => {
    for (const base of [alone, ofJob]) {
      expect(diffRun({ ...base, ...one }, { ...base, ...two })).toEqual(nothing);
      expect(diffRun({ ...base, ...two }, { ...base, ...one })).toEqual(nothing);
    }
  });

  test("[U] of a job known by name, only what the run itself says is compared", () => {
    expect(diffRun({ ...byName, arraySize: 2 }, { ...byName, arrayIndices: "0,1" })).toEqual(nothing);
    expect(diffRun(byName, { ...byName, arraySize: 1 }).replaces).toEqual(["arraySize"]);
    expect(diffRun(byName, { ...byName, cpu: "1" }).replaces).toEqual(["cpu"]);
  });

  test.each<[string, JobTemplate]>([
    ["a default of the job, given", { image: "app:1", cpu: "1", retryLimit: 3 }],
    ["another way to say the job's array", { image: "app:1", cpu: "1", arraySize: 1 }],
    ["what the run overrides", { image: "app:1", cpu: "9" }],
  ])("[U] in the job: %s", (_title, jobDefinition) => {
    const run = { ...ofJob, cpu: "2" };
    expect(diffRun(run, { ...run, jobDefinition })).toEqual(nothing);
  });

  test("[U] with the job's definition at hand, its revision says nothing more", () => {
    const before = { ...ofJob, jobRevision: "one" };
    expect(diffRun(before, { ...before, jobRevision: "two" })).toEqual(nothing);
    expect(diffRun(before, { ...before, jobRevision: notKnown<string>("string") })).toEqual(nothing);
  });
});

describe("what shapes the run makes a new one", () => {
  test.each<[JobRunInputs, string, string]>([
    [{ image: "app:2" }, "image", 'image: "app:1" -> "app:2"'],
    [{ imagePullPolicy: "Never" }, "imagePullPolicy", 'imagePullPolicy: none -> "Never"'],
    [{ command: ["a"] }, "command", "command"],
    [{ args: ["a"] }, "args", "args"],
    [{ env: [{ name: "A", value: "1" }] }, "env", "env"],
    [{ maxExecutionTime: 60 }, "maxExecutionTime", "maxExecutionTime: 7200 -> 60"],
    [{ retryLimit: 0 }, "retryLimit", "retryLimit: 3 -> 0"],
    [{ cpu: "2" }, "cpu", 'cpu: "1" -> "2"'],
    [{ memory: "1G" }, "memory", 'memory: "4G" -> "1G"'],
    [{ ephemeralStorage: "1G" }, "ephemeralStorage", 'ephemeralStorage: "400M" -> "1G"'],
  ])("[U] %j", (said, key, reason) => {
    expect(diffRun(alone, { ...alone, ...said })).toEqual({ replaces: [key], why: [reason], touched: false });
  });

  test("[U] the array, with both ways to say it as the reason", () => {
    expect(diffRun(alone, { ...alone, arraySize: 3 })).toEqual({
      replaces: ["arraySize"],
      why: ['arrayIndices: "0" -> "0-2"', "arraySize: 1 -> 3"],
      touched: false,
    });
  });

  test("[U] the mode, and the limits that go with it", () => {
    expect(diffRun(alone, { ...alone, mode: "daemon" })).toEqual({
      replaces: ["mode"],
      why: ['mode: "task" -> "daemon"', "maxExecutionTime: 7200 -> none", "retryLimit: 3 -> none"],
      // A daemon is waited for otherwise than a task.
      touched: true,
    });
  });

  test("[U] the job by another name", () => {
    expect(diffRun(byName, { ...byName, job: "weekly" })).toEqual({
      replaces: ["job"],
      why: ['job: "nightly" -> "weekly"'],
      touched: false,
    });
  });

  test("[U] the job's own change, told as the job's", () => {
    const after = { ...ofJob, jobDefinition: { image: "app:2", cpu: "1" } };
    expect(diffRun(ofJob, after)).toEqual({
      replaces: ["jobDefinition"],
      why: ['job.image: "app:1" -> "app:2"'],
      touched: false,
    });
  });

  test("[U] the run's own override, told as the run's", () => {
    expect(diffRun(ofJob, { ...ofJob, cpu: "2" })).toEqual({
      replaces: ["cpu"],
      why: ['cpu: "1" -> "2"'],
      touched: false,
    });
  });

  test("[U] the revision of a job known by name", () => {
    expect(diffRun({ ...byName, jobRevision: "one" }, { ...byName, jobRevision: "two" })).toEqual({
      replaces: ["jobRevision"],
      why: ["the job has changed"],
      touched: false,
    });
  });

  test("[U] the order of variables, of which a later one may refer to an earlier one", () => {
    const [a, b] = [
      { name: "A", value: "1" },
      { name: "B", value: "$(A)" },
    ];
    expect(diffRun({ ...alone, env: [a, b] }, { ...alone, env: [b, a] }).replaces).toEqual(["env"]);
  });

  test.each<[string, JobRunInputs, JobRunInputs, string]>([
    ["another secret value", { env: [secret("one")] }, { env: [secret("two")] }, "env"],
    [
      "a plain value that becomes secret",
      { env: [{ name: "PASSWORD", value: "one" }] },
      { env: [secret("one")] },
      "env",
    ],
  ])("[U] %s, and the reason does not show it", (_title, one, two, key) => {
    expect(diffRun({ ...alone, ...one }, { ...alone, ...two })).toEqual({
      replaces: [key],
      why: [key],
      touched: false,
    });
  });

  test("[U] a secret value of the job, and the reason does not show it", () => {
    const of = (value: string) => ({ ...ofJob, jobDefinition: { image: "app:1", env: [secret(value)] } });
    expect(diffRun(of("one"), of("two"))).toEqual({ replaces: ["jobDefinition"], why: ["job.env"], touched: false });
  });

  test("[U] all changes are told", () => {
    const { replaces, why } = diffRun(alone, { ...alone, image: "app:2", command: ["a"], retryLimit: 0 });
    expect(replaces).toEqual(["image", "command", "retryLimit"]);
    expect(why.toSorted()).toEqual(['image: "app:1" -> "app:2"', "command", "retryLimit: 3 -> 0"].toSorted());
  });
});

describe("a name", () => {
  test("[U] that changes makes a new run", () => {
    expect(diffRun(alone, { ...alone, name: "nightly-2" })).toEqual({ replaces: ["name"], why: [], touched: false });
  });

  test("[U] that is not told yet is no change", () => {
    const { name: _name, ...unnamed } = alone;
    expect(diffRun(alone, unnamed)).toEqual(nothing);
  });
});

describe("what does not shape the run only touches it", () => {
  test.each<JobRunInputs>([
    { wait: { until: "nothing" } },
    { connection: { context: "other" } },
    { connection: { kubeconfig: "apiVersion: v1" } },
  ])("[U] %j", (said) => {
    expect(diffRun(alone, { ...alone, ...said })).toEqual({ ...nothing, touched: true });
    expect(diffRun({ ...alone, ...said }, alone)).toEqual({ ...nothing, touched: true });
  });

  test("[U] the order of keys does not", () => {
    const [one, two] = [
      { kubeconfig: "k", context: "c" },
      { context: "c", kubeconfig: "k" },
    ];
    expect(diffRun({ ...alone, connection: one }, { ...alone, connection: two })).toEqual(nothing);
  });
});

describe("what is not known yet", () => {
  test.each<[string, JobRunInputs, JobRunInputs, string]>([
    ["an image", alone, { image: notKnown("string") }, "image"],
    ["a variable's value", alone, { env: [{ name: "A", value: notKnown("string") }] }, "env"],
    ["the size of the array", alone, { arraySize: notKnown("number") }, "arraySize"],
    ["a part of the job", ofJob, { jobDefinition: { image: notKnown("string") } }, "jobDefinition"],
    ["the job's name", byName, { job: notKnown("string") }, "job"],
  ])("[U] makes a new run: %s", (_title, before, said, key) => {
    expect(diffRun(before, { ...before, ...said })).toEqual({
      replaces: [key],
      why: [`${key} is not known yet`],
      touched: false,
    });
  });

  test("[U] only touches where it does not shape the run", () => {
    const after = { ...alone, wait: { until: notKnown<"running">("string") } };
    expect(diffRun(alone, after)).toEqual({ ...nothing, touched: true });
  });
});
