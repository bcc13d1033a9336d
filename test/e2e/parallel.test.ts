import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { objects } from "../support/kubectl";
import { plain } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(600_000);

const namespace = "e2e-parallel";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

const RUNS = 40;

describe(`[E] ${RUNS} runs of five seconds`, () => {
  it.each([8, 64])("all complete with --parallel %d, each in one pod", async (parallel) => {
    const stack = stacks.make(
      `by-${parallel}`,
      `for (let i = 0; i < ${RUNS}; i++) new JobRun("run-" + i, { ...small, cpu: "10m", labels: { by: "${parallel}" }, command: ["sleep", "5"] });`,
    );
    const start = Date.now();
    const ended = await stack.up({ parallel });
    console.log(`--parallel ${parallel}: up took ${((Date.now() - start) / 1_000).toFixed(1)} s`);
    expect(plain(ended.output)).not.toMatch(/error/i);
    const runs = await stack.resources();
    expect(runs.map(({ outputs }) => outputs["status"])).toEqual(Array(RUNS).fill("completed"));
    const pods = await objects(namespace, "pods", `by=${parallel}`);
    expect(new Set(pods.map(({ metadata }) => metadata.labels?.["pulumi-jobrun/run"])).size).toBe(RUNS);
    expect(pods).toHaveLength(RUNS);
  });
});
