import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bed } from "../support/bed";
import { kubeconfigOf, makeAccount, rulesWithout } from "../support/account";
import { commandLineIn, endOf, jobrunPath, masked, start } from "../support/commandLine";
import { kubectl, objects, until } from "../support/kubectl";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "e2e-cli";
const stacks = stacksIn(namespace);

const program = `
  const job = new Job("job", { ...small, name: "report", arraySize: 3, retryLimit: 0, maxExecutionTime: 600,
    command: sh('echo "part $JOB_INDEX of $TOKEN"; [ $JOB_INDEX != 1 ]'),
    env: [{ name: "TOKEN", value: pulumi.secret("S3CRET-77") }, { name: "LEVEL", value: "info" }] });
  new JobRun("run", { job, name: "failing" });
  new JobRun("daemon", { ...small, name: "watcher", mode: "daemon", terminationGracePeriodSeconds: 1, wait: { stableSeconds: 1 },
    command: sh("echo on watch; sleep 3600") });`;

beforeAll(async () => {
  await stacks.open();
  const ended = await stacks.make("scene", program).up();
  // One index of the run fails, and so does \`up\`.
  expect(ended.ok).toBe(false);
  expect(ended.output).toContain('JobRun "failing" failed');
});
afterAll(stacks.close);

const jobrun = commandLineIn(namespace);

const looked = async (line: string): Promise<string> => {
  const { code, out, err } = await jobrun(line);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).not.toContain("S3CRET");
  expect(out).not.toContain("\u001B");
  return masked(out, ["failing", "watcher"]);
};

