import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { kubectl, objects } from "../support/kubectl";
import { changes, plain, rowMessages } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(600_000);

const namespace = "e2e-again";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

describe("[E] a run", () => {
  it("is run again exactly when its triggers, its own fields or its job change, which the preview names", async () => {
    // The same image by another name: nothing has to be pulled.
    const program = ({ version, image, arg }: { version: string; image: string; arg: string }): string =>
      `const job = new Job("job", { ...small, name: "again", image: "${image}", command: ["true"] });
       new JobRun("triggered", { ...small, command: ["true"], triggers: { version: "${version}" } });
       new JobRun("argued", { ...small, name: "argued", command: ["echo"], args: ["${arg}"] });
       new JobRun("given", { job });
       new JobRun("named", { job: "again", name: "named" }, { dependsOn: [job] });`;
    const long = "docker.io/library/busybox:1";
    const stack = stacks.make("changes", program({ version: "v1", image: long, arg: "one" }));
    expect((await stack.up()).ok).toBe(true);
    expect(changes(await stack.up())).toEqual({ same: 5 });
    const uids = async (): Promise<Record<string, unknown>> => {
      const resources = await stack.resources();
      return Object.fromEntries(resources.map(({ urn, outputs }) => [urn.split("::").at(-1) ?? "", outputs["uid"]]));
    };
    const before = await uids();

    stack.write(program({ version: "v2", image: "busybox:1", arg: "two" }));
    const preview = await stack.preview();
    const reasons = ["triggered", "argued", "given", "named"].map((name) => rowMessages(preview, name, false));
    expect(reasons).toEqual([
      ["will run again: triggers"],
      ["will run again: args"],
      [`will run again: job.image: "${long}" -> "busybox:1"`],
      [],
    ]);
    const ended = await stack.up();
    expect(plain(ended.output)).not.toMatch(/error|immutable/i);
    expect(changes(ended)).toEqual({
      ...{ update: 1, same: 1 },
      ...{ "create-replacement": 3, replace: 3, "delete-replaced": 3 },
    });
    const after = await uids();
    const changed = Object.keys(after).filter((name) => after[name] !== before[name]);
    expect(changed.toSorted()).toEqual(["argued", "given", "triggered"]);
    const jobs = await objects(namespace, "jobs");
    expect(jobs.map(({ metadata }) => metadata.labels?.["pulumi-jobrun/run-uid"]).toSorted()).toEqual(
      ["argued", "given", "named", "triggered"].map((name) => after[name]).toSorted(),
    );
  });

  it("may take up what another one left: the indices that failed, in an array of the whole size", async () => {
    const first = stacks.make(
      "whole",
      `new JobRun("whole", { ...small, cpu: "10m", name: "whole", arraySize: 10, retryLimit: 0, onFailure: "keep",
         command: sh('case $JOB_INDEX in 3|7|9) exit 1;; esac') });`,
    );
    expect((await first.up()).ok).toBe(false);
    const { outputs } = await first.stored("whole");
    const { failedIndices } = outputs["statusDetails"] as { failedIndices: string };
    expect(failedIndices).toBe("3,7,9");

    const rest = (said: string): string =>
      `for (const [name, more] of [["rest", { arraySizeVariable: 10 }], ["alone", {}]])
         new JobRun(name, { ...small, name, ...more, ${said} command: sh('echo "$JOB_INDEX of $JOB_ARRAY_SIZE"') });`;
    const second = stacks.make("rest", rest(`arrayIndices: "${failedIndices}",`));
    expect((await second.up()).ok).toBe(true);
    const printed = (run: string): Promise<string> =>
      kubectl("logs", "--namespace", namespace, "--selector", `pulumi-jobrun/run=${run}`, "--max-log-requests=9");
    expect((await printed("rest")).trim().split("\n").toSorted()).toEqual(["3 of 10", "7 of 10", "9 of 10"]);
    expect((await printed("alone")).trim().split("\n").toSorted()).toEqual(["3 of 3", "7 of 3", "9 of 3"]);
    expect(await objects(namespace, "jobs", "pulumi-jobrun/run=rest")).toHaveLength(3);
    expect((await first.stored("whole")).outputs).toEqual(outputs);

    second.write(rest(`arrayIndices: "",`));
    const nothing = await second.preview();
    expect(nothing.ok).toBe(false);
    expect(plain(nothing.output)).toMatch(/property arrayIndices .*nothing to run/);
  });
});
