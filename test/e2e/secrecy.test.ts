import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { readFileSync } from "node:fs";
import { bed } from "../support/bed";
import { kubectl, objects } from "../support/kubectl";
import { leaks, visibleObjects } from "../support/leaks";
import { changes, plain, type Spawned, type TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(600_000);

const namespace = "e2e-secrecy";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

const values = {
  job: "hunter2-very-secret",
  changed: "correct-horse-battery",
  nested: "s3cr3t-nested-xyz",
  whole: "s3cr3t-whole-abc",
};

const program = (password: string): string =>
  `const password = pulumi.secret("${password}");
   const say = sh("echo length \${#PASSWORD} \${#TOKEN}");
   const job = new Job("job", { ...small, name: "secretive", env: [{ name: "PLAIN", value: "seen" }, { name: "PASSWORD", value: password }], command: say });
   new JobRun("run", { job, name: "secretive-run", env: [{ name: "TOKEN", value: pulumi.interpolate\`\${password}!\` }] });
   new JobRun("by-name", { job: "secretive", name: "secretive-by-name" }, { dependsOn: [job] });
   const nested = pulumi.secret("${values.nested}").apply((value) => [{ name: "PASSWORD", value }, { name: "TOKEN", value: "t" }]);
   new JobRun("nested", { ...small, name: "secretive-nested", env: nested, command: say });
   new JobRun("whole", { ...small, name: "secretive-whole", mode: "daemon", wait: { stableSeconds: 1 }, terminationGracePeriodSeconds: 1,
     env: pulumi.secret([{ name: "PASSWORD", value: "${values.whole}" }]), command: sh("echo length \${#PASSWORD}; exec sleep 600") });`;

const log = async (object: string): Promise<string> =>
  (await kubectl("logs", "--namespace", namespace, object, "--all-containers")).trim();
const secretNames = async (): Promise<string[]> =>
  (await objects(namespace, "secrets")).map(({ metadata }) => metadata.name).toSorted();

const refresh = async (stack: TestStack): Promise<Awaited<Spawned["ended"]>> =>
  (await stack.spawn("refresh", "--yes", "--skip-preview", "--diff", "--expect-no-changes")).ended;

interface RunSecret {
  readonly immutable?: boolean;
  readonly metadata: { readonly ownerReferences?: readonly { readonly uid: string }[] };
}

describe("[E] a secret value", () => {
  it("reaches the container, and stands nowhere but in Secrets and encrypted in the state", async () => {
    const stack = stacks.make("secrets", program(values.job));
    const outputs: Record<string, string> = { "first preview": (await stack.preview({ diff: true })).output };
    const up = await stack.up({ diff: true });
    expect([up.ok, up.ok ? "" : up.output]).toEqual([true, ""]);
    outputs["first up"] = up.output;

    const length = values.job.length.toString();
    expect(await log("job/secretive-run")).toBe(`length ${length} ${(values.job.length + 1).toString()}`);
    expect(await log("job/secretive-by-name")).toBe(`length ${length} 0`);
    expect(await log("job/secretive-nested")).toBe(`length ${values.nested.length.toString()} 1`);
    expect(await log("deployment/secretive-whole-0")).toContain(`length ${values.whole.length.toString()}`);
    expect((await stack.stored("run")).outputs["env"]).toMatchObject([
      { name: "PLAIN", value: "seen" },
      { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "secretive-run.jobrun" } } },
      { name: "TOKEN", valueFrom: { secretKeyRef: { name: "secretive-run.jobrun" } } },
    ]);
    const first = await stack.stored("run");
    const runSecret = JSON.parse(
      await kubectl("get", "secret/secretive-run.jobrun", "--namespace", namespace, "--output", "json"),
    ) as RunSecret;
    expect(runSecret.immutable).toBe(true);
    expect(runSecret.metadata.ownerReferences).toEqual([expect.objectContaining({ uid: first.outputs["uid"] })]);
    outputs["unchanged up"] = (await stack.up({ expectNoChanges: true, diff: true })).output;
    outputs["refresh"] = (await refresh(stack)).output;
    const names = await secretNames();
    expect(names).toEqual([
      "secretive-by-name.jobrun",
      "secretive-nested.jobrun",
      "secretive-run.jobrun",
      "secretive-whole.jobrun",
      "secretive.job",
    ]);

    stack.write(program(values.changed));
    const preview = await stack.preview({ diff: true });
    expect(plain(preview.output)).toMatch(/env\s*: \[[\s\S]*?secret\]/);
    outputs["preview of a change"] = preview.output;
    const changed = await stack.up({ diff: true });
    expect(changed.ok).toBe(true);
    outputs["up with a change"] = changed.output;
    expect(changes(changed)).toMatchObject({ update: 1, "create-replacement": 1, "delete-replaced": 1 });
    expect((await stack.stored("run")).outputs["uid"]).not.toBe(first.outputs["uid"]);
    expect(await log("job/secretive-run")).toBe(
      `length ${values.changed.length.toString()} ${(values.changed.length + 1).toString()}`,
    );

    outputs["objects"] = await visibleObjects(namespace);
    outputs["state"] = stack.allState();
    expect(outputs["objects"]).toContain("secretive-run");
    expect(outputs["state"]).toContain("secretive-run");
    const destroyed = await stack.destroy();
    expect(destroyed.ok).toBe(true);
    outputs["destroy"] = destroyed.output;
    expect(leaks(outputs, Object.values(values))).toEqual([]);
    expect(await secretNames()).toEqual([]);
  });

  it("is masked where the program itself tells it, in messages, state and record", async () => {
    const told = { password: "told-by-the-program", long: "first-line-of-it\\nsecond-line-of-it" };
    const stack = stacks.make(
      "told",
      `const env = [{ name: "PASSWORD", value: pulumi.secret("${told.password}") }, { name: "LONG", value: pulumi.secret("${told.long}") }];
       const common = { ...small, env, retryLimit: 0 };
       new JobRun("failing", { ...common, name: "told", command: sh('env; echo "it is $PASSWORD, $LONG" | tee /dev/termination-log; exit 3') });
       new JobRun("refreshed", { ...common, name: "told-later", wait: { until: "nothing" }, command: sh('echo "it is $PASSWORD" > /dev/termination-log; exit 3') });`,
    );
    const up = await stack.up({ diff: true });
    expect(up.ok).toBe(false);
    expect(plain(up.output)).toContain("index 0: ContainerExitedCode3 after 1 attempt: it is [secret], [secret]");
    await kubectl("wait", "--for=condition=Failed", "job/told-later", "--namespace", namespace, "--timeout=60s");
    const refreshed = await refresh(stack);
    expect(JSON.stringify((await stack.stored("refreshed")).outputs["statusDetails"])).toContain("it is [secret]");
    const records = await kubectl("get", "configmaps", "--namespace", namespace, "--output", "json");
    expect(records).toContain("it is [secret]");
    const again = await stack.up({ diff: true });
    expect(again.ok).toBe(false);
    const texts = { up: up.output, refresh: refreshed.output, again: again.output, records, state: stack.allState() };
    expect(leaks(texts, [told.password, ...told.long.split("\\n")])).toEqual([]);
  });

  it("is masked in the last lines of a log also where they hold a part of it only; without them the reason is still told", async () => {
    const lines = ["first-line-of-a-key", "second-line-of-a-key", "third-line-of-a-key"];
    const stack = stacks.make(
      "cut",
      `const env = [{ name: "KEY", value: pulumi.secret("${lines.join("\\n")}") }];
       const common = { ...small, env, retryLimit: 0, command: sh('env; echo "$KEY"; echo done; exit 3') };
       new JobRun("cut", { ...common, name: "cut", logs: { tailLines: 2 } });
       new JobRun("whole", { ...common, name: "whole", logs: { tailLines: 500 } });
       new JobRun("silent", { ...common, name: "silent", logs: { tailLines: 0 } });`,
    );
    const up = await stack.up({ parallel: 8, continueOnError: true });
    const output = plain(up.output);
    expect(output).toMatch(/index 0 printed last \(pod cut-0-\w+\):\s+\[secret\]\s+done\s/);
    expect(output).toMatch(/pod whole-0-\w+\):[^]*KEY=\[secret\]\s[^]*done\s/);
    expect(output).not.toMatch(/pod silent-0-/);
    expect(output.match(/index 0: ContainerExitedCode3 after 1 attempt/g)?.length).toBeGreaterThanOrEqual(3);
    expect((await stack.stored("silent")).outputs).toMatchObject({
      statusDetails: { indices: { "0": { exitCode: 3, lastFailureReason: "ContainerExitedCode3" } } },
    });
    expect(leaks({ output, state: stack.allState(), objects: await visibleObjects(namespace) }, lines)).toEqual([]);
  });

  it("may be a kubeconfig: its key stands nowhere, and a refresh and a destroy find it", async () => {
    const kubeconfig = readFileSync(bed().kubeconfig, "utf8");
    const key = /client-key-data\W+([\w+/=]+)/.exec(kubeconfig)?.[1] ?? "";
    expect(key.length).toBeGreaterThan(100);
    const stack = stacks.make(
      "kubeconfig",
      `const connection = { kubeconfig: pulumi.secret(${JSON.stringify(kubeconfig)}) };
       const job = new Job("job", { ...small, name: "connected", connection, command: ["true"] });
       new JobRun("run", { job, name: "connected" });`,
    );
    const up = await stack.up({ diff: true });
    expect([up.ok, up.ok ? "" : up.output]).toEqual([true, ""]);
    const refreshed = await refresh(stack);
    expect(refreshed.exitCode).toBe(0);
    const texts = { up: up.output, refresh: refreshed.output, objects: await visibleObjects(namespace) };
    const destroyed = await stack.destroy();
    expect(destroyed.ok).toBe(true);
    const all = { ...texts, destroyed: destroyed.output, state: stack.allState() };
    expect(leaks(all, [key, Buffer.from(key, "base64").toString()])).toEqual([]);
    // A control: the same search finds what is not secret.
    const { objects: there, state } = all;
    expect(leaks({ there, state }, ["connected"])).toHaveLength(2);
  });
});
