import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { kubeconfigOf, makeAccount, type PolicyRule, rulesWithout } from "../support/account";
import { ALL_KINDS, kubectl, objects } from "../support/kubectl";
import { changes, type Ended, plain, type TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(600_000);

const namespace = "e2e-rights";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

/** A stack that works as the service account of its name. */
async function stackOf(account: string, program: string, rules?: readonly PolicyRule[]): Promise<TestStack> {
  await makeAccount(namespace, account, rules);
  const stack = stacks.make(account, program);
  await stack.configure("jobrun:kubeconfig", await kubeconfigOf(namespace, account));
  return stack;
}

/** A bit of everything; all names begin with the account's. */
const everything = (account: string, text = "first"): string => `
  const job = new Job("job", { ...small, name: "${account}", retryLimit: 0, command: ["echo", "${text}"],
    env: [{ name: "TOKEN", value: pulumi.secret("s3cret-of-${account}") }] });
  new JobRun("run", { name: "${account}-run", job, arraySize: 2 });
  new JobRun("sparse", { ...small, name: "${account}-sparse", arrayIndices: "1,3", command: ["true"] });
  const daemon = { ...small, mode: "daemon", terminationGracePeriodSeconds: 1, wait: { stableSeconds: 1 } };
  new JobRun("daemon", { ...daemon, name: "${account}-daemon", command: sh("echo ${text}; sleep 3600") });
  new JobRun("on-jobs", { ...daemon, name: "${account}-on-jobs", backend: "job", command: sh("sleep 3600") });`;

const made = async (account: string): Promise<string[]> =>
  (await objects(namespace, ALL_KINDS)).map(({ metadata }) => metadata.name).filter((name) => name.startsWith(account));

const expectOk = ({ ok, output }: Ended): void => expect(ok ? "" : plain(output)).toBe("");

const warnings = (ended: Ended): string[] =>
  ended.events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === "warning" ? plain(diagnosticEvent.message) : [],
  );

/** Up, changed, refreshed and destroyed again. */
async function live(account: string, stack: TestStack): Promise<void> {
  const up = await stack.up();
  expectOk(up);
  expect(warnings(up)).toEqual([]);
  stack.write(everything(account, "second"));
  const changed = await stack.up();
  expectOk(changed);
  expect(changes(changed)).toMatchObject({ update: 2, same: 2 });
  expect((await stack.stored("run")).outputs).toMatchObject({
    status: "completed",
    command: ["echo", "second"],
  });
  expectOk(await stack.refresh({ expectNoChanges: true }));
  expectOk(await stack.destroy());
  expect(await made(account)).toEqual([]);
}

/** Without create on ConfigMaps. */
async function livePoorly(): Promise<void> {
  const stack = await stackOf("poor", everything("poor"), rulesWithout("configmaps", "create"));
  const up = await stack.up();
  expect(up.ok).toBe(false);
  const told = `user "system:serviceaccount:${namespace}:poor" must have more rights in namespace ${namespace}`;
  expect(plain(up.output)).toContain(`${told} for a job`);
  expect(plain(up.output)).toContain(`${told} for a daemon run`);
  expect(plain(up.output)).toContain('- {apiGroups: [""], resources: ["configmaps"], verbs: ["create"]}');
  expect(await made("poor")).toEqual([]);
  expect(await stack.resources()).toEqual([]);
}

interface Handicap {
  readonly account: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  readonly lost: string;
}

/** Without a right that only costs a detail, and without events. */
async function liveWith({ account, resource, verbs, lost }: Handicap): Promise<void> {
  const rules = rulesWithout(resource, ...verbs).filter(({ resources }) => !resources.includes("events"));
  const program = `new JobRun("run", { ...small, name: "${account}", arraySize: 2, command: ["true"] });`;
  const stack = await stackOf(account, program, rules);
  const up = await stack.up();
  expectOk(up);
  const list = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(", ");
  expect(warnings(up)).toEqual([
    expect.stringContaining(`\n- {apiGroups: [""], resources: ["${resource}"], verbs: [${list(verbs)}]}: ${lost}`),
  ]);
  expect(warnings(up)).toEqual([expect.stringContaining('resources: ["events"], verbs: ["list"]}: why no pod')]);
  const { outputs } = await stack.stored("run");
  expect(outputs).toMatchObject({ status: "completed", statusDetails: { succeededIndices: "0-1" } });
  expectOk(await stack.destroy());
  expect(await made(account)).toEqual([]);
}

describe("[E] with the rights of", () => {
  // They are at work at the same time; each of the tests waits for its own.
  let lives: Record<string, Promise<void>>;
  beforeAll(async () => {
    const account = `--serviceaccount=${namespace}:edit`;
    await kubectl("create", "rolebinding", "edit-too", "--clusterrole=edit", account, "--namespace", namespace);
    const all = (account: string): Promise<void> =>
      stackOf(account, everything(account), account === "edit" ? [] : undefined).then((stack) => live(account, stack));
    lives = {
      least: all("least"),
      edit: all("edit"),
      poor: livePoorly(),
      deaf: liveWith({ account: "deaf", resource: "pods/log", verbs: ["get"], lost: "the last log lines" }),
      blind: liveWith({ account: "blind", resource: "pods", verbs: ["list", "watch"], lost: "what single indices do" }),
    };
    // A failure is told by its own test, and not before that has begun.
    for (const life of Object.values(lives)) life.catch(() => undefined);
  });

  it.each([
    ["the documented Role, everything works without a warning", "least"],
    ["the built-in role `edit`, everything works without a warning", "edit"],
    ["a Role that cannot create ConfigMaps, the missing rule is told before anything is created", "poor"],
    ["a Role without logs and events, a run completes, and is told once what is not shown", "deaf"],
    ["a Role that cannot see pods, a task run completes by its Job's word, and goes again", "blind"],
  ])("%s", async (_claim, name) => {
    await lives[name];
  });
});
