import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { kubectl, until } from "../support/kubectl";
import { changes, type Ended, plain, type TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";
import { storyOf } from "../support/story";

jest.setTimeout(600_000);

const namespace = "e2e-stability";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

const TIMES = 3;

/** The results of a command that is given several times in a row. */
async function repeated<T>(command: () => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  while (results.length < TIMES) results.push(await command());
  return results;
}

/** What was printed, without times; what happens side by side is told in any order. */
function masked(output: string): string[] {
  const untimed = plain(output)
    .replaceAll(/"duration": \d+/g, '"duration": 0')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(/\(?\b\d+(\.\d+)?m?s\b\)?/g, "DURATION");
  return untimed
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^@ \w+/.test(line))
    .toSorted();
}

/** Every object of ours, in the version in which it was written last, and the pods, of which the kubelet writes by itself. */
async function versions(): Promise<string[]> {
  const list = async (kinds: string, columns: string): Promise<string> => {
    const selector = ["--selector", "app.kubernetes.io/managed-by=pulumi-jobrun"];
    return kubectl("get", kinds, "--namespace", namespace, ...selector, "--output", `custom-columns=${columns}`);
  };
  const names = "KIND:.kind,NAME:.metadata.name,UID:.metadata.uid";
  return [
    await list("configmaps,secrets,jobs,deployments", `${names},VERSION:.metadata.resourceVersion`),
    await list("replicasets,pods", names),
  ];
}

async function state(stack: TestStack): Promise<unknown[]> {
  const resources = (await stack.resources()).toSorted((a, b) => (a.urn < b.urn ? -1 : 1));
  return resources.map(({ urn, id, inputs, outputs }) => ({ urn, id, inputs, outputs }));
}

/** Seconds that the engine's last step with the resource took until it failed. */
function secondsOfLastStep(ended: Ended, name: string): number {
  const steps = ended.events.filter(({ resourcePreEvent }) => resourcePreEvent?.metadata.urn.endsWith(`::${name}`));
  return (storyOf(ended, name).failedAtTime - (steps.at(-1)?.seenAt ?? NaN)) / 1_000;
}

describe("[E] a stack with a job, a finished task, a daemon and a failed run that is kept", () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = stacks.make(
      "mixed",
      `const job = new Job("job", { ...small, name: "stable", arraySize: 2, command: ["true"] });
       new JobRun("task", { job, name: "stable-task" });
       new JobRun("daemon", { ...small, name: "stable-daemon", mode: "daemon", terminationGracePeriodSeconds: 1, command: sh("exec sleep 3600") });
       new JobRun("failed", { ...small, name: "stable-failed", retryLimit: 0, onFailure: "keep", command: sh("exit 5") });`,
    );
    const first = await stack.up({ continueOnError: true });
    expect(first.output.match(/ContainerExitedCode/g)).not.toBeNull();
  });

  it("says and keeps the same at every `up --refresh`, at which nothing in the cluster is written, and the kept failure comes at once", async () => {
    const before = [await state(stack), await versions()];
    const ups = await repeated(() => stack.up({ refresh: true, continueOnError: true }));
    for (const up of ups) {
      expect(up.ok).toBe(false);
      expect(plain(up.output)).toContain("index 0: ContainerExitedCode5 after 1 attempt");
      expect(changes(up)).toEqual({ refresh: 4, same: 3, update: 1 });
      expect(secondsOfLastStep(up, "failed")).toBeLessThan(15);
    }
    const [first, ...others] = ups.map(({ output }) => masked(output));
    for (const other of others) expect(other).toEqual(first);
    expect([await state(stack), await versions()]).toEqual(before);
  });

  it.each([
    ["--diff", ["preview", "--diff"]],
    ["--json", ["preview", "--json"]],
  ])("says the same at every `preview %s`, and changes nothing", async (_flag, command) => {
    const before = [await state(stack), await versions()];
    const previews = await repeated(async () => (await stack.spawn(...command)).ended);
    expect(previews.map(({ exitCode }) => exitCode)).toEqual(Array(TIMES).fill(0));
    const [first, ...others] = previews.map(({ output }) => masked(output));
    expect(first?.join("\n")).toContain("stable-failed");
    for (const other of others) expect(other).toEqual(first);
    expect([await state(stack), await versions()]).toEqual(before);
  });
});

describe("[E] an update that fails after its inputs have changed", () => {
  const program = (seconds: number): string =>
    `const options = { customTimeouts: { update: "4s" } };
     const common = { ...small, terminationGracePeriodSeconds: 1 };
     new JobRun("daemon", { ...common, name: "fails-daemon", mode: "daemon", wait: { stableSeconds: ${seconds === 600 ? 1 : 60} }, command: sh("exec sleep ${seconds}") }, options);
     new JobRun("task", { ...common, name: "fails-task", maxExecutionTime: ${seconds}, wait: { until: ${seconds === 600 ? '"running"' : '"completion"'} }, command: sh("sleep 3600") }, options);`;

  it("is no drift for a refresh, still an update for the next preview, and what really drifts is still shown", async () => {
    const stack = stacks.make("fails", program(600));
    expect((await stack.up()).ok).toBe(true);
    stack.write(program(700));
    const failed = await stack.up({ continueOnError: true });
    expect(failed.ok).toBe(false);
    for (const run of ["fails-daemon", "fails-task"])
      expect(plain(failed.output)).toContain(`JobRun "${run}" is not ready in time, and goes on`);

    const refreshed = await stack.refresh({ expectNoChanges: true });
    expect(plain(refreshed.output)).not.toMatch(/error/i);
    expect(refreshed.ok).toBe(true);
    expect(changes(await stack.preview())).toEqual({ update: 2 });

    await kubectl("delete", "deployment/fails-daemon-0", "job/fails-task", "--namespace", namespace);
    await until(
      async () =>
        (await kubectl(
          "get",
          "deployments,jobs",
          "--namespace",
          namespace,
          "--selector",
          "pulumi-jobrun/run in (fails-daemon,fails-task)",
        )) === "",
    );
    const drifted = await stack.preview({ refresh: true });
    expect(changes(drifted)).toEqual({ refresh: 2, update: 2 });
  });
});
