import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { kubectl, makeNamespace, objects, removeNamespace, until } from "../support/kubectl";
import { changes, type Ended, type TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";
import { secondsOverTime, type Story, storyOf } from "../support/story";

jest.setTimeout(600_000);

const namespace = "e2e-verdicts";
const full = "e2e-verdicts-full";
const stacks = stacksIn(namespace);

const daemon = (command: string): string => `new JobRun("looping", { ...small, name: "looping", mode: "daemon",
  terminationGracePeriodSeconds: 1, wait: { stableSeconds: 5 }, command: sh('${command}') });`;

/** A registry that has nothing: to a pull it is as if the tag were misspelt. */
const registry = createServer((_request, response) => {
  const errors = [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }];
  response.writeHead(404, { "content-type": "application/json" }).end(JSON.stringify({ errors }));
});

/** Everything fails at the same time, so that the waits overlap. */
const program = (registryPort: number): string => `
  const once = { ...small, retryLimit: 0 };
  const soon = { wait: { unschedulableSeconds: 5 } };
  const fill = "head -c 200000000 /dev/zero > /large";
  const absent = [{ name: "A", valueFrom: { configMapKeyRef: { name: "present", key: "absent" } } }];
  new JobRun("exit-code", { ...once, name: "exit-code", command: sh('for i in $(seq 200); do echo line $i of it; done; exit 3') });
  new JobRun("memory", { ...once, name: "memory", memory: "16M", command: sh("exec tail /dev/zero") });
  new JobRun("executable", { ...once, name: "executable", command: ["/absent"] });
  new JobRun("disk", { ...small, name: "disk", retryLimit: 1, ephemeralStorage: "50M", terminationGracePeriodSeconds: 1,
    command: sh(fill + "; exec sleep 600") });
  new JobRun("polite", { ...small, name: "polite", retryLimit: 1, ephemeralStorage: "50M",
    command: sh("trap 'exit 0' TERM; " + fill + "; while :; do sleep 0.2; done") });
  new JobRun("array", { ...small, name: "array", arraySize: 3, retryLimit: 1,
    command: sh('case $JOB_INDEX-$JOB_INDEX_RETRY_COUNT in 0-*|2-1) exit 0;; *) exit 1;; esac') });
  new JobRun("time", { ...small, name: "time", arraySize: 2, maxExecutionTime: 20, terminationGracePeriodSeconds: 5,
    command: sh('[ $JOB_INDEX = 0 ] && exit 0; i=0; while :; do echo "count $i"; i=$((i+1)); sleep 1; done') });
  new JobRun("image", { ...small, name: "image", image: "127.0.0.1:${registryPort}/app:no-such-tag" });
  new JobRun("key", { ...small, name: "key", env: absent, command: ["true"] });
  new JobRun("quota", { ...small, ...soon, name: "quota", namespace: "${full}", command: ["true"] });
  new JobRun("room", { ...small, ...soon, name: "room", nodeSelector: { disk: "absent" }, command: ["true"] });
  ${daemon("sleep 3; echo start $(date +%s); exit 4")}
`;

let stack: TestStack;
let ended: Ended;
/** When the third restart of the daemon was seen, in milliseconds since 1970. */
let looping: number;

beforeAll(async () => {
  await Promise.all([stacks.open(), makeNamespace(full)]);
  await kubectl("create", "configmap", "present", "--namespace", namespace, "--from-literal=other=1");
  await kubectl("create", "quota", "none", "--hard=pods=0", "--namespace", full);
  registry.listen(0, "127.0.0.1");
  await once(registry, "listening");
  stack = stacks.make("verdicts", program((registry.address() as AddressInfo).port));
  [ended, looping] = await Promise.all([stack.up({ parallel: 32, continueOnError: true }), seenLooping()]);
});
afterAll(async () => {
  registry.close();
  await stacks.close();
  await removeNamespace(full);
});

const story = (name: string): Story => storyOf(ended, name);
const messageOf = (name: string): string => story(name).told.at(-1)?.text ?? "";
const podsOf = (run: string): ReturnType<typeof objects> => objects(namespace, "pods", `pulumi-jobrun/run=${run}`);

async function seenLooping(): Promise<number> {
  const restarts = async (): Promise<number> => {
    const [pod] = await podsOf("looping");
    const { containerStatuses = [] } = (pod?.status ?? {}) as {
      containerStatuses?: { name: string; restartCount: number }[];
    };
    return containerStatuses.find(({ name }) => name === "looping")?.restartCount ?? 0;
  };
  await until(async () => (await restarts()) >= 3, 180);
  return Date.now();
}

/** When Kubernetes first said for good that the run's Job has failed, cut to whole seconds. */
async function verdictTime(run: string): Promise<number> {
  const [job] = await objects(namespace, "jobs", `pulumi-jobrun/run=${run}`);
  const { conditions = [] } = (job?.status ?? {}) as { conditions?: { type: string; lastTransitionTime: string }[] };
  const times = conditions.filter(({ type }) => type === "FailureTarget" || type === "Failed");
  return Math.min(...times.map(({ lastTransitionTime }) => Date.parse(lastTransitionTime)));
}

/** From the moment on which nothing could become better to the failure of the operation. */
type Lag = () => number | Promise<number>;