describe("[E] the command line of the installed package", () => {
  it("lists jobs and runs", async () => {
    expect(await looked("job list")).toBe("Name Age Last Job Run Name Last Job Run Age\nreport AGE failing AGE\n");
    expect(await looked("list")).toBe(
      "Name Failed Pending Requested Running Succeeded Unknown Age\n" +
        "failing 1 0 3 0 2 0 AGE\n" +
        "watcher 0 0 1 1 0 0 AGE\n",
    );
    expect(await looked("list --job report --status failed -o name")).toBe("failing\n");
    expect(await looked("list --job report --status running -o json").catch((error: unknown) => error)).toMatchObject({
      message: expect.stringContaining("there are no such job runs"),
    });
  });

  it("shows a job", async () => {
    expect(await looked("job get report")).toBe(`Name: report
ID: UID
Namespace: ${namespace}
Age: AGE
Created: TIME

Last Job Run:
  Name: failing
  Age: AGE
  Created: TIME

Commands:
  sh
  -c
  echo "part $JOB_INDEX of $TOKEN"; [ $JOB_INDEX != 1 ]

Environment Variables:
  Type Name Value
  Secret key reference TOKEN report.job.TOKEN
  Literal LEVEL info

Image: docker.io/library/busybox:1
Resource Allocation:
  CPU: 20m
  Ephemeral Storage: 400M
  Memory: 32M

Runtime:
  Mode: task
  Array Indices: 0-2
  Array Size: 3
  Max Execution Time: 600
  Retry Limit: 0
`);
  });

  it("shows a run that has failed, and what to do next", async () => {
    const text = await looked("get failing");
    expect(text).toContain("\nJob Ref: report\n");
    expect(text).toContain(`
Status:
  Status: Failed
  Reason: [FailedIndexes] Job has failed indexes
  Completed: AGE
  Instance Statuses:
    Succeeded: 2
    Failed: 1
  Conditions:
    Type Status Last Transition
    Pending True AGE
    Running True AGE
    Failed True AGE

Indices:
  Index Status Reason Exit Code Retries Restarts Message
  1 Failed ContainerExitedCode1 1 0 0
`);
    expect(text).toContain(`
Instances:
  Name Running Status Restarts Age
  failing-0-POD 0/1 Succeeded 0 AGE
  failing-1-POD 0/1 Failed (ContainerExitedCode1) 0 AGE
  failing-2-POD 0/1 Succeeded 0 AGE

\`npx jobrun logs failing --index 1 --namespace ${namespace}\` shows what index 1 printed.
`);
  });

  it("shows a daemon that runs, for people and for programs", async () => {
    const text = await looked("get watcher");
    expect(text).toContain("  Instance Statuses:\n    Running: 1\n");
    expect(text).toContain("\n  watcher-0-POD 1/1 Running 0 AGE\n");
    const { out } = await jobrun("get watcher -o json");
    expect(JSON.parse(out)).toMatchObject({
      ...{ name: "watcher", mode: "daemon", status: "running", backend: "deployment" },
      statusDetails: { runningIndices: "0" },
      conditions: [{ type: "Pending" }, { type: "Running" }],
      instances: [{ index: 0, running: true, status: "Running" }],
    });
  });

  it("shows the events of the instances", async () => {
    const text = await looked("events failing --index 1");
    expect(text).toMatch(/^Pod failing-1-POD:\nType Reason Age Source Messages\n/);
    for (const reason of ["Scheduled", "Pulled", "Created", "Started"])
      expect(text).toContain(`\nNormal ${reason} AGE `);
    expect(text).not.toContain("failing-0");
  });

  it("shows logs with the secrets masked", async () => {
    expect(await looked("logs failing")).toBe(
      [0, 1, 2].map((index) => `failing-${index}-POD/report:\npart ${index} of [secret]\n`).join("\n"),
    );
    expect(await looked("logs failing --index 2 --tail 1 --timestamps")).toBe(
      "failing-2-POD/report:\nTIME part 2 of [secret]\n",
    );
    expect(await looked("logs watcher")).toBe("watcher-0-POD/watcher:\non watch\n");
  });

  it("waits, and says by its exit code how that ended", async () => {
    expect(await jobrun("wait watcher")).toMatchObject({ code: 0, out: 'JobRun "watcher" is running: 1/1 running\n' });
    const failed = await jobrun("wait failing");
    expect(failed.code).toBe(1);
    expect(failed.out).toContain('JobRun "failing" failed: [FailedIndexes] Job has failed indexes\n  index 1: ');
    const stack = stacks.make(
      "slow",
      `new JobRun("run", { ...small, name: "slow", command: sh("sleep 40"), wait: { until: "nothing" } });`,
    );
    expect((await stack.up()).ok).toBe(true);
    const late = await jobrun("wait slow --timeout 1s");
    expect(late.code).toBe(2);
    expect(late.out).toContain('JobRun "slow" is not ready in time, and goes on: ');
    expect(await jobrun("wait slow --timeout 2m")).toMatchObject({
      code: 0,
      out: 'JobRun "slow" completed: 1/1 succeeded\n',
    });
  });

  it("ends quietly when nobody reads on", async () => {
    const command = `${jobrunPath()} -n ${namespace} get failing -o json`;
    const script = `set -o pipefail; for i in 1 2 3; do ${command} | head -n 1; done; ${command} | true`;
    expect(await endOf(start("bash", ["-c", script]))).toEqual({ code: 0, out: "{\n{\n{\n", err: "" });
  });

  it("names the rule that is missing, and nothing else", async () => {
    await makeAccount(namespace, "blind", rulesWithout("configmaps", "list"));
    const kubeconfig = join(bed().project, "blind.kubeconfig");
    writeFileSync(kubeconfig, await kubeconfigOf(namespace, "blind"));
    const { code, out, err } = await jobrun("list", kubeconfig);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^jobrun: [^\n]+\n$/);
    expect(err).toContain(
      `user "system:serviceaccount:${namespace}:blind" must have the right to list configmaps in namespace ${namespace}; add this rule to a Role that is bound to it there`,
    );
    expect(err).toContain('{apiGroups: [""], resources: ["configmaps"], verbs: ["list"]}');
    expect((await jobrun("get failing", kubeconfig)).code).toBe(0);
  });

  it("says what is wrong with a command line", async () => {
    expect(await jobrun("lst")).toMatchObject({ code: 64, err: expect.stringContaining('did you mean "list"?') });
    expect(await jobrun("get nobodys")).toMatchObject({
      code: 1,
      err: expect.stringContaining(`\`npx jobrun list --namespace ${namespace}\` lists all`),
    });
    expect(await jobrun("list --context nowhere")).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^jobrun: there is no context "nowhere" in [^\n]+; it has [^\n]+\n$/),
    });
  });

  it("shows by its record a run whose pods have gone", async () => {
    await kubectl("delete", "jobs", "--namespace", namespace, "--selector", "pulumi-jobrun/run=failing");
    await until(async () => (await objects(namespace, "pods", "pulumi-jobrun/run=failing")).length === 0);
    const text = await looked("get failing");
    expect(text).toContain("  1 Failed ContainerExitedCode1 1 0 0\n");
    expect(text).toContain("Its pods have gone");
    expect(text).not.toContain("Instances:");
    expect(await jobrun("logs failing")).toMatchObject({
      code: 1,
      err: expect.stringContaining("0-2: the pod has been removed"),
    });
  });
});
