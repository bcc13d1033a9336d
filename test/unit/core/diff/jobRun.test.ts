import { diffRun } from "../../../../provider/core/diff/jobRun";
import type { EnvVar, JobRunInputs, JobTemplate } from "../../../../provider/core/spec/types";
import { notKnown } from "../../support/unknowns";

/** A task that has ended takes up nothing: every change of its shape is another run. */
const ended = { status: "completed", backend: "job" };

const alone: JobRunInputs = { name: "nightly-1", image: "app:1" };
const ofJob: JobRunInputs = { name: "nightly-1", job: "nightly", jobDefinition: { image: "app:1", cpu: "1" } };
const byName: JobRunInputs = { name: "nightly-1", job: "nightly" };
const nothing = { replaces: [], why: [], inPlace: false, touched: false };

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
      expect(diffRun({ ...base, ...one }, { ...base, ...two }, ended)).toEqual(nothing);
      expect(diffRun({ ...base, ...two }, { ...base, ...one }, ended)).toEqual(nothing);
    }
  });

  test("[U] of a job known by name, only what the run itself says is compared", () => {
    expect(diffRun({ ...byName, arraySize: 2 }, { ...byName, arrayIndices: "0,1" }, ended)).toEqual(nothing);
    expect(diffRun(byName, { ...byName, arraySize: 1 }, ended).replaces).toEqual(["arraySize"]);
    expect(diffRun(byName, { ...byName, cpu: "1" }, ended).replaces).toEqual(["cpu"]);
  });

  test.each<[string, JobTemplate]>([
    ["a default of the job, given", { image: "app:1", cpu: "1", retryLimit: 3 }],
    ["another way to say the job's array", { image: "app:1", cpu: "1", arraySize: 1 }],
    ["what the run overrides", { image: "app:1", cpu: "9" }],
  ])("[U] in the job: %s", (_title, jobDefinition) => {
    const run = { ...ofJob, cpu: "2" };
    expect(diffRun(run, { ...run, jobDefinition }, ended)).toEqual(nothing);
  });

  test("[U] with the job's definition at hand, its revision says nothing more", () => {
    const before = { ...ofJob, jobRevision: "one" };
    expect(diffRun(before, { ...before, jobRevision: "two" }, ended)).toEqual(nothing);
    expect(diffRun(before, { ...before, jobRevision: notKnown<string>("string") }, ended)).toEqual(nothing);
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
    expect(diffRun(alone, { ...alone, ...said }, ended)).toEqual({
      replaces: [key],
      why: [reason],
      inPlace: false,
      touched: false,
    });
  });

  test("[U] the array, with both ways to say it as the reason", () => {
    expect(diffRun(alone, { ...alone, arraySize: 3 }, ended)).toEqual({
      replaces: ["arraySize"],
      why: ['arrayIndices: "0" -> "0-2"', "arraySize: 1 -> 3"],
      inPlace: false,
      touched: false,
    });
  });

  test("[U] the mode, and the limits that go with it", () => {
    expect(diffRun(alone, { ...alone, mode: "daemon" }, ended)).toEqual({
      replaces: ["mode"],
      why: ['mode: "task" -> "daemon"', "maxExecutionTime: 7200 -> none", "retryLimit: 3 -> none"],
      inPlace: false,
      // A daemon is waited for otherwise than a task.
      touched: true,
    });
  });

  test("[U] the job by another name", () => {
    expect(diffRun(byName, { ...byName, job: "weekly" }, ended)).toEqual({
      replaces: ["job"],
      why: ['job: "nightly" -> "weekly"'],
      inPlace: false,
      touched: false,
    });
  });

  test("[U] the job's own change, told as the job's", () => {
    const after = { ...ofJob, jobDefinition: { image: "app:2", cpu: "1" } };
    expect(diffRun(ofJob, after, ended)).toEqual({
      replaces: ["jobDefinition"],
      why: ['job.image: "app:1" -> "app:2"'],
      inPlace: false,
      touched: false,
    });
  });

  test("[U] the run's own override, told as the run's", () => {
    expect(diffRun(ofJob, { ...ofJob, cpu: "2" }, ended)).toEqual({
      replaces: ["cpu"],
      why: ['cpu: "1" -> "2"'],
      inPlace: false,
      touched: false,
    });
  });

  test("[U] the revision of a job known by name", () => {
    expect(diffRun({ ...byName, jobRevision: "one" }, { ...byName, jobRevision: "two" }, ended)).toEqual({
      replaces: ["jobRevision"],
      why: ["the job has changed"],
      inPlace: false,
      touched: false,
    });
  });

  test("[U] the order of variables, of which a later one may refer to an earlier one", () => {
    const [a, b] = [
      { name: "A", value: "1" },
      { name: "B", value: "$(A)" },
    ];
    expect(diffRun({ ...alone, env: [a, b] }, { ...alone, env: [b, a] }, ended).replaces).toEqual(["env"]);
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
    expect(diffRun({ ...alone, ...one }, { ...alone, ...two }, ended)).toEqual({
      replaces: [key],
      why: [key],
      inPlace: false,
      touched: false,
    });
  });

  test("[U] a secret value of the job, and the reason does not show it", () => {
    const of = (value: string) => ({ ...ofJob, jobDefinition: { image: "app:1", env: [secret(value)] } });
    expect(diffRun(of("one"), of("two"), ended)).toEqual({
      replaces: ["jobDefinition"],
      why: ["job.env"],
      inPlace: false,
      touched: false,
    });
  });

  test("[U] all changes are told", () => {
    const { replaces, why } = diffRun(alone, { ...alone, image: "app:2", command: ["a"], retryLimit: 0 }, ended);
    expect(replaces).toEqual(["image", "command", "retryLimit"]);
    expect(why.toSorted()).toEqual(['image: "app:1" -> "app:2"', "command", "retryLimit: 3 -> 0"].toSorted());
  });
});

