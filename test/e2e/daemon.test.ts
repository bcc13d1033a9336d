import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { kubectl, objects, until } from "../support/kubectl";
import { changes, rowMessages } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "e2e-daemon";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

interface PodStatus {
  readonly containerStatuses?: { name: string; restartCount: number; state: Record<string, { exitCode?: number }> }[];
}

/** The user's container of the run's only pod. */
async function userContainer(run: string): Promise<NonNullable<PodStatus["containerStatuses"]>[number] | undefined> {
  const [pod] = await objects(namespace, "pods", `pulumi-jobrun/run=${run}`);
  return (pod?.status as PodStatus | undefined)?.containerStatuses?.find(({ name }) => name === run);
}

describe("[E] a daemon run", () => {
  it("restarts in place after failures and goes on; `up` ends when it runs stable", async () => {
    const stack = stacks.make(
      "crash",
      // The file lives as long as the pod, so it counts the starts of the container.
      `new JobRun("run", { ...small, name: "crashes-twice", mode: "daemon",
         command: sh("n=$(wc -l < /etc/hostname); echo >> /etc/hostname; [ $n -lt 3 ] && exit 1; exec sleep 3600") });`,
    );
    const ended = await stack.up();
    expect(ended.ok).toBe(true);
    const { outputs } = await stack.stored("run");
    expect(outputs).toMatchObject({ status: "running", statusDetails: { running: 1, runningIndices: "0" } });
    expect(outputs).toMatchObject({ backend: "deployment", fidelity: "rerunsAfterPodLoss" });
    const container = await userContainer("crashes-twice");
    expect(container?.restartCount).toBe(2);
    expect(rowMessages(ended, "run", true).join("\n")).toMatch(/ContainerExitedCode1, restart [12]/);
  });

  it("that ends with exit code 0 stays stopped, and a refresh says completed", async () => {
    const stack = stacks.make(
      "stop",
      `new JobRun("run", { ...small, name: "stops", mode: "daemon", command: sh("sleep 15") });`,
    );
    expect((await stack.up()).ok).toBe(true);
    expect((await stack.stored("run")).outputs["status"]).toBe("running");
    await until(async () => (await userContainer("stops"))?.state["terminated"]?.exitCode === 0);
    // Kubernetes would restart a failed container long before.
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    const container = await userContainer("stops");
    expect(container).toMatchObject({ restartCount: 0, state: { terminated: { exitCode: 0 } } });
    expect((await stack.refresh()).ok).toBe(true);
    expect((await stack.stored("run")).outputs).toMatchObject({ status: "completed", statusDetails: { succeeded: 1 } });
    expect(changes(await stack.preview({ expectNoChanges: true }))).toEqual({ same: 1 });
  });

  it("that keeps crashing fails `up`, stays in state, and its Deployment goes on trying", async () => {
    const stack = stacks.make(
      "loop",
      `new JobRun("run", { ...small, name: "loops", mode: "daemon", command: sh("exit 4") });`,
    );
    const ended = await stack.up();
    expect(ended.ok).toBe(false);
    expect(ended.output).toMatch(/index 0: ContainerExitedCode4 after [3-9] restarts/);
    expect(await stack.isStored("run")).toBe(true);
    expect(await objects(namespace, "deployments", "pulumi-jobrun/run=loops")).toHaveLength(1);
  });

  it("has one Deployment for each index, and its variables name mode and index", async () => {
    const stack = stacks.make(
      "array",
      `new JobRun("run", { ...small, name: "array", mode: "daemon", arrayIndices: "2,5", command: sh("env; exec sleep 3600") });`,
    );
    expect((await stack.up()).ok).toBe(true);
    const deployments = await objects(namespace, "deployments", "pulumi-jobrun/run=array");
    expect(deployments.map(({ metadata }) => metadata.name)).toEqual(["array-2", "array-5"]);
    const log = await kubectl("logs", "--namespace", namespace, "deployment/array-5");
    for (const line of ["JOB_MODE=daemon", "JOB_INDEX=5", "JOB_ARRAY_SIZE=2", "HOSTNAME=array-5-0"]) {
      expect(log.split("\n")).toContain(line);
    }
    expect(log).not.toMatch(/JOB_RETRY_LIMIT/);
  });
});
