import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { kubectl, objects, until } from "../support/kubectl";
import { changes, type Ended, plain, rowMessages, type TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";
import { storyOf } from "../support/story";
import { watch, type Watch } from "../support/watch";

jest.setTimeout(600_000);

const namespace = "e2e-patience";
const nodeLabel = "e2e-patience/disk";
const stacks = stacksIn(namespace);

const program = (create: string): string => `
  const common = { ...small, terminationGracePeriodSeconds: 1, retryLimit: 0 };
  new JobRun("slow", { ...common, name: "slow", command: sh("sleep 75") }, { customTimeouts: { create: "${create}" } });
  new JobRun("deleted", { ...common, name: "deleted", command: sh("sleep 20") });
  new JobRun("early", { ...common, name: "early", maxExecutionTime: 25, command: sh("sleep 8") }, { customTimeouts: { create: "28s" } });
  new JobRun("midway", { ...common, name: "midway", maxExecutionTime: 60, command: sh("sleep 10") });
  new JobRun("node", { ...common, name: "node", nodeSelector: { "${nodeLabel}": "yes" }, command: ["true"] });
  new JobRun("secret", { ...common, name: "secret", envFrom: [{ secretRef: { name: "late" } }], command: ["true"] });
  new JobRun("parked", { ...common, name: "parked", arraySize: 2, wait: { until: "nothing" }, command: sh("sleep 3600") });
`;

const inNamespace = ["--namespace", namespace] as const;
const podsOf = (run: string): ReturnType<typeof objects> => objects(namespace, "pods", `pulumi-jobrun/run=${run}`);
const untilRunning = (run: string): Promise<void> =>
  until(async () => (await podsOf(run)).some(({ status }) => status["phase"] === "Running"));
const untilThere = (run: string): Promise<void> =>
  until(async () => (await objects(namespace, "jobs", `pulumi-jobrun/run=${run}`)).length === 1);
const patchJob = (run: string, spec: object): Promise<string> =>
  kubectl("patch", "job", run, ...inNamespace, "--patch", JSON.stringify({ spec }));

let stack: TestStack;
let first: Ended;
let second: Ended;
let deletedAt: number;
let pods: Watch | undefined;

const meddling: readonly (() => Promise<void>)[] = [
  async () => {
    await untilRunning("deleted");
    await kubectl("delete", "job", "deleted", ...inNamespace, "--wait=false");
    deletedAt = Date.now();
  },
  // For longer than the run, and the wait for it, may take.
  async () => {
    await untilThere("early");
    await patchJob("early", { suspend: true });
    await delay(30_000);
    await patchJob("early", { suspend: false });
  },
  async () => {
    await untilRunning("midway");
    await patchJob("midway", { suspend: true });
    await until(async () => (await podsOf("midway")).length === 0);
    await delay(5_000);
    await patchJob("midway", { suspend: false });
  },
  async () => {
    const isUnschedulable = async (): Promise<boolean> =>
      JSON.stringify(await podsOf("node")).includes("Unschedulable");
    await until(isUnschedulable);
    await delay(5_000);
    await kubectl("label", "nodes", "--all", `${nodeLabel}=yes`);
  },
  async () => {
    await until(async () => JSON.stringify(await podsOf("secret")).includes("CreateContainerConfigError"));
    await delay(5_000);
    await kubectl("create", "secret", "generic", "late", ...inNamespace, "--from-literal=A=1");
  },
];

beforeAll(async () => {
  await stacks.open();
  stack = stacks.make("patience", program("10s"));
  [first] = await Promise.all([
    stack.up({ parallel: 16, continueOnError: true }),
    ...meddling.map((meddle) => meddle()),
  ]);
  pods = await watch(namespace, "pods", "pulumi-jobrun/run=slow");
  stack.write(program("5m"));
  second = await stack.up({ parallel: 16, continueOnError: true });
});
afterAll(async () => {
  pods?.stop();
  await kubectl("label", "nodes", "--all", `${nodeLabel}-`);
  await stacks.close();
});

const rowsOf = (run: string): string[] => rowMessages(first, run, true);

describe("[E] a run that takes longer than `customTimeouts` give it", () => {
  it("is waited for no longer, goes on, and is waited for again by the next `up`: there is never a second one", async () => {
    const { told, failedAt } = storyOf(first, "slow");
    expect(told.at(-1)?.text).toMatch(
      /JobRun "slow" is not ready in time, and goes on: .*1 running; the next `pulumi up`/,
    );
    expect(failedAt).toBeGreaterThanOrEqual(10);
    expect(failedAt).toBeLessThan(30);

    expect(storyOf(second, "slow").failedAt).toBeNaN();
    expect((await stack.stored("slow")).outputs).toMatchObject({ status: "completed", attempt: 1 });
    expect(await objects(namespace, "jobs", "pulumi-jobrun/run=slow")).toHaveLength(1);
    expect(pods?.events.filter(({ type }) => type === "ADDED")).toHaveLength(1);
  });
});

describe("[E] a run whose Job somebody deletes", () => {
  it("fails soon after that, is not taken for completed, and is started again by the next `up`, which says why", async () => {
    const { told, failedAtTime } = storyOf(first, "deleted");
    const seconds = (failedAtTime - deletedAt) / 1_000;
    console.log(`from the deletion of the Job to the failed operation: ${seconds.toFixed(1)} s`);
    expect(seconds).toBeLessThan(20);
    expect(told.at(-1)?.text).toContain('JobRun "deleted" failed: its Job was deleted before it had ended');

    expect(rowMessages(second, "deleted", false).join("\n")).toContain(
      "will bring the objects in line that are missing",
    );
    expect((await stack.stored("deleted")).outputs["status"]).toBe("completed");
    expect(await podsOf("deleted")).toHaveLength(1);
  });
});

describe("[E] a run that is suspended by hand", () => {
  it.each(["early", "midway"])("waits, without failure or retry, and its time stands still (%s)", async (run) => {
    expect(storyOf(first, run).failedAt).toBeNaN();
    expect(rowsOf(run).join("\n")).toMatch(/0\/1 succeeded, 1 pending; index 0: queued \(suspended\)/);
    expect(rowsOf(run).join("\n")).not.toMatch(/failed|retry/);
    expect((await stack.stored(run)).outputs).toMatchObject({
      status: "completed",
      statusDetails: { succeeded: 1, indices: {} },
    });
  });

  it("and changed as a queue would change it is no different to a refresh or a preview", async () => {
    await patchJob("parked", { suspend: true });
    await until(async () => (await podsOf("parked")).length === 0);
    const template = { metadata: { labels: { queued: "yes" } }, spec: { nodeSelector: { [nodeLabel]: "yes" } } };
    await patchJob("parked", { parallelism: 1, template });
    const refreshed = await stack.refresh({ expectNoChanges: true });
    expect(plain(refreshed.output)).not.toMatch(/error/i);
    expect(refreshed.ok).toBe(true);
    expect((await stack.stored("parked")).outputs["status"]).toBe("pending");
    expect(changes(await stack.preview({ diff: true, expectNoChanges: true }))).toEqual({ same: 7 });
    const [job] = await objects(namespace, "jobs", "pulumi-jobrun/run=parked");
    expect(job?.spec).toMatchObject({ suspend: true, parallelism: 1 });
  });
});

describe("[E] what a run waits for, when it comes in time,", () => {
  it.each([
    ["node", /index 0: \[Unschedulable\] 0\/\d+ nodes are available/],
    ["secret", /index 0: \[CreateContainerConfigError\] secret "late" not found/],
  ])("is no failure, and uses no retry: %s", async (run, words) => {
    expect(rowsOf(run).join("\n")).toMatch(words);
    expect(storyOf(first, run).failedAt).toBeNaN();
    expect((await stack.stored(run)).outputs).toMatchObject({ status: "completed", statusDetails: { indices: {} } });
  });
});
