import { effectiveTemplate, templateOf, waitOf } from "../../../../provider/core/spec/jobRun";
import { comparable, mergeTemplates, withDefaults } from "../../../../provider/core/spec/template";
import type { JobTemplate, Wait } from "../../../../provider/core/spec/types";

const job: JobTemplate = {
  image: "app:1",
  command: ["serve"],
  args: ["-v"],
  cpu: "2",
  arrayIndices: "1-3",
  env: [
    { name: "A", value: "job" },
    { name: "B", value: "job" },
  ],
};

describe("a run's words beside its job's", () => {
  test("[U] what the run does not say stays the job's", () => {
    expect(mergeTemplates(job, {})).toEqual(job);
  });

  test("[U] scalars and lists replace", () => {
    expect(mergeTemplates(job, { cpu: "1", args: ["-q"], imagePullPolicy: "Never" })).toMatchObject({
      image: "app:1",
      command: ["serve"],
      args: ["-q"],
      cpu: "1",
      imagePullPolicy: "Never",
    });
  });

  test("[U] an empty list takes the job's away: the image's own command", () => {
    expect(withDefaults(mergeTemplates(job, { command: [] }))).not.toHaveProperty("command");
  });

  test("[U] a run that is a daemon takes no limits from its job", () => {
    const limited = { ...job, maxExecutionTime: 60, retryLimit: 1 };
    expect(mergeTemplates(limited, { mode: "daemon" })).toEqual({ ...job, mode: "daemon" });
  });

  test("[U] variables merge by name: the run's win, each keeps its place, new ones come last", () => {
    const env = [
      { name: "C", value: "run" },
      { name: "A", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
    ];
    expect(mergeTemplates(job, { env }).env).toEqual([env[1], { name: "B", value: "job" }, env[0]]);
  });

  test("[U] a secret of the job that the run gives plainly is plain, and the other way round", () => {
    const secret = { name: "A", value: "s", secret: true } as const;
    const plain = { name: "A", value: "p" };
    expect(mergeTemplates({ image: "a", env: [secret] }, { env: [plain] }).env).toEqual([plain]);
    expect(mergeTemplates({ image: "a", env: [plain] }, { env: [secret] }).env).toEqual([secret]);
  });

  test.each([
    [{ arrayIndices: "5-6" }, "5-6", 2],
    [{ arraySize: 2 }, "0-1", 2],
    [{}, "1-3", 3],
  ])("[U] one way to say the array replaces the other: %j", (said, arrayIndices, arraySize) => {
    for (const base of [job, withDefaults(job), { ...job, arraySize: 3 }])
      expect(withDefaults(mergeTemplates(base, said))).toMatchObject({ arrayIndices, arraySize });
  });
});

describe("defaults", () => {
  test("[U] a task has one index, two hours, three retries, and Code Engine's sizes", () => {
    expect(withDefaults({ image: "app:1" })).toEqual({
      image: "app:1",
      env: [],
      mode: "task",
      arrayIndices: "0",
      arraySize: 1,
      maxExecutionTime: 7_200,
      retryLimit: 3,
      cpu: "1",
      memory: "4G",
      ephemeralStorage: "400M",
      podSecurity: "baseline",
    });
  });

  test("[U] a daemon has no limits", () => {
    const spec = withDefaults({ image: "app:1", mode: "daemon" });
    expect(spec).not.toHaveProperty("maxExecutionTime");
    expect(spec).not.toHaveProperty("retryLimit");
  });

  test("[U] zero retries are not the default", () => {
    expect(withDefaults({ image: "app:1", retryLimit: 0 }).retryLimit).toBe(0);
  });

  test.each([
    [{ arraySize: 5 }, "0-4", 5],
    [{ arrayIndices: " 4, 2-3 " }, "2-4", 3],
    [{ arrayIndices: "0" }, "0", 1],
  ])("[U] %j is told both ways", (said, arrayIndices, arraySize) => {
    expect(withDefaults({ image: "app:1", ...said })).toMatchObject({ arrayIndices, arraySize });
  });

  test("[U] an array that `check` should have refused is a mistake of ours", () => {
    expect(() => withDefaults({ image: "app:1", arrayIndices: "2-1" })).toThrow(
      'arrayIndices must have ascending ranges: write `1-2`, got "2-1"',
    );
  });

  test("[U] only quantities are compared by value", () => {
    const said = { image: "app:1", cpu: "1", memory: "4G", ephemeralStorage: "400M", command: ["1000m"] };
    const same = { ...said, cpu: "1000m", memory: "4000M", ephemeralStorage: "0.4G" };
    expect(comparable(withDefaults(said))).toEqual(comparable(withDefaults(same)));
    expect(comparable(withDefaults(said))).not.toEqual(comparable(withDefaults({ ...same, command: ["1"] })));
  });
});

describe("the template of a run", () => {
  test("[U] holds only what shapes pods and array", () => {
    const inputs: object = {
      name: "n",
      namespace: "s",
      connection: {},
      wait: {},
      image: "a",
      cpu: "1",
      args: undefined,
    };
    expect(templateOf(inputs as JobTemplate)).toEqual({ image: "a", cpu: "1" });
  });

  test("[U] cannot be told while the job is known by name only", () => {
    expect(() => effectiveTemplate({ job: "nightly" })).toThrow("the definition of job nightly is needed first");
  });

  test("[U] a definition read live stands in for one that was passed along", () => {
    expect(effectiveTemplate({ job: "nightly", cpu: "3" }, job)).toEqual(
      effectiveTemplate({ job: "nightly", cpu: "3", jobDefinition: job }),
    );
  });

  test("[U] a stand-alone run takes nothing from a definition", () => {
    expect(effectiveTemplate({ image: "b", jobDefinition: job })).toEqual(withDefaults({ image: "b" }));
  });

  const usual = { stableSeconds: 10, unschedulableSeconds: 120 };
  test.each<["task" | "daemon", Wait | undefined, Wait]>([
    ["task", undefined, { until: "completion", ...usual }],
    ["task", {}, { until: "completion", ...usual }],
    ["daemon", undefined, { until: "running", ...usual }],
    ["daemon", {}, { until: "running", ...usual }],
    ["task", { until: "nothing" }, { until: "nothing", ...usual }],
    ["daemon", { until: "completion" }, { until: "completion", ...usual }],
    ["daemon", { stableSeconds: 0 }, { until: "running", ...usual, stableSeconds: 0 }],
    ["task", { unschedulableSeconds: 0 }, { until: "completion", ...usual, unschedulableSeconds: 0 }],
    ["task", { queueSeconds: 5 }, { until: "completion", ...usual, queueSeconds: 5 }],
    ["task", { until: undefined } as never, { until: "completion", ...usual }],
  ])("[U] a %s with `wait` %j waits for %j", (mode, wait, expected) => {
    expect(waitOf(wait, { mode })).toEqual(expected);
  });
});
