import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { kubeconfigOf, makeAccount, rulesWithout } from "../support/account";
import { readmePrograms } from "../support/examples";
import { kubectl, objects, until } from "../support/kubectl";
import { changes, plain, type TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "e2e-functions";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

const FUNCTIONS = `const { getJob, getJobOutput, getJobRun, getJobRunOutput, getJobRunLogs, getJobRunLogsOutput } = require("pulumi-jobrun");\n`;

async function upOk(stack: TestStack): Promise<void> {
  const ended = await stack.up();
  if (!ended.ok) throw new Error(ended.output);
}

describe("[E] the functions", () => {
  it("tell of what the same program makes, once it is there, and feed other resources", async () => {
    const program = (text: string): string => `${FUNCTIONS}
      const job = new Job("job", { ...small, name: "made", command: sh("echo begin; echo '${text}'"), arraySize: 2, retryLimit: 0,
        env: [{ name: "TOKEN", value: pulumi.secret("S3CRET-77") }] });
      const run = new JobRun("run", { job, name: "made-run" });
      const { logs } = getJobRunLogsOutput({ name: run.name, tailLines: 1 });
      const next = new JobRun("next", { ...small, name: "made-next", command: sh('test "$LINE" = "${text}" && echo $LINE'), retryLimit: 0,
        env: [{ name: "LINE", value: logs["1"].text }] });
      const defined = getJobOutput({ name: job.name });
      const seen = getJobRunOutput({ name: run.name });
      module.exports = { line: logs["0"].text, arraySize: defined.arraySize, sameRevision: pulumi.all([defined.revision, job.revision]).apply(([a, b]) => a === b),
        env: defined.env, status: seen.status, succeeded: seen.statusDetails.succeededIndices,
        next: getJobRunLogsOutput({ name: next.name }).logs["0"].text };`;
    const stack = stacks.make("made", program("from the run"));
    const planned = await stack.preview();
    expect(plain(planned.output)).not.toMatch(/error/i);
    await upOk(stack);
    expect(await stack.outputs()).toEqual({
      line: "from the run",
      arraySize: 2,
      sameRevision: true,
      env: [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "made.job", key: "TOKEN" } } }],
      status: "completed",
      succeeded: "0-1",
      next: "[secret]",
    });
    // The line may tell of the run's secrets: it is one, and goes into a Secret.
    const [secret] = await objects(namespace, "secrets", "pulumi-jobrun/run=made-next");
    expect(secret?.data).toEqual({ LINE: Buffer.from("from the run").toString("base64") });
    expect(changes(await stack.preview({ expectNoChanges: true }))).toEqual({ same: 3 });
  });

  it("are used in the README as it stands there", async () => {
    const stack = stacks.make("readme", "");
    stack.writeTypeScript(readmePrograms().find((text) => text.includes("getJobRunLogsOutput")) ?? "");
    await upOk(stack);
    expect(await stack.outputs()).toEqual({ status: "completed" });
    const [job] = await objects(
      namespace,
      "jobs",
      `pulumi-jobrun/run=${String((await stack.stored("told")).outputs["name"])}`,
    );
    expect(await kubectl("logs", "--namespace", namespace, `job/${job?.metadata.name ?? ""}`)).toBe("the sum is 42\n");
  });

  it("tell of a run of another stack, plain or as an output, also when its pods have been collected", async () => {
    const owner = stacks.make(
      "owner",
      `new JobRun("run", { ...small, name: "others", arrayIndices: "3,7", command: sh("echo I am $JOB_INDEX"), retention: 60 });`,
    );
    await upOk(owner);
    const reader = stacks.make(
      "reader",
      `${FUNCTIONS} module.exports = async () => ({
        run: (({ status, arrayIndices, image, attempt }) => ({ status, arrayIndices, image, attempt }))(await getJobRun({ name: "others" })),
        one: (await getJobRunLogs({ name: "others", index: 7 })).logs,
        all: getJobRunLogsOutput({ name: "others" }).apply(({ logs, missingIndices, missingReason = "" }) => ({ texts: Object.values(logs).map(({ text }) => text), missingIndices, missingReason })),
      });`,
    );
    await upOk(reader);
    const run = { status: "completed", arrayIndices: "3,7", image: "docker.io/library/busybox:1", attempt: 1 };
    const one = { text: "I am 7", pod: expect.stringMatching(/^others-7-/), attempt: 1, retries: 0 };
    const all = { texts: ["I am 3", "I am 7"], missingIndices: "", missingReason: "" };
    expect(await reader.outputs()).toEqual({ run, one: { "7": one }, all });

    await kubectl("delete", "jobs", "--namespace", namespace, "--selector", "pulumi-jobrun/run=others");
    await until(async () => (await objects(namespace, "pods", "pulumi-jobrun/run=others")).length === 0);
    const ended = await reader.up();
    expect(ended.ok).toBe(true);
    const missingReason = "3,7: the pod has been removed: after the run's `retention`, or by somebody";
    expect(await reader.outputs()).toEqual({ run, one: {}, all: { texts: [], missingIndices: "3,7", missingReason } });
    expect(plain(ended.output)).toContain(
      `job run "others" in namespace ${namespace} has no log of some of its indices: ${missingReason}`,
    );
  });

  it.each([
    ["getJob", "job"],
    ["getJobRun", "job run"],
    ["getJobRunLogs", "job run"],
  ])("of what is not there fail with cluster, namespace and name: %s", async (name, what) => {
    const stack = stacks.make(
      `absent-${name.toLowerCase()}`,
      `${FUNCTIONS} module.exports = async () => ({ got: await ${name}({ name: "nobodys" }) });`,
    );
    const ended = await stack.preview();
    expect(ended.ok).toBe(false);
    expect(plain(ended.output)).toMatch(
      new RegExp(
        `${name}: name must be that of a ${what} in namespace ${namespace} of the cluster https://[^ ]+, got "nobodys", and there is none`,
      ),
    );
    expect(plain(ended.output)).not.toContain("    at ");
  });

  it("use the kubeconfig of the stack's configuration, show it nowhere, and name the rule when a right is missing", async () => {
    await upOk(stacks.make("logged", `new JobRun("run", { ...small, name: "logged", command: sh("echo done") });`));
    await makeAccount(namespace, "blind", rulesWithout("pods/log", "get"));
    const stack = stacks.make(
      "blind",
      `${FUNCTIONS} module.exports = async () => ({ status: (await getJobRun({ name: "logged" })).status });`,
    );
    const kubeconfig = await kubeconfigOf(namespace, "blind");
    await stack.configure("jobrun:kubeconfig", kubeconfig, { secret: true });
    await upOk(stack);
    expect(await stack.outputs()).toEqual({ status: "completed" });
    stack.write(`${FUNCTIONS} module.exports = { logs: getJobRunLogsOutput({ name: "logged" }).logs };`);
    const ended = await stack.up();
    expect(ended.ok).toBe(false);
    expect(plain(ended.output)).toMatch(
      /getJobRunLogs: .*user "system:serviceaccount:e2e-functions:blind" must have the right to get pods\/log in namespace e2e-functions; add this rule to a Role/,
    );
    const { token = "" } = (JSON.parse(kubeconfig) as { users: { user: { token: string } }[] }).users[0]?.user ?? {};
    expect(token).not.toBe("");
    expect(ended.output).not.toContain(token);
    expect(stack.allState()).not.toContain(token);
  });
});
