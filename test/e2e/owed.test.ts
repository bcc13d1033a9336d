import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { kubectl, objects, until } from "../support/kubectl";
import { changes, plain, rowMessages } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "e2e-owed";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

describe("[E] a run that owes work", () => {
  it("fails every `up` and keeps its dependants from being created, also after a refresh", async () => {
    const stack = stacks.make(
      "migration",
      `const migrate = new JobRun("migrate", { ...small, name: "migrate", retryLimit: 0, onFailure: "keep", command: sh("exit 5") });
       new Job("app", { ...small, name: "app" }, { dependsOn: [migrate] });`,
    );
    expect((await stack.up()).ok).toBe(false);
    const before = await stack.stored("migrate");

    const refreshed = await stack.refresh({ expectNoChanges: true });
    expect(plain(refreshed.output)).not.toMatch(/error/i);
    expect(refreshed.ok).toBe(true);
    expect((await stack.stored("migrate")).outputs).toEqual(before.outputs);

    const preview = await stack.preview({ expectNoChanges: true });
    expect(preview.ok).toBe(false);
    expect(rowMessages(preview, "migrate", false)).toEqual(["failed, and counts as failed until its inputs change"]);

    const again = await stack.up();
    expect(again.ok).toBe(false);
    expect(plain(again.output)).toContain("index 0: ContainerExitedCode5 after 1 attempt");
    expect(await stack.isStored("app")).toBe(false);
    const [job] = await objects(namespace, "jobs", "pulumi-jobrun/run=migrate");
    expect(job?.metadata.uid).toBeDefined();

    expect((await stack.up({ refresh: true })).ok).toBe(false);
    expect(await stack.isStored("app")).toBe(false);
  });

  it("is resumed: the next `up` runs exactly the indices that failed, in an array of the same size", async () => {
    const stack = stacks.make(
      "resumed",
      `new JobRun("run", { ...small, name: "resumed", arraySize: 10, retryLimit: 0, cpu: "10m",
         env: [{ name: "BROKEN", valueFrom: { configMapKeyRef: { name: "broken", key: "indices" } } }],
         command: sh('echo "$JOB_INDEX of $JOB_ARRAY_SIZE"; case ",$BROKEN," in *",$JOB_INDEX,"*) exit 3;; esac') });`,
    );
    await kubectl("create", "configmap", "broken", "--namespace", namespace, "--from-literal=indices=3,7");
    const first = await stack.up();
    expect(first.ok).toBe(false);
    expect((await stack.stored("run")).outputs).toMatchObject({
      status: "failed",
      statusDetails: { failedIndices: "3,7", succeededIndices: "0-2,4-6,8-9" },
    });
    const preview = await stack.preview();
    expect(rowMessages(preview, "run", false)).toEqual(["will run indices 3,7 again as attempt 2"]);

    const mended = JSON.stringify({ data: { indices: "none" } });
    await kubectl("patch", "configmap", "broken", "--namespace", namespace, "--type=merge", "--patch", mended);
    const again = await stack.up();
    expect(again.ok).toBe(true);
    expect(changes(again)).toEqual({ update: 1 });
    expect((await stack.stored("run")).outputs).toMatchObject({
      status: "completed",
      attempt: 2,
      statusDetails: { requested: 10, succeeded: 10, succeededIndices: "0-9", failedIndices: "" },
    });
    const pods = await objects(namespace, "pods", "pulumi-jobrun/run=resumed,pulumi-jobrun/attempt=2");
    expect(pods.map(({ metadata }) => metadata.labels?.["pulumi-jobrun/index"]).toSorted()).toEqual(["3", "7"]);
    expect((await kubectl("logs", "--namespace", namespace, "job/resumed-7-2")).trim()).toBe("7 of 10");
    expect(changes(await stack.preview({ expectNoChanges: true }))).toEqual({ same: 1 });
  });

  it("is run again when its inputs change, and `up` says why", async () => {
    const program = (code: number): string =>
      `new JobRun("run", { ...small, name: "mended", retryLimit: 0, command: sh("exit ${code}"), cpu: "${20 + code}m" });`;
    const stack = stacks.make("mended", program(1));
    expect((await stack.up()).ok).toBe(false);
    stack.write(program(0));
    const ended = await stack.up();
    expect(ended.ok).toBe(true);
    expect(rowMessages(ended, "run", false)).toContain('will run again: command, cpu: "21m" -> "20m"');
    expect((await stack.stored("run")).outputs["status"]).toBe("completed");
  });

  it("whose wait was interrupted stays in state, and after a refresh `up` waits on for the same run", async () => {
    const stack = stacks.make("interrupted", `new JobRun("run", { ...small, name: "long", command: sh("sleep 20") });`);
    const { child, ended } = await stack.spawn("up", "--yes", "--skip-preview");
    await until(async () => (await objects(namespace, "pods", "pulumi-jobrun/run=long")).length === 1);
    child.kill("SIGINT");
    const { exitCode, output } = await ended;
    expect(exitCode).not.toBe(0);
    expect(plain(output)).toContain('JobRun "long" goes on, the wait was interrupted');
    const { outputs } = await stack.stored("run");
    expect(outputs["status"]).toMatch(/pending|running/);

    const refreshed = await stack.refresh({ expectNoChanges: true });
    expect(refreshed.ok).toBe(true);
    expect((await stack.preview({ expectNoChanges: true })).ok).toBe(false);
    const up = await stack.up();
    expect(up.ok).toBe(true);
    expect(changes(up)).toEqual({ update: 1 });
    expect((await stack.stored("run")).outputs).toMatchObject({ status: "completed", uid: outputs["uid"] });
    expect(await objects(namespace, "jobs", "pulumi-jobrun/run=long")).toHaveLength(1);
  });

  it("is started again when somebody deleted it before it had ended", async () => {
    const stack = stacks.make(
      "deleted",
      `new JobRun("run", { ...small, name: "deleted", wait: { until: "running" }, command: sh("sleep 30") });`,
    );
    expect((await stack.up()).ok).toBe(true);
    await kubectl("delete", "job", "deleted", "--namespace", namespace);
    expect((await stack.refresh()).ok).toBe(true);
    expect(changes(await stack.up())).toEqual({ update: 1 });
  });
});
