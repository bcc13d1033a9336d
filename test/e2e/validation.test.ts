import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { leftovers } from "../support/kubectl";
import { plain } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "e2e-validation";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

const noTime = "must not be given with mode `daemon`: a daemon runs without a time limit";
const noRetry = "must not be given with mode `daemon`: failed instances of a daemon are restarted without limit";

const cases: readonly [claim: string, program: string, faults: readonly string[]][] = [
  [
    "a daemon job with limits",
    `new Job("j", { ...small, mode: "daemon", maxExecutionTime: 60, retryLimit: 1 });`,
    [`maxExecutionTime`, noTime, `retryLimit`, noRetry],
  ],
  [
    "a stand-alone daemon run with a retry limit",
    `new JobRun("r", { ...small, mode: "daemon", retryLimit: 0 });`,
    ["retryLimit", noRetry],
  ],
  [
    "a run with limits of a daemon job, before the job exists",
    `const job = new Job("j", { ...small, mode: "daemon" });
     new JobRun("r", { job, maxExecutionTime: 5 });`,
    ["maxExecutionTime", noTime],
  ],
  [
    "all faults of a run in one go",
    `new JobRun("r", { ...small, name: "My_Run", arraySize: 2, arrayIndices: "5-1", cpu: "much", mode: "deamon" });`,
    [
      `must consist of lower-case letters, digits and hyphens, and begin and end with a letter or digit (Kubernetes' rule for names), got "My_Run"`,
      "must not be given together with `arrayIndices`, got 2",
      'must have ascending ranges: write `1-5`, got "5-1"',
      'must be a Kubernetes quantity such as `500m`, `1` or `0.25`, got "much"',
      'must be `task` or `daemon`, got "deamon"',
    ],
  ],
  [
    "a run without image and job",
    `new JobRun("r", { command: ["true"] });`,
    ["image", "a run without `job` is stand-alone and needs an image"],
  ],
  [
    "a variable that the run sets itself",
    `new Job("j", { ...small, env: [{ name: "A", value: "1" }, { name: "JOB_INDEX", value: "7" }] });`,
    ["env[1].name", "must not be `JOB_INDEX`: the run sets this variable itself"],
  ],
];

describe("[E] a preview names, before anything is created,", () => {
  it.each(cases)("%s", async (claim, program, faults) => {
    const stack = stacks.make(claim.replaceAll(/[^a-z]+/g, "-").slice(0, 30), program);
    const ended = await stack.preview();
    expect(ended.ok).toBe(false);
    for (const fault of faults) expect(plain(ended.output)).toContain(fault);
    expect(plain(ended.output)).not.toMatch(/^\s+at /m);
    expect(await leftovers(namespace)).toEqual([]);
  });

  it("a limit of a run whose daemon job is known by name only: `up` refuses it and creates nothing", async () => {
    const stack = stacks.make("by-name", `new Job("j", { ...small, name: "by-name", mode: "daemon" });`);
    expect((await stack.up()).ok).toBe(true);
    const other = stacks.make("by-name-run", `new JobRun("r", { job: "by-name", retryLimit: 2 });`);
    const ended = await other.up();
    expect(ended.ok).toBe(false);
    expect(plain(ended.output)).toContain(`retryLimit ${noRetry}, got 2`);
    expect(await leftovers(namespace)).toEqual(["ConfigMap/by-name.job"]);
  });
});
