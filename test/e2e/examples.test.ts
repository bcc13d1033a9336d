import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { readmePrograms } from "../support/examples";
import { kubectl, objects } from "../support/kubectl";
import { changes, plain, rowMessages } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "e2e-examples";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

describe("[E] the example", () => {
  it("daemon runs as in Code Engine's tutorial, and its log shows the variables", async () => {
    const stack = stacks.example("daemon");
    const ended = await stack.up();
    expect(plain(ended.output)).not.toMatch(/error/i);
    expect(await stack.outputs()).toMatchObject({ name: "myjobrun-daemon", namespace, status: "running" });
    const log = await kubectl("logs", "--namespace", namespace, "deployment/myjobrun-daemon-0");
    expect(log).toContain("Hello from helloworld! I'm a batch job! Index: 0");
    const variables = [
      ...["JOB_MODE=daemon", "JOB_INDEX=0", "JOB_ARRAY_SIZE=1", "JOB_INDEX_RETRY_COUNT=0"],
      ...[
        "CE_JOB=myjob-daemon",
        "CE_JOBRUN=myjobrun-daemon",
        `CE_SUBDOMAIN=${namespace}`,
        "HOSTNAME=myjobrun-daemon-0-0",
      ],
    ];
    expect(log.split("\n")).toEqual(expect.arrayContaining(variables));
    const [pod] = await objects(namespace, "pods", "pulumi-jobrun/run=myjobrun-daemon");
    expect(pod?.status).toMatchObject({ phase: "Running", qosClass: "Guaranteed" });
  });

  it("task-array runs all five instances to their end", async () => {
    const stack = stacks.example("task-array");
    const ended = await stack.up();
    expect(ended.ok).toBe(true);
    expect(await stack.outputs()).toMatchObject({ status: "completed", succeeded: "0-4" });
    expect(rowMessages(ended, "report-run", true)).toContainEqual(
      // How many of them are seen at once depends on how fast the node is.
      expect.stringMatching(/^\d\/5 succeeded, \d running/),
    );
  });

  it("of the README runs as it stands there", async () => {
    const stack = stacks.make("readme", "");
    stack.writeTypeScript(readmePrograms()[0] ?? "");
    const ended = await stack.up();
    expect(ended.ok).toBe(true);
    expect(await stack.outputs()).toEqual({ succeeded: "0-4" });
  });

  it("of the README that reads a job of Code Engine makes a job of it, and says what it leaves out", async () => {
    const stack = stacks.make("code-engine", "");
    const nightly = {
      name: "nightly",
      image_reference: "icr.io/codeengine/helloworld",
      run_mode: "task",
      scale_array_spec: "0-2",
      run_service_account: "writer",
    };
    stack.writeTypeScript(readmePrograms()[1] ?? "", { "nightly.json": JSON.stringify(nightly) });
    const ended = await stack.up();
    expect(ended.ok).toBe(true);
    expect(plain(ended.output)).toContain("run_service_account");
    expect((await stack.stored("nightly")).outputs).toMatchObject({ name: "nightly", arraySize: 3, retryLimit: 3 });
  });

  it("daemon is what the project file at the root of the repository runs", async () => {
    const stack = stacks.make("root", "");
    stack.copyRootProject("daemon");
    const ended = await stack.preview();
    expect(ended.ok).toBe(true);
    expect(changes(ended)).toEqual({ create: 2 });
  });
});
