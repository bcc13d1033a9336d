import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { ALL_KINDS, kubectl, objects, until } from "../support/kubectl";
import { changes, plain, rowMessages, type TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";
import { type Watch, watch } from "../support/watch";

jest.setTimeout(600_000);

const namespace = "e2e-finished";
const stacks = stacksIn(namespace);

let jobs: Watch | undefined;

beforeAll(stacks.open);
afterAll(async () => {
  jobs?.stop();
  await stacks.close();
});

const inNamespace = ["--namespace", namespace] as const;
const jobsOf = (...runs: string[]): ReturnType<typeof objects> =>
  objects(namespace, "jobs", `pulumi-jobrun/run in (${runs.join(",")})`);

/** What became of each run, as the state has it. */
async function resultsOf(stack: TestStack): Promise<Record<string, object>> {
  const results = (await stack.resources()).map(({ outputs: { name, status, statusDetails, attempt } }) => {
    return [String(name), { status, statusDetails, attempt }] as const;
  });
  return Object.fromEntries(results);
}

describe("[E] a finished run of which nothing is left in the cluster", () => {
  it("runs no more, whoever removed it: another `up`, a refresh, a further `up` and an update in place change nothing", async () => {
    const program = (retention: number): string =>
      `for (const name of ["removed", "collected", "forgotten"])
         new JobRun(name, { ...small, name, retention: ${retention}, command: ["true"] });
       new JobRun("failed", { ...small, name: "failed", retryLimit: 0, retention: ${retention}, onFailure: "keep", command: sh("exit 6") });`;
    const stack = stacks.make("nothing-left", program(60));
    expect((await stack.up({ continueOnError: true })).ok).toBe(false);
    const before = await resultsOf(stack);
    jobs = await watch(namespace, "jobs", "pulumi-jobrun/run");
    await kubectl("delete", "job", "removed", ...inNamespace);
    await kubectl("patch", "job", "collected", ...inNamespace, "--patch", '{"spec":{"ttlSecondsAfterFinished":1}}');
    const forgotten = "pulumi-jobrun/run in (forgotten,failed)";
    await kubectl("delete", ALL_KINDS, ...inNamespace, "--selector", forgotten);
    await until(async () => (await jobsOf("removed", "collected", "forgotten", "failed")).length === 0);

    const up = async (counts: object): Promise<void> => {
      const ended = await stack.up({ continueOnError: true });
      expect(changes(ended)).toEqual(counts);
      expect(plain(ended.output)).toMatch(/JobRun "failed" failed: .*\s+index 0: ContainerExitedCode6 after 1 attempt/);
    };
    await up({ same: 3, update: 1 });
    expect((await stack.refresh({ expectNoChanges: true })).ok).toBe(true);
    await up({ same: 3, update: 1 });
    expect(await resultsOf(stack)).toEqual(before);
    stack.write(program(120));
    await up({ update: 4 });

    const created = jobs.events.filter(({ type }) => type === "ADDED");
    expect(created.map(({ uid }) => uid)).toHaveLength(4);
  });
});

describe("[E] what depends on a run that fails", () => {
  it.each([
    ["resume", "will run index 0 again as attempt 2", { update: 1 }],
    ["rerun", "will run again: it failed", { "delete-replaced": 1, "create-replacement": 1, replace: 1 }],
  ])("is not created, also after a refresh and a further `up` (%s)", async (onFailure, reason, counts) => {
    const run = `migrate-${onFailure}`;
    const stack = stacks.make(
      onFailure,
      `const migrate = new JobRun("migrate", { ...small, name: "${run}", retryLimit: 0, onFailure: "${onFailure}", command: sh("exit 5") });
       new Job("app", { ...small, name: "app-${onFailure}" }, { dependsOn: [migrate] });`,
    );
    expect((await stack.up()).ok).toBe(false);
    expect((await stack.refresh({ expectNoChanges: true })).ok).toBe(true);
    expect(rowMessages(await stack.preview(), "migrate", false)).toContain(reason);
    const again = await stack.up();
    expect(again.ok).toBe(false);
    expect(changes(again)).toEqual(counts);
    expect(plain(again.output)).toContain("index 0: ContainerExitedCode5 after 1 attempt");
    expect(await stack.isStored("app")).toBe(false);
  });
});
