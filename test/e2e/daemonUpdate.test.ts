import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { kubectl, objects, until } from "../support/kubectl";
import { changes, rowMessages, type TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "e2e-daemon-update";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

interface PodStatus {
  readonly containerStatuses?: readonly { name: string; state: Record<string, object> }[];
}

interface Instance {
  readonly index: string;
  readonly uid: string;
  readonly running: boolean;
}

/** The pods of a run, and whether the user's program runs in them. */
async function instances(run: string): Promise<Instance[]> {
  const pods = await objects(namespace, "pods", `pulumi-jobrun/run=${run}`);
  return pods.map(({ metadata, status }) => {
    const { containerStatuses = [] } = status as PodStatus;
    const user = containerStatuses.find(({ name }) => name === run);
    return {
      index: metadata.labels?.["pulumi-jobrun/index"] ?? "",
      uid: metadata.uid,
      running: user?.state["running"] !== undefined,
    };
  });
}

const uidOf = async (run: string, index: number): Promise<string | undefined> =>
  (await instances(run)).find((one) => one.index === index.toString())?.uid;

/** Looks at the pods again and again while the work goes on; returns the indices of which two instances ran at once. */
async function overlaps(run: string, work: Promise<unknown>): Promise<string[]> {
  const twice = new Set<string>();
  const ended = work.then(() => true);
  const isOver = (): Promise<boolean> => Promise.race([ended, Promise.resolve(false)]);
  while (!(await isOver())) {
    const running = (await instances(run)).filter((one) => one.running).map(({ index }) => index);
    for (const index of running) if (running.filter((other) => other === index).length > 1) twice.add(index);
  }
  return [...twice];
}

async function replicas(run: string): Promise<unknown[]> {
  const deployments = await objects(namespace, "deployments", `pulumi-jobrun/run=${run}`);
  return deployments.map(({ spec }) => spec["replicas"]);
}

const upOk = async (stack: TestStack) => {
  const ended = await stack.up();
  if (!ended.ok) throw new Error(ended.output);
  return ended;
};

describe("[E] an update of a daemon", () => {
  const rolling = (said: string): string =>
    `new JobRun("run", { ...small, name: "rolls", mode: "daemon", wait: { stableSeconds: 1 }, ${said} });`;

  it("rolls every index in place, never two instances of one at a time; the index set grows and shrinks around those that stay", async () => {
    const stack = stacks.make("rolls", rolling(`arraySize: 2, command: sh("exec sleep 3600")`));
    await upOk(stack);
    const { uid } = (await stack.stored("run")).outputs;
    const before = await instances("rolls");

    stack.write(rolling(`arraySize: 2, command: sh("trap 'sleep 1; exit 1' TERM; sleep 3600 & wait")`));
    const update = stack.up();
    expect(await overlaps("rolls", update)).toEqual([]);
    const ended = await update;
    expect(ended.ok).toBe(true);
    expect(changes(ended)).toEqual({ update: 1 });
    expect(rowMessages(ended, "run", false)).toContain("will be updated: command");
    const after = await instances("rolls");
    expect(after).toHaveLength(2);
    expect(after.map((one) => one.uid)).not.toEqual(expect.arrayContaining(before.map((one) => one.uid)));
    expect((await stack.stored("run")).outputs["uid"]).toBe(uid);

    const stays = await uidOf("rolls", 1);
    stack.write(rolling(`arrayIndices: "1-3", command: sh("trap 'sleep 1; exit 1' TERM; sleep 3600 & wait")`));
    expect(changes(await upOk(stack))).toEqual({ update: 1 });
    expect((await instances("rolls")).map(({ index }) => index).toSorted()).toEqual(["1", "2", "3"]);
    expect(await uidOf("rolls", 1)).toBe(stays);
    expect((await stack.stored("run")).outputs).toMatchObject({ arrayIndices: "1-3", status: "running" });
    expect(changes(await stack.preview({ expectNoChanges: true }))).toEqual({ same: 1 });
  });

  it("of a secret value reaches the program, in place", async () => {
    const program = (value: string): string => `new JobRun("run", { ...small, name: "rotates", mode: "daemon",
      wait: { stableSeconds: 1 }, env: [{ name: "PASSWORD", value: pulumi.secret("${value}") }],
      command: sh("echo length $" + "{#PASSWORD}; exec sleep 3600") });`;
    const stack = stacks.make("rotates", program("short"));
    await upOk(stack);
    stack.write(program("much-longer"));
    expect(changes(await upOk(stack))).toEqual({ update: 1 });
    const log = await kubectl("logs", "--namespace", namespace, "deployment/rotates-0");
    expect(log.trim()).toBe("length 11");
    const secrets = await objects(namespace, "secrets", "pulumi-jobrun/run=rotates");
    expect(secrets.map(({ metadata }) => metadata.name)).toEqual(["rotates.jobrun-1"]);
  });
});

describe("[E] a daemon with `settle`", () => {
  const program = (said = "", last = 9): string =>
    `new JobRun("run", { ...small, name: "settles", mode: "daemon", arrayIndices: "4,9", settle: true, ${said}
       command: sh("[ $JOB_INDEX = 4 ] && exit 0; exec sleep 3600 # ${last}") });`;

  it("frees an index that ended with exit 0; only a change of what it runs starts it again", async () => {
    const stack = stacks.make("settles", program());
    await upOk(stack);
    expect(await replicas("settles")).toEqual([0, 1]);
    await until(async () => (await instances("settles")).length === 1);
    expect((await stack.refresh()).ok).toBe(true);
    expect((await stack.stored("run")).outputs).toMatchObject({
      status: "running",
      statusDetails: { succeededIndices: "4", runningIndices: "9" },
    });
    expect(changes(await stack.preview({ expectNoChanges: true }))).toEqual({ same: 1 });

    stack.write(program("retention: 120,"));
    expect(changes(await upOk(stack))).toEqual({ update: 1 });
    expect(await replicas("settles")).toEqual([0, 1]);

    stack.write(program("", 10));
    await upOk(stack);
    // It ran again, ended again, and was settled again.
    expect(await replicas("settles")).toEqual([0, 1]);
    const settled = await objects(namespace, "replicasets", "pulumi-jobrun/run=settles,pulumi-jobrun/index=4");
    expect(settled.length).toBeGreaterThan(1);
  });
});

describe("[E] a daemon that somebody changed with kubectl", () => {
  it("scaled to zero shows so in a refresh, and the next `up` scales it back in place; a rollout restart is no drift", async () => {
    const stack = stacks.make(
      "scaled",
      `new JobRun("run", { ...small, name: "scaled", mode: "daemon", wait: { stableSeconds: 1 }, command: sh("exec sleep 3600") });`,
    );
    await upOk(stack);
    const { uid } = (await stack.stored("run")).outputs;
    await kubectl("rollout", "restart", "deployment/scaled-0", "--namespace", namespace);
    await kubectl("rollout", "status", "deployment/scaled-0", "--namespace", namespace);
    expect(changes(await stack.preview({ refresh: true, expectNoChanges: true }))).toEqual({ refresh: 1, same: 1 });

    await kubectl("scale", "deployment/scaled-0", "--replicas=0", "--namespace", namespace);
    await until(async () => (await instances("scaled")).length === 0);
    expect((await stack.refresh()).ok).toBe(true);
    expect((await stack.stored("run")).outputs["status"]).toBe("pending");
    const ended = await upOk(stack);
    expect(changes(ended)).toEqual({ update: 1 });
    expect(await replicas("scaled")).toEqual([1]);
    expect((await stack.stored("run")).outputs).toMatchObject({ uid, status: "running" });
  });
});

describe("[E] a task that runs", () => {
  it("takes up a longer time limit without starting again", async () => {
    const program = (seconds: number): string =>
      `new JobRun("run", { ...small, name: "longer", maxExecutionTime: ${seconds}, wait: { until: "running" }, command: sh("sleep 3600") });`;
    const stack = stacks.make("longer", program(600));
    await upOk(stack);
    const [before] = await objects(namespace, "pods", "pulumi-jobrun/run=longer");
    stack.write(program(900));
    expect(changes(await upOk(stack))).toEqual({ update: 1 });
    const [job] = await objects(namespace, "jobs", "pulumi-jobrun/run=longer");
    expect(job?.spec["activeDeadlineSeconds"]).toBe(900);
    const [after] = await objects(namespace, "pods", "pulumi-jobrun/run=longer");
    expect(after?.metadata.uid).toBe(before?.metadata.uid);
  });
});
