import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";
import { kubectl, objects, until } from "../support/kubectl";
import { leaks, visibleObjects } from "../support/leaks";
import { plain, type TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "e2e-logs";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

/** What `up` says of a program that is to fail, without the engine's indentation. */
async function failureOf(name: string, program: string): Promise<string> {
  const ended = await stacks.make(name, program).up();
  expect(ended.ok).toBe(false);
  return unindented(ended.output);
}

const unindented = (output: string): string => plain(output).replaceAll(/^\s+/gm, "");

const captured = async (stack: TestStack, name = "run"): Promise<unknown> =>
  (await stack.stored(name)).outputs["capturedLogs"];

describe("[E] the message about a run that failed", () => {
  it("has the last lines of a long log", async () => {
    const message = await failureOf(
      "long",
      `new JobRun("run", { ...small, name: "long", retryLimit: 0, command: sh("seq 1 200; exit 3") });`,
    );
    const lines = Array.from({ length: 20 }, (_, i) => (181 + i).toString());
    expect(message).toContain(lines.join("\n"));
    expect(message).not.toMatch(/^180$/m);
  });

  it("has the last lines of long ones: what does not fit into an answer is cut at its beginning", async () => {
    const message = await failureOf(
      "wide-lines",
      `new JobRun("run", { ...small, name: "wide-lines", retryLimit: 0, logs: { tailLines: 1000 },
         command: sh('x=$(printf "%0200d" 0); for i in $(seq 1 900); do echo "$i $x"; done; exit 3') });`,
    );
    expect(message).toMatch(/^900 0/m);
  });

  it("at the deadline has what the program printed last, though its pod goes, and not of an index that had succeeded", async () => {
    const stack = stacks.make(
      "deadline",
      `new JobRun("run", { ...small, name: "deadline", arraySize: 2, maxExecutionTime: 12, terminationGracePeriodSeconds: 1,
         command: sh('[ $JOB_INDEX = 0 ] && exit 0; i=0; while true; do i=$((i+1)); echo "second $i"; sleep 1; done') });`,
    );
    const ended = await stack.up();
    expect(ended.ok).toBe(false);
    const message = unindented(ended.output);
    expect(message).toMatch(/index 1: MaxExecutionTimeExceeded/);
    const seconds = [...message.matchAll(/^second (\d+)$/gm)].map(([, second]) => Number(second));
    expect(Math.max(...seconds)).toBeGreaterThanOrEqual(8);
    expect(message).not.toContain("index 0 printed");
    expect((await stack.stored("run")).outputs).toMatchObject({
      status: "failed",
      statusDetails: { succeededIndices: "0", failedIndices: "1" },
    });
  });

  it("has them of a program that ends at once when it is told to", async () => {
    const message = await failureOf(
      "obedient",
      `new JobRun("run", { ...small, name: "obedient", maxExecutionTime: 8,
         command: sh('trap "exit 143" TERM; i=0; while true; do i=$((i+1)); echo "beat $i"; sleep 0.2; done') });`,
    );
    expect(message).toMatch(/^beat \d+$/m);
  });

  it("has what the last attempt printed", async () => {
    const message = await failureOf(
      "attempts",
      `new JobRun("run", { ...small, name: "attempts", retryLimit: 1, command: sh('echo "try $JOB_INDEX_RETRY_COUNT"; exit 4') });`,
    );
    expect(message).toMatch(/^try 1$/m);
    expect(message).not.toContain("try 0");
  });

  it("has what was read of a pod that somebody deleted long before the end", async () => {
    const stack = stacks.make(
      "deleted",
      `new JobRun("run", { ...small, name: "deleted", arraySize: 2, retryLimit: 0, terminationGracePeriodSeconds: 1,
         command: sh('echo "I am $JOB_INDEX"; [ $JOB_INDEX = 0 ] && sleep 25 && exit 0; sleep 600') });`,
    );
    const up = stack.up();
    const pods = () => objects(namespace, "pods", "pulumi-jobrun/run=deleted");
    await until(async () => (await pods()).filter(({ status }) => status["phase"] === "Running").length === 2);
    const of1 = (await pods()).find(({ metadata: { name } }) => name.startsWith("deleted-1-"));
    await kubectl("delete", "pod", of1?.metadata.name ?? "", "--namespace", namespace);
    const ended = await up;
    expect(ended.ok).toBe(false);
    expect(plain(ended.output)).toMatch(/index 1 printed last \(pod deleted-1-\w+\):\s+I am 1/);
  });

  it("of a daemon that crashes again and again has what it printed before its last restart", async () => {
    const message = await failureOf(
      "crashing",
      `new JobRun("run", { ...small, name: "crashing", mode: "daemon", terminationGracePeriodSeconds: 1,
         command: sh('n=$(wc -l < /etc/hostname); echo >> /etc/hostname; echo "start $n"; sleep 1; echo "crash $n"; exit 5') });`,
    );
    expect(message).toMatch(/^start (\d)\ncrash \1$/m);
  });

  it("has what an evicted program printed that had filled its storage, or says that its log has gone", async () => {
    const message = await failureOf(
      "filling",
      `new JobRun("run", { ...small, name: "filling", retryLimit: 0, ephemeralStorage: "20M",
         command: sh('echo "filling up"; dd if=/dev/zero of=/tmp/full bs=1M count=100 2>/dev/null; sleep 600') });`,
    );
    expect(message).toContain("ExceededEphemeralStorage");
    // Which of the two it is depends on how soon the kubelet cleans up.
    expect(message).toMatch(
      /^index 0 printed last \(pod \S+\):\nfilling up$|^what index 0 printed last is not known \(pod \S+\): its container has gone, and its log with it$/m,
    );
  });
});

describe("[E] captured logs", () => {
  it("feed another resource, as the documentation shows", async () => {
    const page = readFileSync(join(repositoryRoot(), "docs/logs.md"), "utf8");
    const stack = stacks.make("fed", "");
    stack.writeTypeScript(/```typescript\n([^]*?)```/.exec(page)?.[1] ?? "");
    const ended = await stack.up();
    expect([ended.ok, ended.ok ? "" : plain(ended.output)]).toEqual([true, ""]);
    const count = (await captured(stack, "count")) as Record<string, string>;
    expect(count["0"]).toMatch(/^\d+$/);
    expect(await stack.outputs()).toEqual({ text: `${count["0"] ?? ""} entries` });
    expect((await stack.preview({ expectNoChanges: true })).ok).toBe(true);
    expect((await stack.refresh({ expectNoChanges: true })).ok).toBe(true);
  });

  it("of a run with a secret are secret, and so is what they feed; the secret itself is masked", async () => {
    const stack = stacks.make(
      "secret",
      `const token = pulumi.secret("told-by-the-program");
       const first = new JobRun("first", { ...small, name: "first", env: [{ name: "TOKEN", value: token }], logs: { capture: true },
         command: sh('echo "token $TOKEN"; echo "reversed $(echo $TOKEN | rev)"') });
       new JobRun("second", { ...small, name: "second", logs: { capture: true }, command: sh('echo "$GIVEN" | wc -l'),
         env: [{ name: "GIVEN", value: first.capturedLogs["0"] }] });
       new JobRun("open", { ...small, name: "open", logs: { capture: true }, command: sh("echo nothing to hide") });`,
    );
    const up = await stack.up({ diff: true });
    expect([up.ok, up.ok ? "" : plain(up.output)]).toEqual([true, ""]);
    expect(await captured(stack, "first")).toEqual({ "0": "token [secret]\nreversed margorp-eht-yb-dlot" });
    expect(await captured(stack, "second")).toEqual({ "0": "2" });
    const state = stack.checkpoint();
    expect(state).toContain("nothing to hide");
    const texts = { up: up.output, state: stack.allState(), objects: await visibleObjects(namespace) };
    expect(leaks(texts, ["told-by-the-program", "margorp-eht-yb-dlot"])).toEqual([]);
    const [secret] = await objects(namespace, "secrets", "pulumi-jobrun/run=open");
    expect(secret?.metadata.name).toBe("open.logs");
    expect((await stack.refresh({ expectNoChanges: true })).ok).toBe(true);
    expect(stack.allState()).not.toContain("margorp-eht-yb-dlot");
  });

  it("of a run that was resumed are new where it ran again, and what they were elsewhere", async () => {
    const stack = stacks.make(
      "resumed",
      `new JobRun("run", { ...small, name: "resumed", arrayIndices: "2,4-5", retryLimit: 0, logs: { capture: true },
         env: [{ name: "BROKEN", valueFrom: { configMapKeyRef: { name: "broken", key: "index" } } }],
         command: sh('echo "$JOB_INDEX with $BROKEN"; [ "$BROKEN" != "$JOB_INDEX" ]') });`,
    );
    await kubectl("create", "configmap", "broken", "--namespace", namespace, "--from-literal=index=4");
    expect((await stack.up()).ok).toBe(false);
    expect(await captured(stack)).toEqual({ "2": "2 with 4", "4": "4 with 4", "5": "5 with 4" });
    await kubectl("patch", "configmap", "broken", "--namespace", namespace, "--patch", '{"data":{"index":"none"}}');
    // What had succeeded keeps what it printed, though its pods are not there any more.
    await kubectl("delete", "pods", "--namespace", namespace, "--selector", "pulumi-jobrun/run=resumed");
    expect((await stack.up()).ok).toBe(true);
    expect(await captured(stack)).toEqual({ "2": "2 with 4", "4": "4 with none", "5": "5 with 4" });
  });

  it("of a run that nobody waited for come with the refresh that sees its end, and stay when its pods have gone", async () => {
    const stack = stacks.make(
      "later",
      `new JobRun("run", { ...small, name: "later", wait: { until: "nothing" }, logs: { capture: true }, arraySize: 2,
         command: sh('echo "at last $JOB_INDEX"') });`,
    );
    expect((await stack.up()).ok).toBe(true);
    expect(await captured(stack)).toBeUndefined();
    await kubectl("wait", "--for=condition=Complete", "job/later", "--namespace", namespace, "--timeout=60s");
    expect((await stack.refresh()).ok).toBe(true);
    const logs = { "0": "at last 0", "1": "at last 1" };
    expect(await captured(stack)).toEqual(logs);
    await kubectl("delete", "job", "later", "--namespace", namespace);
    expect((await stack.refresh({ expectNoChanges: true })).ok).toBe(true);
    expect(await captured(stack)).toEqual(logs);
  });

  it("of a daemon are what it had printed when it was running", async () => {
    const stack = stacks.make(
      "daemon",
      `new JobRun("run", { ...small, name: "daemon", mode: "daemon", wait: { stableSeconds: 1 }, logs: { capture: true },
         terminationGracePeriodSeconds: 1, command: sh("echo listening; exec sleep 3600") });`,
    );
    expect((await stack.up()).ok).toBe(true);
    expect(await captured(stack)).toEqual({ "0": "listening" });
    expect((await stack.refresh({ expectNoChanges: true })).ok).toBe(true);
  });

  it("of a run that failed at its deadline have every index, also those whose pods have gone", async () => {
    const stack = stacks.make(
      "stopped",
      `new JobRun("run", { ...small, name: "stopped", arraySize: 3, maxExecutionTime: 10, terminationGracePeriodSeconds: 1,
         logs: { capture: true }, command: sh('echo "begun $JOB_INDEX"; [ $JOB_INDEX = 1 ] || sleep 600') });`,
    );
    expect((await stack.up()).ok).toBe(false);
    expect(await captured(stack)).toEqual({ "0": "begun 0", "1": "begun 1", "2": "begun 2" });
    expect((await stack.refresh({ expectNoChanges: true })).ok).toBe(true);
  });
});