const sinceVerdict = (run: string) => async (): Promise<number> =>
  (story(run).failedAtTime - (await verdictTime(run))) / 1_000;
const overTime = (run: string, graceSeconds: number, words: RegExp) => (): number =>
  secondsOverTime(story(run), words, graceSeconds);

const kinds: readonly [run: string, words: RegExp, lag: Lag][] = [
  [
    "exit-code",
    /failed: \[FailedIndexes\].*\s+index 0: ContainerExitedCode3 after 1 attempt$/m,
    sinceVerdict("exit-code"),
  ],
  ["memory", /index 0: OOMKilled after 1 attempt$/m, sinceVerdict("memory")],
  ["executable", /index 0: ExecutableNotFound after 1 attempt: .*"\/absent"/, sinceVerdict("executable")],
  ["disk", /index 0: ExceededEphemeralStorage after 2 attempts/, sinceVerdict("disk")],
  // Kubernetes fails a pod that it evicts, whatever the program answers.
  ["polite", /index 0: ExceededEphemeralStorage after 2 attempts/, sinceVerdict("polite")],
  ["array", /index 1: ContainerExitedCode1 after 2 attempts/, sinceVerdict("array")],
  ["time", /failed: \[DeadlineExceeded\].*\s+index 1: MaxExecutionTimeExceeded after 1 attempt/, sinceVerdict("time")],
  [
    "image",
    /\[(ErrImagePull|ImagePullBackOff)\] .*no-such-tag: not found/,
    overTime("image", 60, /ErrImagePull|ImagePullBackOff/),
  ],
  [
    "key",
    /\[CreateContainerConfigError\] couldn't find key absent in ConfigMap/,
    overTime("key", 60, /CreateContainerConfigError/),
  ],
  ["quota", /\[FailedCreate\] .*exceeded quota: none/, overTime("quota", 5, /exceeded quota/)],
  ["room", /\[Unschedulable\] 0\/\d+ nodes are available/, overTime("room", 5, /Unschedulable/)],
  [
    "looping",
    /index 0: ContainerExitedCode4 after 3 restarts/,
    () => Math.max(0, story("looping").failedAtTime - looping) / 1_000,
  ],
];

describe("[E] `up` fails soon after a run has failed, and says why", () => {
  const lags: Record<string, string> = {};
  afterAll(() =>
    console.log(`seconds from the last thing that had to happen to the failure of the run:\n${table(lags)}`),
  );

  it.each(kinds)("%s", async (run, words, lag) => {
    const seconds = await lag();
    lags[run] = seconds.toFixed(1);
    expect(messageOf(run)).toContain(`JobRun "${run}" `);
    expect(messageOf(run)).toMatch(words);
    // Kubernetes' times are cut to whole seconds, and the machine may be busy.
    expect(seconds).toBeLessThan(20);
  });

  it("with the last lines that the program printed, and one command that shows more", () => {
    const lines = messageOf("exit-code").match(/line \d+ of it/g);
    expect(lines).toEqual(Array.from({ length: 20 }, (_, i) => `line ${181 + i} of it`));
    expect(messageOf("exit-code").match(/kubectl logs .*run=exit-code/g)).toHaveLength(1);
  });

  it("with what was printed before a deadline took the pod away", async () => {
    expect(messageOf("time")).toMatch(/index 1 printed last \(pod time-1-\w+\):(\s+count \d+)+/);
    expect((await stack.stored("time")).outputs).toMatchObject({ statusDetails: { succeededIndices: "0" } });
    await until(async () => (await podsOf("time")).length === 1);
  });

  it("with what a daemon printed before it was started again", () => {
    expect(messageOf("looping")).toMatch(/printed last \(pod looping-0-[-\w]+\):\s+start \d+$/m);
  });
});

describe("[E] a run of an array", () => {
  it("fails when all its indices have ended, and only those count that failed for good", async () => {
    expect((await stack.stored("array")).outputs).toMatchObject({
      status: "failed",
      statusDetails: {
        ...{ succeeded: 2, failed: 1, succeededIndices: "0,2", failedIndices: "1", reason: "FailedIndexes" },
        indices: { "1": { status: "failed", retries: 1 }, "2": { status: "succeeded", retries: 1 } },
      },
    });
    expect(await podsOf("array")).toHaveLength(5);
  });
});

describe("[E] a daemon that crash-looped", () => {
  it("keeps its Deployment, goes on trying, and is well when the next `up` brings a program that is", async () => {
    const { urn, outputs } = await stack.stored("looping");
    expect(outputs["status"]).toMatch(/running|pending/);
    expect(await objects(namespace, "deployments", "pulumi-jobrun/run=looping")).toHaveLength(1);
    stack.write(daemon("exec sleep 3600"));
    const mended = await stack.up({ target: [urn] });
    expect(mended.output).not.toMatch(/error/i);
    expect(changes(mended)).toEqual({ update: 1, same: 11 });
    expect((await stack.stored("looping")).outputs).toMatchObject({ status: "running", uid: outputs["uid"] });
  });
});

function table(rows: Readonly<Record<string, string>>): string {
  return Object.entries(rows)
    .map(([name, text]) => `${name.padEnd(12)}${text.padStart(5)}`)
    .join("\n");
}
