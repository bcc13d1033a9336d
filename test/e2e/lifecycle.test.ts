import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { ALL_KINDS, kubectl, leftovers, objects, until } from "../support/kubectl";
import { changes, plain } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "e2e-lifecycle";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

const jobAndRuns = `
  const job = new Job("job", { ...small, arraySize: 2, command: ["true"] });
  const daemon = new Job("daemon", { ...small, mode: "daemon", command: sh("exec sleep 3600") });
  new JobRun("task-run", { job });
  new JobRun("daemon-run", { job: daemon });
`;

describe("[E] a stack", () => {
  it("is unchanged by another `up` and by a refresh, and a destroy leaves nothing of it", async () => {
    const stack = stacks.make("whole", jobAndRuns);
    expect(changes(await stack.up())).toEqual({ create: 4 });
    expect(changes(await stack.up({ expectNoChanges: true }))).toEqual({ same: 4 });
    expect((await stack.refresh({ expectNoChanges: true })).ok).toBe(true);
    expect((await stack.preview({ expectNoChanges: true, refresh: true })).ok).toBe(true);
    expect((await stack.destroy()).ok).toBe(true);
    expect(await leftovers(namespace)).toEqual([]);
  });

  it("updates a job in place, keeps its runs by name, and runs again the ones that were given the job", async () => {
    const program = (text: string): string =>
      `const job = new Job("job", { ...small, name: "updated", command: sh("echo ${text}") });
       new JobRun("given", { job });
       new JobRun("named", { job: "updated", name: "named" }, { dependsOn: [job] });`;
    const stack = stacks.make("update", program("one"));
    expect((await stack.up()).ok).toBe(true);
    const [job, given, named] = await Promise.all(["job", "given", "named"].map((name) => stack.stored(name)));
    stack.write(program("two"));
    expect(plain((await stack.preview({ diff: true })).output)).toMatch(/jobDefinition/);
    expect(changes(await stack.up())).toMatchObject({ update: 1, same: 1 });
    expect((await stack.stored("job")).outputs["uid"]).toBe(job?.outputs["uid"]);
    expect((await stack.stored("job")).outputs["revision"]).not.toBe(job?.outputs["revision"]);
    expect((await stack.stored("given")).outputs["uid"]).not.toBe(given?.outputs["uid"]);
    expect((await stack.stored("named")).outputs["uid"]).toBe(named?.outputs["uid"]);
    expect(await objects(namespace, "configmaps", "pulumi-jobrun/kind=run,pulumi-jobrun/job=updated")).toHaveLength(2);
  });

  it("does not run a finished run again when its objects have gone", async () => {
    const stack = stacks.make("collected", `new JobRun("run", { ...small, name: "collected", command: ["true"] });`);
    expect((await stack.up()).ok).toBe(true);
    const { outputs } = await stack.stored("run");
    await kubectl("delete", "job", "collected", "--namespace", namespace);
    expect(changes(await stack.up())).toEqual({ same: 1 });
    expect((await stack.refresh({ expectNoChanges: true })).ok).toBe(true);
    expect(changes(await stack.up())).toEqual({ same: 1 });
    expect((await stack.stored("run")).outputs).toEqual(outputs);
  });

  it("loses the runs and pods of a job whose definition is deleted with kubectl", async () => {
    const stack = stacks.make(
      "cascade",
      `const job = new Job("job", { ...small, name: "cascade", mode: "daemon", command: sh("exec sleep 3600") });
       new JobRun("run", { job, name: "cascade-run" });`,
    );
    expect((await stack.up()).ok).toBe(true);
    await kubectl("delete", "configmap", "cascade.job", "--namespace", namespace);
    await until(async () => (await objects(namespace, ALL_KINDS, "pulumi-jobrun/job=cascade")).length === 0);
    expect((await stack.refresh()).ok).toBe(true);
    expect(await stack.resources()).toEqual([]);
  });

  it("shows in a refresh what somebody changed in a definition, and `up` puts it right", async () => {
    const stack = stacks.make("drift", `new Job("job", { ...small, name: "drift", retryLimit: 1 });`);
    expect((await stack.up()).ok).toBe(true);
    const [definition] = await objects(namespace, "configmaps", "pulumi-jobrun/job=drift");
    const spec = (definition?.data?.["spec.json"] ?? "").replace('"retryLimit": 1', '"retryLimit": 4');
    await kubectl(
      "patch",
      "configmap",
      "drift.job",
      "--namespace",
      namespace,
      "--patch",
      JSON.stringify({ data: { "spec.json": spec } }),
    );
    expect(plain((await stack.refresh()).output)).toContain("[diff: ~retryLimit]");
    expect(plain((await stack.preview({ diff: true })).output)).toMatch(/retryLimit\s*: 4 => 1/);
    expect(changes(await stack.up())).toEqual({ update: 1 });
    const [mended] = await objects(namespace, "configmaps", "pulumi-jobrun/job=drift");
    expect(mended?.data?.["spec.json"]).toContain('"retryLimit": 1');
  });
});
