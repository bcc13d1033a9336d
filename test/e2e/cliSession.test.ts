import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { kubeconfigOf, makeAccount, rulesWithout } from "../support/account";
import { bed } from "../support/bed";
import { commandLineIn, type CommandEnded, endOf, jobrunPath, masked, start } from "../support/commandLine";
import { kubectl, leftovers, objects, until } from "../support/kubectl";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "e2e-cli-session";
const stacks = stacksIn(namespace);
const jobrun = commandLineIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

const small = "--image docker.io/library/busybox:1 --cpu 20m --memory 32M";

/** Submits a run of a script. */
function submit(name: string, script: string, more = ""): Promise<CommandEnded> {
  const words = ["-n", namespace, "submit", "--name", name, ...`${small} ${more}`.trim().split(" ")];
  const command = ["--command", "sh", "--command=-c", "--command", script];
  return endOf(start(jobrunPath(), [...words, ...command]));
}

/** What is printed of a command that succeeds and has nothing else to tell. */
async function said(line: string): Promise<string> {
  const { code, out, err } = await jobrun(line);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).not.toContain("\u001B");
  return masked(out, ["myjobrun-daemon"]);
}

describe("[E] the session of Code Engine's page, word for word but for its creation of the job", () => {
  const program = `new Job("job", { ...small, name: "myjob-daemon", image: "icr.io/codeengine/helloworld", imagePullPolicy: "IfNotPresent",
    terminationGracePeriodSeconds: 1, mode: "daemon" });`;
  const stack = stacks.make("page", program);

  it("shows the job that a stack has created", async () => {
    expect((await stack.up()).ok).toBe(true);
    expect(await said("job get --name myjob-daemon")).toBe(`Name: myjob-daemon
ID: UID
Namespace: ${namespace}
Age: AGE
Created: TIME

Image: icr.io/codeengine/helloworld
Resource Allocation:
  CPU: 20m
  Ephemeral Storage: 400M
  Memory: 32M

Runtime:
  Mode: daemon
  Array Indices: 0
  Array Size: 1
`);
  });

  it("submits a run of it, which runs", async () => {
    expect(await said("submit --name myjobrun-daemon --job myjob-daemon")).toBe(`Submitting job run 'myjobrun-daemon'...
\`npx jobrun get myjobrun-daemon --namespace ${namespace}\` shows how far it is.
OK
`);
    expect(await jobrun("wait myjobrun-daemon --timeout 2m")).toMatchObject({
      code: 0,
      out: 'JobRun "myjobrun-daemon" is running: 1/1 running\n',
    });
  });

  it("shows the run", async () => {
    const text = await said("get --name myjobrun-daemon");
    const [shape = "", events = ""] = text.split("\nEvents:\n");
    expect(shape).toBe(`Name: myjobrun-daemon
ID: UID
Namespace: ${namespace}
Age: AGE
Created: TIME

Job Ref: myjob-daemon

Image: icr.io/codeengine/helloworld
Resource Allocation:
  CPU: 20m
  Ephemeral Storage: 400M
  Memory: 32M

Runtime:
  Mode: daemon
  Array Indices: 0
  Array Size: 1
  JOB_ARRAY_SIZE Value: 1

Status:
  Status: Running
  Instance Statuses:
    Running: 1
  Conditions:
    Type Status Last Transition
    Pending True AGE
    Running True AGE
`);
    expect(events).toContain(`
Instances:
  Name Running Status Restarts Age
  myjobrun-daemon-0-POD 1/1 Running 0 AGE
`);
  });

  it("shows its log", async () => {
    const text = await said("logs --name myjobrun-daemon");
    expect(text).toMatch(/^myjobrun-daemon-0-POD\/myjob-daemon:\nHello from helloworld! I'm a batch job! Index: 0\n/);
    for (const line of ["CE_JOB=myjob-daemon", "CE_JOBRUN=myjobrun-daemon", "JOB_INDEX=0", "JOB_MODE=daemon"])
      expect(text).toContain(`\n${line}\n`);
    expect(text).toContain("\nHOSTNAME=myjobrun-daemon-0-0\n");
  });

  it("is not taken for its own by a stack that wants a run of the name: it says whose it is", async () => {
    stack.write(`${program} new JobRun("run", { ...small, name: "myjobrun-daemon", command: sh("true") });`);
    const { ok, output } = await stack.up();
    expect(ok).toBe(false);
    expect(output).toContain("belongs to the command line (`jobrun submit`); choose another name, or remove it");
    expect((await jobrun("get myjobrun-daemon -o json")).out).toContain('"status": "running"');
    stack.write(program);
  });

  it("deletes the run, and then the job with another run, and nothing is left", async () => {
    expect(await jobrun("delete --name myjobrun-daemon -f")).toMatchObject({
      ...{ code: 0, out: "Deleting job run 'myjobrun-daemon'...\nOK\n" },
      err: expect.stringContaining("job run 'myjobrun-daemon', of the command line (`jobrun submit`)\n"),
    });
    expect(await objects(namespace, "pods")).toEqual([]);
    expect((await jobrun("submit --job myjob-daemon")).code).toBe(0);
    expect((await jobrun("job delete --name myjob-daemon")).code).toBe(64);
    const { code, out, err } = await jobrun("job delete --name myjob-daemon -f");
    expect({ code, out }).toEqual({ code: 0, out: "Deleting job 'myjob-daemon'...\nOK\n" });
    expect(err).toMatch(/^ {2}its run 'myjob-daemon-jobrun-[0-9a-z]{5}', of the command line/m);
    expect(err).toContain("job 'myjob-daemon', of resource \"job\" of stack");
    expect(await leftovers(namespace)).toEqual([]);
    expect((await stack.up()).ok).toBe(true);
  });
});

describe("[E] a run that was submitted by hand", () => {
  it("is waited for, and its end is recorded", async () => {
    const { code, out } = await submit("quick", "echo part $JOB_INDEX of $JOB_ARRAY_SIZE", "--array-size 2 --wait");
    expect({ code, out }).toEqual({
      code: 0,
      out: "Submitting job run 'quick'...\nJobRun \"quick\" completed: 2/2 succeeded\n",
    });
    const [job] = await objects(namespace, "jobs", "pulumi-jobrun/run=quick");
    expect(job?.spec["ttlSecondsAfterFinished"]).toBe(604_800);
  });

  it("that failed is made again, only what has failed and with the size of the whole", async () => {
    const script = 'echo "$JOB_INDEX of $JOB_ARRAY_SIZE"; [ $JOB_INDEX != 1 ]';
    expect((await submit("partly", script, "--array-size 3 --retrylimit 0 --wait")).code).toBe(1);
    expect((await jobrun("get partly")).out).toContain("`npx jobrun resubmit partly --failed");
    expect((await jobrun("resubmit partly --failed --as rest --wait")).code).toBe(1);
    expect((await jobrun("logs rest --raw")).out).toBe("1 of 3\n");
  });

  it("that lacks a right is not begun, and the rule is named", async () => {
    await makeAccount(namespace, "halves", rulesWithout("jobs", "create"));
    const kubeconfig = join(bed().project, "halves.kubeconfig");
    writeFileSync(kubeconfig, await kubeconfigOf(namespace, "halves"));
    const { code, err } = await jobrun(`submit --name halves ${small}`, kubeconfig);
    expect(code).toBe(1);
    expect(err).toContain('{apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"]}');
    expect(await objects(namespace, "configmaps", "pulumi-jobrun/run=halves")).toEqual([]);
  });
});

describe("[E] a daemon", () => {
  it("is restarted, and what has ended on purpose is not, but settled", async () => {
    const script = "echo on watch; [ $JOB_INDEX = 1 ] || sleep 3600";
    expect((await submit("watcher", script, "--mode daemon --array-size 2")).code).toBe(0);
    const statusOf = async (): Promise<string> => (await jobrun("get watcher -o json")).out;
    await until(
      async () => /"succeededIndices": "1"/.test(await statusOf()) && /"runningIndices": "0"/.test(await statusOf()),
    );
    const before = await objects(namespace, "pods", "pulumi-jobrun/run=watcher");
    expect(await jobrun("restart watcher")).toMatchObject({
      ...{ code: 0, out: "Restarting indices 0 of job run 'watcher'...\nOK\n" },
    });
    const index = "pulumi-jobrun/run=watcher,pulumi-jobrun/index=0";
    await until(async () => {
      const pods = await objects(namespace, "pods", index);
      return pods.length === 1 && !before.some(({ metadata }) => metadata.uid === pods[0]?.metadata.uid);
    });
    expect((await jobrun("settle watcher")).out).toBe("Scaled to zero: indices 1.\nOK\n");
    await until(
      async () => (await objects(namespace, "pods", "pulumi-jobrun/run=watcher,pulumi-jobrun/index=1")).length === 0,
    );
    expect((await jobrun("settle watcher")).out).toContain("No index has ended");
    expect((await jobrun("delete watcher -f")).code).toBe(0);
  });

  it("that may not be rolled out anew says which rule is missing", async () => {
    expect((await submit("guarded", "sleep 3600", "--mode daemon")).code).toBe(0);
    await makeAccount(namespace, "watches", rulesWithout("deployments", "patch", "deletecollection"));
    const kubeconfig = join(bed().project, "watches.kubeconfig");
    writeFileSync(kubeconfig, await kubeconfigOf(namespace, "watches"));
    for (const [line, verb] of [
      ["restart guarded", "patch"],
      ["delete guarded -f", "deletecollection"],
    ] as const) {
      const { code, err } = await jobrun(line, kubeconfig);
      expect(code).toBe(1);
      expect(err).toContain(`{apiGroups: ["apps"], resources: ["deployments"], verbs: ["${verb}"]}`);
    }
    expect((await jobrun("delete guarded -f")).code).toBe(0);
  });
});

describe("[E] logs that are followed", () => {
  it("go on over the retries of a task, and end with it", async () => {
    const script =
      'echo "try $JOB_INDEX_RETRY_COUNT"; sleep 2; echo "end $JOB_INDEX_RETRY_COUNT"; [ $JOB_INDEX_RETRY_COUNT = 1 ]';
    expect((await submit("twice", script, "--retrylimit 1")).code).toBe(0);
    const { code, out, err } = await jobrun("logs -f twice");
    expect(code).toBe(0);
    expect(masked(out, ["twice"])).toBe(
      ["try 0", "end 0", "try 1", "end 1"].map((line) => `twice-0-POD/twice: ${line}\n`).join(""),
    );
    expect(err).toContain('job run "twice" has ended, completed: 1/1 succeeded\n');
  });

  it("go on over the crashes of a daemon, each line once, until somebody ends them", async () => {
    const script = 'n=$(cat /tmp/n 2>/dev/null || echo 0); echo "start"; date +%s%N; exit 3';
    expect((await submit("crasher", script, "--mode daemon")).code).toBe(0);
    const child = start(jobrunPath(), ["-n", namespace, "logs", "-f", "--raw", "crasher"]);
    const ended = endOf(child);
    let out = "";
    child.stdout?.on("data", (data: Buffer) => (out += data.toString()));
    await until(() => Promise.resolve(out.split("start\n").length > 3), 120);
    child.kill("SIGINT");
    expect((await ended).code).toBe(128);
    const times = out.split("\n").filter((line) => /^\d{10}/.test(line));
    expect(new Set(times).size).toBe(times.length);
    expect(times).toEqual(times.toSorted());
    expect((await jobrun("delete crasher -f")).code).toBe(0);
  });

  it("of a run that has ended and been collected say so", async () => {
    await kubectl("delete", "jobs", "--namespace", namespace, "--selector", "pulumi-jobrun/run=quick");
    await until(async () => (await objects(namespace, "pods", "pulumi-jobrun/run=quick")).length === 0);
    expect(await jobrun("logs -f quick")).toMatchObject({
      ...{ code: 1, out: "" },
      err: expect.stringContaining(
        '0-1: the pod has been removed: after the run\'s `retention`, or by somebody\njob run "quick" has ended',
      ),
    });
  });

  it("end quietly when nobody reads on", async () => {
    expect((await submit("talker", "while true; do echo talk; sleep 0.1; done", "--mode daemon")).code).toBe(0);
    await until(async () => (await jobrun("logs talker")).out !== "");
    const script = `set -o pipefail; ${jobrunPath()} -n ${namespace} logs -f --raw talker | head -n 2`;
    expect(await endOf(start("bash", ["-c", script]))).toEqual({ code: 0, out: "talk\ntalk\n", err: "" });
    expect((await jobrun("delete talker -f")).code).toBe(0);
  });
});