describe("a name", () => {
  test("[U] that changes makes a new run", () => {
    expect(diffRun(alone, { ...alone, name: "nightly-2" }, ended)).toEqual({
      replaces: ["name"],
      why: [],
      inPlace: false,
      touched: false,
    });
  });

  test("[U] that is not told yet is no change", () => {
    const { name: _name, ...unnamed } = alone;
    expect(diffRun(alone, unnamed, ended)).toEqual(nothing);
  });
});

describe("what does not shape the run only touches it", () => {
  test.each<JobRunInputs>([
    { wait: { until: "nothing" } },
    { connection: { context: "other" } },
    { connection: { kubeconfig: "apiVersion: v1" } },
  ])("[U] %j", (said) => {
    expect(diffRun(alone, { ...alone, ...said }, ended)).toEqual({ ...nothing, inPlace: false, touched: true });
    expect(diffRun({ ...alone, ...said }, alone, ended)).toEqual({ ...nothing, inPlace: false, touched: true });
  });

  test("[U] the order of keys does not", () => {
    const [one, two] = [
      { kubeconfig: "k", context: "c" },
      { context: "c", kubeconfig: "k" },
    ];
    expect(diffRun({ ...alone, connection: one }, { ...alone, connection: two }, ended)).toEqual(nothing);
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
    expect(diffRun(before, { ...before, ...said }, ended)).toEqual({
      replaces: [key],
      why: [`${key} is not known yet`],
      inPlace: false,
      touched: false,
    });
  });

  test("[U] only touches where it does not shape the run", () => {
    const after = { ...alone, wait: { until: notKnown<"running">("string") } };
    expect(diffRun(alone, after, ended)).toEqual({ ...nothing, inPlace: false, touched: true });
  });
});

describe("a daemon on Deployments takes up", () => {
  const daemon: JobRunInputs = { ...alone, mode: "daemon" };
  const running = { status: "running", backend: "deployment" };
  const inPlace = { replaces: [], inPlace: true };

  test.each<[Partial<JobRunInputs>, string]>([
    [{ image: "app:2" }, 'image: "app:1" -> "app:2"'],
    [{ env: [secret("new")] }, "env"],
    [{ cpu: "2" }, 'cpu: "1" -> "2"'],
    [{ arraySizeVariable: 4 }, "arraySizeVariable: none -> 4"],
    [{ image: notKnown("string") }, "image is not known yet"],
  ])("[U] %j", (said, reason) => {
    expect(diffRun(daemon, { ...daemon, ...said }, running)).toMatchObject({ ...inPlace, why: [reason] });
    expect(diffRun(daemon, { ...daemon, ...said }, { ...running, status: "completed" })).toMatchObject(inPlace);
  });

  test("[U] another set of indices", () => {
    expect(diffRun({ ...daemon, arraySize: 2 }, { ...daemon, arrayIndices: "0,5" }, running)).toMatchObject(inPlace);
  });

  test("[U] another revision of a job that is known by name", () => {
    const before = { ...byName, mode: "daemon", jobRevision: "a" } as const;
    expect(diffRun(before, { ...before, jobRevision: "b" }, running)).toMatchObject({
      ...inPlace,
      why: ["the job has changed"],
    });
  });

  test("[U] the wish for what it has", () => {
    expect(diffRun(daemon, { ...daemon, backend: "deployment" }, running)).toEqual(nothing);
    expect(diffRun({ ...daemon, backend: "job" }, daemon, { ...running, backend: "job" })).toEqual(nothing);
  });

  test.each<[Partial<JobRunInputs>, string]>([
    [{ mode: "task" }, "mode"],
    [{ triggers: { day: 2 } }, "triggers"],
    [{ backend: "job" }, "backend"],
    [{ name: "nightly-2" }, "name"],
    [{ image: "app:2", triggers: { day: 2 } }, "triggers"],
  ])("[U] but not %j: that is another run", (said, key) => {
    const { replaces, inPlace } = diffRun(daemon, { ...daemon, ...said }, running);
    expect({ inPlace, has: replaces.includes(key) }).toEqual({ inPlace: false, has: true });
  });

  test("[U] but nothing when Jobs carry it: their pods cannot be changed", () => {
    const { replaces } = diffRun(daemon, { ...daemon, image: "app:2" }, { ...running, backend: "job" });
    expect(replaces).toEqual(["image"]);
  });
});

describe("a task that runs", () => {
  const running = { status: "running", backend: "job" };

  test("[U] takes up a longer time limit", () => {
    expect(diffRun(alone, { ...alone, maxExecutionTime: 9_000 }, running)).toMatchObject({
      replaces: [],
      inPlace: true,
      why: ["maxExecutionTime: 7200 -> 9000"],
    });
  });

  test.each<[string, Partial<JobRunInputs>, string]>([
    ["a shorter one", { maxExecutionTime: 60 }, "running"],
    ["one that comes with another image", { maxExecutionTime: 9_000, image: "app:2" }, "running"],
    ["one that comes when it has failed", { maxExecutionTime: 9_000 }, "failed"],
  ])("[U] does not take up %s", (_title, said, status) => {
    const { inPlace, replaces } = diffRun(alone, { ...alone, ...said }, { ...running, status });
    expect({ inPlace, has: replaces.includes("maxExecutionTime") }).toEqual({ inPlace: false, has: true });
  });
});
