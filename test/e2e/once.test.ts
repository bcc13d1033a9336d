import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { objects, until } from "../support/kubectl";
import { changes, type TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "e2e-once";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

/** Kills a process and everything that it has started, plugins included: they have process groups of their own. */
function killTree(pid: number): void {
  const threads = readdirSync(`/proc/${pid}/task`);
  const lists = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, "utf8"));
  process.kill(pid, "SIGKILL");
  for (const child of lists.join(" ").split(" ").filter(Boolean)) killTree(Number(child));
}

const killOnly = (pid: number): boolean => process.kill(pid, "SIGKILL");

const jobsOf = (project: string) =>
  objects(namespace, "jobs", `pulumi-jobrun/run`).then((jobs) =>
    jobs.filter(({ metadata }) => metadata.name.startsWith(project)),
  );

describe("[E] exactly one run", () => {
  it.each([
    ["killed-auto", "automatic name, CLI and provider killed", "", killTree],
    ["killed-fixed", "fixed name, CLI and provider killed", `name: "killed-fixed-run",`, killTree],
    ["killed-cli", "automatic name, the CLI alone killed", "", killOnly],
  ])("comes of a create that was killed and repeated (%s: %s)", async (project, _claim, name, kill) => {
    const stack = stacks.make(project, `new JobRun("${project}", { ...small, ${name} command: sh("sleep 20") });`);
    const { child, ended } = await stack.spawn("up", "--yes", "--skip-preview");
    await until(async () => (await jobsOf(project)).length > 0);
    kill(child.pid ?? 0);
    await ended;
    const [first, ...others] = await jobsOf(project);
    expect(others).toEqual([]);
    await stack.cancel();
    expect(await stack.isStored(project)).toBe(false);

    const up = await stack.up();
    expect(up.ok).toBe(true);
    expect((await jobsOf(project)).map(({ metadata }) => metadata.uid)).toEqual([first?.metadata.uid]);
    expect((await stack.stored(project)).outputs["status"]).toBe("completed");
  });

  it.each([
    ["a fixed name", `name: "replaced-fixed",`],
    ["an automatic name", ""],
  ])("is there after `up --replace` and after a changed `replacementTrigger`, with %s", async (claim, name) => {
    const program = (trigger: string): string =>
      `const run = new JobRun("replaced", { ...small, ${name} command: ["true"] }, { replacementTrigger: "${trigger}" });
       new Job("after", { ...small, name: "after-${claim.split(" ")[1] ?? ""}" }, { dependsOn: [run] });`;
    const stack = stacks.make(`replace-${claim.split(" ")[1] ?? ""}`, program("a"));
    expect((await stack.up()).ok).toBe(true);
    const first = await uids(stack);

    const replaced = await stack.up({ replace: [(await stack.stored("replaced")).urn] });
    expect(replaced.ok).toBe(true);
    const second = await uids(stack);
    expect(second.run).not.toBe(first.run);
    expect(second.after).toBe(first.after);

    stack.write(program("b"));
    expect((await stack.up()).ok).toBe(true);
    const third = await uids(stack);
    expect(third.run).not.toBe(second.run);
    expect(third.after).toBe(first.after);
    expect(changes(await stack.up({ expectNoChanges: true }))).toEqual({ same: 2 });
  });
});

/** UIDs in state, after making sure that the cluster has exactly these objects and no others of the run. */
async function uids(stack: TestStack): Promise<{ run: unknown; after: unknown }> {
  const { outputs } = await stack.stored("replaced");
  const records = await objects(
    namespace,
    "configmaps",
    `pulumi-jobrun/kind=run,pulumi-jobrun/run=${String(outputs["name"])}`,
  );
  expect(records.map(({ metadata }) => metadata.uid)).toEqual([outputs["uid"]]);
  const jobs = await objects(namespace, "jobs", `pulumi-jobrun/run=${String(outputs["name"])}`);
  expect(jobs.map(({ metadata }) => metadata.labels?.["pulumi-jobrun/run-uid"])).toEqual([outputs["uid"]]);
  return { run: outputs["uid"], after: (await stack.stored("after")).outputs["uid"] };
}
