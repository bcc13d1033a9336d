import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { kubectl, makeNamespace, removeNamespace } from "../support/kubectl";
import type { Ended, TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";
import { secondsOverTime, type Story, storyOf } from "../support/story";

jest.setTimeout(300_000);

const namespace = "e2e-trouble";
const secured = "e2e-trouble-secured";
const narrow = "e2e-trouble-narrow";
const stacks = stacksIn(namespace);

/** Rows and failures of one `up` in which everything happens at the same time, so that its waits overlap. */
let stack: TestStack;
let ended: Ended;

const noSecret = `new JobRun("no-secret", { ...small, name: "no-secret", arraySize: 3, command: ["true"],
  envFrom: [{ secretRef: { name: "absent" } }] });`;

/** Nobody here lets it go; its own time, which is shorter than the queue's, does not run meanwhile. */
const queued = `new JobRun("queued", { ...small, name: "queued", command: ["true"], queue: "team-a", wait: { queueSeconds: 9 } },
  { customTimeouts: { create: "4s" } });`;

const program = `
  ${noSecret}
  ${queued}
  new JobRun("no-volume", { ...small, name: "no-volume", command: ["true"], mounts: [{ mountPath: "/a", secret: "absent" }] });
  new JobRun("no-image", { ...small, name: "no-image", image: "127.0.0.1:1/absent:1" });
  new JobRun("no-daemon", { ...small, name: "no-daemon", mode: "daemon", namespace: "${secured}" });
  new JobRun("not-allowed", { ...small, name: "not-allowed", namespace: "${secured}" });
  new JobRun("no-room", { ...small, name: "no-room", nodeSelector: { disk: "absent" }, wait: { unschedulableSeconds: 7 } });
  new JobRun("narrow", { ...small, name: "narrow", namespace: "${narrow}", arraySize: 5, command: ["sleep", "3"],
    wait: { unschedulableSeconds: 10 } });
  new JobRun("one-by-one", { name: "one-by-one", image: small.image, arraySize: 5, command: ["sleep", "7"],
    wait: { unschedulableSeconds: 30 } });
`;

beforeAll(async () => {
  await Promise.all([stacks.open(), makeNamespace(secured), makeNamespace(narrow)]);
  await kubectl("label", "namespace", secured, "pod-security.kubernetes.io/enforce=restricted");
  await kubectl("create", "quota", "two-pods", "--hard=pods=2", "--namespace", narrow);
  stack = stacks.make("trouble", program);
  ended = await stack.up({ parallel: 16 });
});
afterAll(async () => {
  await stacks.close();
  await Promise.all([removeNamespace(secured), removeNamespace(narrow)]);
});

const story = (name: string): Story => storyOf(ended, name);

const troubles: readonly [name: string, graceSeconds: number, words: RegExp, help: string][] = [
  ["no-secret", 60, /\[CreateContainerConfigError\] secret "absent" not found/, "create what is missing"],
  ["no-volume", 60, /index 0: \[FailedMount\] MountVolume.SetUp failed .*secret "absent" not found/, "create what"],
  ["no-image", 60, /index 0: \[(ErrImagePull|ImagePullBackOff)\] .*127.0.0.1:1\/absent/, "correct `image`"],
  ["not-allowed", 10, /index 0: \[FailedCreate\] .*violates PodSecurity/, 'podSecurity: "restricted"'],
  ["no-daemon", 10, /index 0: \[FailedCreate\] .*violates PodSecurity/, 'podSecurity: "restricted"'],
  ["queued", 9, /index 0: queued in "team-a" \(suspended\)/, "see why the queue"],
  ["no-room", 7, /index 0: \[Unschedulable\] 0\/\d+ nodes are available/, "correct `nodeSelector`"],
];

describe("[E] what keeps a run from going on", () => {
  it.each(troubles)("is told in the row, and fails the wait in the end: %s", async (name, grace, words, help) => {
    const { told } = story(name);
    const first = told.find(({ text }) => words.test(text))?.at ?? NaN;
    const late = secondsOverTime(story(name), words, grace);
    console.log(`${name}: told after ${first.toFixed(1)} s, failed ${late.toFixed(2)} s after its time was over`);
    // Fifteen seconds and one are the aims; the machine may be busy.
    expect(first).toBeLessThan(30);
    expect(late).toBeLessThan(15);
    const message = told.at(-1)?.text ?? "";
    expect(message).toMatch(new RegExp(`JobRun "${name}" cannot go on: \\[`));
    expect(message).toContain(`for ${grace} s`);
    expect(message).toContain(help);
    const { outputs } = await stack.stored(name);
    expect(outputs["status"]).toBe("pending");
  });

  it("is told once for all instances that it is the same for", () => {
    expect(story("no-secret").told.at(-1)?.text).toContain("indices 0-2, without any progress of the run for 60 s");
  });

  it("lists every rule that a pod breaks", () => {
    const message = story("not-allowed").told.at(-1)?.text ?? "";
    for (const rule of ["allowPrivilegeEscalation", "capabilities", "runAsNonRoot", "seccompProfile"])
      expect(message).toContain(rule);
  });

  it("is no failure where a quota only lets some pods run at a time", async () => {
    expect((await stack.stored("narrow")).outputs).toMatchObject({
      status: "completed",
      statusDetails: { succeededIndices: "0-4" },
    });
    const rows = story("narrow").told.map(({ text }) => text);
    expect(rows.join("\n")).toMatch(/2 running, \d pending; ind\w+ [\d,-]+: \[FailedCreate\] .*exceeded quota/);
  });

  it("is no failure where a node has only room for some instances of the default size at a time", async () => {
    expect((await stack.stored("one-by-one")).outputs).toMatchObject({
      status: "completed",
      statusDetails: { succeededIndices: "0-4" },
    });
    const rows = story("one-by-one").told.map(({ text }) => text);
    expect(rows.join("\n")).toMatch(/\d running, \d pending; ind\w+ [\d,-]+: \[Unschedulable\] .*Insufficient cpu/);
  });

  it("is waited for again by the next `up`, and nothing is started anew", async () => {
    const names = ["no-secret", "queued"];
    const before = await Promise.all(names.map((name) => stack.stored(name)));
    await kubectl("create", "secret", "generic", "absent", "--from-literal=A=1", "--namespace", namespace);
    await kubectl("patch", "job", "queued", "--namespace", namespace, "--patch", '{"spec":{"suspend":false}}');
    stack.write(noSecret + queued.replace("4s", "4m"));
    expect((await stack.up()).ok).toBe(true);
    for (const { outputs } of before)
      expect((await stack.stored(String(outputs["name"]))).outputs).toMatchObject({
        status: "completed",
        uid: outputs["uid"],
      });
  });
});
