import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import { kubeconfigOf, makeAccount, rulesWithout } from "../support/account";
import { kubectl, objects, until } from "../support/kubectl";
import { changes, plain, rowMessages, type TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(600_000);

const namespace = "e2e-plugin";
const stacks = stacksIn(namespace, { door: "plugin" });

beforeAll(stacks.open);
afterAll(stacks.close);

const upOk = async (stack: TestStack) => {
  const ended = await stack.up();
  if (!ended.ok) throw new Error(ended.output);
  return ended;
};
const uidOf = async (stack: TestStack, name: string): Promise<unknown> => (await stack.stored(name)).outputs["uid"];
const jobsOf = (run: string) => objects(namespace, "jobs", `pulumi-jobrun/run=${run}`);
const waits = `{ ...small, name: "waits", command: sh("echo begun; sleep 12") }`;

/** Processes of the plugin that serve no engine any more, or still do. */
function pluginProcesses(): string[] {
  const commands = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return commands.filter((pid) => commandOf(pid).includes("provider/bin/pulumi-resource-jobrun"));
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    // It has ended meanwhile.
    return "";
  }
}

describe("[E] a preview through the plugin", () => {
  it("fails where the API server would refuse the pods, and names what is wrong with them", async () => {
    const env = `[{ name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeNam" } } }]`;
    const stack = stacks.make("refused", `new JobRun("run", { ...small, env: ${env} });`);
    const ended = await stack.preview();
    expect(ended.ok).toBe(false);
    expect(plain(ended.output)).toMatch(/422 Invalid - .*fieldPath.*spec\.nodeNam/);
    expect(await objects(namespace, "configmaps,jobs", "pulumi-jobrun/kind")).toEqual([]);
  });

  it("tells what would carry a daemon, what the API server warns of, and that a namespace is not there yet", async () => {
    await kubectl("create", "namespace", `${namespace}-restricted`);
    await kubectl("label", "namespace", `${namespace}-restricted`, "pod-security.kubernetes.io/enforce=restricted");
    const daemon = `{ ...small, mode: "daemon", command: ["sleep", "1"] }`;
    const stack = stacks.make(
      "told",
      `new JobRun("daemon", ${daemon});
       new JobRun("restricted", { ...small, namespace: "${namespace}-restricted" });
       new JobRun("nowhere", { ...small, namespace: "${namespace}-nowhere" });`,
    );
    const ended = await stack.preview();
    await kubectl("delete", "namespace", `${namespace}-restricted`, "--wait=false");
    expect(ended.ok).toBe(true);
    expect(rowMessages(ended, "daemon", false)).toEqual([expect.stringMatching(/^would run as Deployments: /)]);
    expect(rowMessages(ended, "restricted", false)).toEqual([
      expect.stringMatching(/^the API server warns: would violate PodSecurity "restricted:latest"/),
    ]);
    expect(rowMessages(ended, "nowhere", false)).toEqual([
      `the cluster is not asked yet: namespace ${namespace}-nowhere does not exist so far`,
    ]);
  });

  it("shows what is not known yet as unknown, and still finds faults of the merged result", async () => {
    const stack = stacks.make(
      "merged",
      `const job = new Job("job", { ...small, mode: "daemon" });
       new JobRun("run", { job: job.name, jobRevision: job.revision, retryLimit: 3 });`,
    );
    const ended = await stack.preview();
    expect(ended.ok).toBe(false);
    expect(plain(ended.output)).toContain("retryLimit must not be given with mode `daemon`");
    expect(ended.output).not.toMatch(/04da6b54/);
  });

  it("fails with the rule to add when a right is missing, and nothing is made", async () => {
    await makeAccount(namespace, "poor", rulesWithout("configmaps", "create"));
    const stack = stacks.make("poor", `new JobRun("run", { ...small, name: "poor" });`);
    await stack.configure("jobrun:kubeconfig", await kubeconfigOf(namespace, "poor"));
    const ended = await stack.preview();
    expect(ended.ok).toBe(false);
    expect(plain(ended.output)).toContain('- {apiGroups: [""], resources: ["configmaps"], verbs: ["create"]}');
    expect(await objects(namespace, "configmaps,jobs", "pulumi-jobrun/run=poor")).toEqual([]);
  });

  it("finds no fault with values that nobody knows yet, shows no placeholder, and still finds a known fault beside them", async () => {
    const program = (more = ""): string =>
      `const source = new Job("source", { ...small });
       new JobRun("run", { ...small, image: pulumi.interpolate\`busybox:\${source.uid}\`, namespace: source.uid,
         arraySize: source.uid.apply(() => 3), env: [{ name: "A", value: source.uid }], ${more} });`;
    const stack = stacks.make("open", program());
    const ended = await stack.preview({ diff: true });
    expect(ended.ok).toBe(true);
    // Pulumi itself shows one as the id of a provider that is not made yet.
    expect(ended.output.replaceAll(/\[provider=.*\]/g, "")).not.toMatch(/04da6b54|3eeb2bf0|6a19a0b0/);
    expect(rowMessages(ended, "run", false).join()).toMatch(/will be known during the deployment only/);
    stack.write(program("retryLimit: -1"));
    const faulty = await stack.preview();
    expect(faulty.ok).toBe(false);
    expect(plain(faulty.output)).toContain("must be at least 0, got -1");
  });

  it("says that the cluster cannot be asked when the provider's context is wrong, and `up` fails with it", async () => {
    const stack = stacks.make("context", `new JobRun("run", small);`);
    await stack.configure("jobrun:context", "nope");
    const told = /there is no context "nope" in KUBECONFIG/;
    const preview = await stack.preview();
    expect(preview.ok).toBe(true);
    expect(plain(preview.output)).toMatch(told);
    const up = await stack.up();
    expect(up.ok).toBe(false);
    expect(plain(up.output)).toMatch(told);
    await stack.configure("jobrun:contxt", "nope");
    expect(plain((await stack.preview()).output)).toContain("did you mean `context`?");
  });
});

describe("[E] a wait through the plugin", () => {
  it("ends within seconds of Ctrl-C, keeps the run in state, and the next `up` waits for the same run", async () => {
    const stack = stacks.make("interrupted", `new JobRun("run", ${waits});`);
    const { child, ended } = await stack.spawn("up", "--yes", "--skip-preview");
    await until(async () => (await jobsOf("waits")).length > 0);
    child.kill("SIGINT");
    const { exitCode, output } = await ended;
    expect(exitCode).not.toBe(0);
    expect(output).toContain('JobRun "waits" goes on, the wait was interrupted');
    const uid = await uidOf(stack, "run");
    const ended2 = await upOk(stack);
    expect(changes(ended2)).toEqual({ update: 1 });
    expect((await stack.stored("run")).outputs).toMatchObject({ uid, status: "completed", attempt: 1 });
    expect(await jobsOf("waits")).toHaveLength(1);
    await stack.destroy();
  });

  it("leaves no process behind when the CLI is killed; after `pulumi cancel` the next `up` takes the run over", async () => {
    const stack = stacks.make("killed", `new JobRun("run", ${waits});`);
    const before = new Set(pluginProcesses());
    const { child, ended } = await stack.spawn("up", "--yes", "--skip-preview");
    await until(async () => (await jobsOf("waits")).length > 0);
    const mine = pluginProcesses().filter((pid) => !before.has(pid));
    expect(mine.length).toBeGreaterThan(0);
    child.kill("SIGKILL");
    await until(() => Promise.resolve(!mine.some((pid) => pluginProcesses().includes(pid))), 10);
    await ended;
    const [job] = await jobsOf("waits");
    await stack.cancel();
    await upOk(stack);
    expect((await jobsOf("waits")).map(({ metadata }) => metadata.uid)).toEqual([job?.metadata.uid]);
    await stack.destroy();
  });

  it("is as long as `customTimeouts` says, and no longer; an update has a timeout of its own", async () => {
    const program = (create: string): string =>
      `new JobRun("run", ${waits}, { customTimeouts: { create: "${create}" } });`;
    const stack = stacks.make("timeouts", program("4s"));
    const ended = await stack.up();
    expect(ended.ok).toBe(false);
    expect(plain(ended.output)).toMatch(
      /JobRun "waits" is not ready in time, and goes on: .*`customTimeouts` give it longer/,
    );
    const uid = await uidOf(stack, "run");
    stack.write(program("5m"));
    await upOk(stack);
    expect((await stack.stored("run")).outputs).toMatchObject({ uid, status: "completed" });
    await stack.destroy();
  });
});

describe("[E] a run that is kept although its creation failed", () => {
  it.each(["dynamic", "plugin"] as const)("comes with all of its properties, however many (%s)", async (door) => {
    const program = (create: string): string =>
      `new JobRun("run", { ...small, name: "large-${door}", command: sh("sleep 8"), args: Array(80).fill("x".repeat(4000)),
         terminationGracePeriodSeconds: 0 }, { customTimeouts: { create: "${create}" } });`;
    const stack = stacks.makeAt({ door }, `large-${door}`, program("1s"));
    expect((await stack.up()).ok).toBe(false);
    const { outputs } = await stack.stored("run");
    expect((outputs["args"] as string[]).join("")).toHaveLength(320_000);
    stack.write(program("5m"));
    await upOk(stack);
    expect((await stack.stored("run")).outputs).toMatchObject({ uid: outputs["uid"], status: "completed" });
  });
});

describe("[E] an import through the plugin", () => {
  it("writes code that then shows no difference, secret values included; other inputs are a replacement that shows", async () => {
    const job = `new Job("job", { ...small, name: "imported-job", command: ["true"], arraySize: 2, env: [{ name: "A", value: "job" }] });`;
    const run = (more = ""): string =>
      `new JobRun("run", { name: "imported", job: "imported-job", env: [{ name: "PASSWORD", value: pulumi.secret("hush-hush") }], ${more} });`;
    const owner = stacks.make("owner", `const job = ${job}; ${run().replace("});", "}, { dependsOn: [job] });")}`);
    await upOk(owner);
    const stored = await owner.stored("run");

    const stack = stacks.make("importer", "");
    for (const [type, name, id] of [
      ["Job", "job", "imported-job"],
      ["JobRun", "run", "imported"],
    ] as const) {
      const imported = await stack.spawn(
        "import",
        `jobrun:index:${type}`,
        name,
        `${namespace}/${id}`,
        "--yes",
        "--protect=false",
        "--generate-code=false",
      );
      const { exitCode, output } = await imported.ended;
      expect([exitCode, output]).toEqual([0, expect.stringContaining(`jobrun:index:${type} ${name} imported`)]);
    }
    expect((await stack.stored("run")).outputs).toMatchObject({ status: "completed", uid: stored.outputs["uid"] });
    expect(stack.checkpoint()).not.toContain("hush-hush");
    const placed = (text: string): string =>
      text.replaceAll('name: "imported', `namespace: "${namespace}", name: "imported`);
    stack.write(placed(job + run()));
    expect(changes(await stack.preview({ expectNoChanges: true }))).toEqual({ same: 2 });
    stack.write(placed(job + run("args: ['x'],")));
    expect(changes(await stack.preview())).toMatchObject({ same: 1, replace: 1 });
    // The first stack still has them: it removes them.
    stack.write("");
    for (const { urn } of await stack.resources()) {
      const deleted = await stack.spawn("state", "delete", urn, "--yes");
      expect((await deleted.ended).exitCode).toBe(0);
    }
  });

  it("of what is not there says so", async () => {
    const stack = stacks.make("absent", "");
    const { ended } = await stack.spawn("import", "jobrun:index:JobRun", "run", `${namespace}/nowhere`, "--yes");
    const { exitCode, output } = await ended;
    expect([exitCode, plain(output)]).toEqual([expect.any(Number), expect.stringContaining("does not exist")]);
    expect(exitCode).not.toBe(0);
  });
});

describe("[E] a stack that moves", () => {
  it("from the dynamic provider to the plugin replaces nothing and runs nothing again; and is removed by the plugin", async () => {
    const program = `const job = new Job("job", { ...small, command: ["true"], env: [{ name: "A", value: pulumi.secret("hush") }] });
      new JobRun("run", { job });
      new JobRun("daemon", { ...small, mode: "daemon", wait: { stableSeconds: 0 }, command: sh("exec sleep 3600") });`;
    const stack = stacks.makeAt({ door: "dynamic" }, "moves", program);
    await upOk(stack);
    const before = await Promise.all(["job", "run", "daemon"].map((name) => uidOf(stack, name)));
    stack.moveTo("plugin", program);
    const ended = await upOk(stack);
    expect(changes(ended)).toEqual({ same: 3 });
    expect(await Promise.all(["job", "run", "daemon"].map((name) => uidOf(stack, name)))).toEqual(before);
    expect((await stack.refresh({ expectNoChanges: true })).ok).toBe(true);
    stack.moveTo("plugin", program.replace('sleep 3600")', 'sleep 3601")'));
    expect(changes(await upOk(stack))).toEqual({ same: 2, update: 1 });
    const destroyed = await stack.destroy();
    expect(destroyed.ok).toBe(true);
    expect(await objects(namespace, "configmaps,jobs,deployments", "pulumi-jobrun/run=daemon")).toEqual([]);
  });
});

describe("[E] what Pulumi offers to every resource", () => {
  const run = (name: string, args: string, options: string): string =>
    `new JobRun("${name}", { ...small, name: "option-${name}", command: ["true"], ${args} }, { ${options} });`;

  it("holds for runs: ignoreChanges, replaceOnChanges, protect, deleteBeforeReplace, aliases, target, replace", async () => {
    const program = (n: number): string => `
      ${run("ignored", `args: ["${n}"]`, `ignoreChanges: ["args"]`)}
      ${run("touched", `retention: ${60 + n}`, `replaceOnChanges: ["retention"]`)}
      ${run(n === 1 ? "alias" : "renamed", "", n === 1 ? "" : `aliases: [{ name: "alias" }]`).replace(/option-\w+/, "option-alias")}
      ${run("before", `args: ["${n}"]`, "deleteBeforeReplace: true")}
      new JobRun("auto", { ...small, command: ["true"], args: ["${n}"] });`;
    const stack = stacks.make("options", program(1));
    await upOk(stack);
    const [ignored, aliased] = await Promise.all([uidOf(stack, "ignored"), uidOf(stack, "alias")]);
    stack.write(program(2));
    const targeted = await stack.up({ target: [(await stack.stored("auto")).urn] });
    expect(targeted.ok).toBe(true);
    expect(changes(targeted)["create-replacement"]).toBe(1);
    const ended = await upOk(stack);
    expect(changes(ended)).toMatchObject({ same: 3, replace: 2 });
    expect(await uidOf(stack, "ignored")).toBe(ignored);
    expect(await uidOf(stack, "renamed")).toBe(aliased);
    const replaced = await stack.up({ replace: [(await stack.stored("ignored")).urn] });
    expect(replaced.ok).toBe(true);
    expect(await uidOf(stack, "ignored")).not.toBe(ignored);
    expect(changes(await stack.preview({ expectNoChanges: true }))).toEqual({ same: 5 });
  });

  it("a protected run is not replaced, and the preview says so", async () => {
    const program = (args: string): string =>
      `new JobRun("run", { ...small, name: "protected", command: ["true"], args: ["${args}"] }, { protect: true });`;
    const stack = stacks.make("protected", program("1"));
    await upOk(stack);
    stack.write(program("2"));
    const ended = await stack.preview();
    expect(ended.ok).toBe(false);
    expect(plain(ended.output)).toMatch(/protect/);
    stack.write(program("1").replace("protect: true", "protect: false"));
    await upOk(stack);
  });

  it("an explicit provider's settings hold for its resources, beside those of the stack", async () => {
    const stack = stacks.make(
      "explicit",
      `const { Provider } = require("pulumi-jobrun/plugin");
       const provider = new Provider("other", { namespace: "${namespace}", ceRegion: "eu-de", strict: true });
       new JobRun("run", { ...small, cpu: "0.125", memory: "250M", name: "explicit", command: sh('[ "$CE_REGION" = eu-de ]') }, { provider });`,
    );
    await stack.configure("jobrun:namespace", `${namespace}-nowhere`);
    await upOk(stack);
    expect((await stack.stored("run")).outputs).toMatchObject({ namespace, status: "completed" });
    stack.write(
      `const { Provider } = require("pulumi-jobrun/plugin");
       new JobRun("run", { ...small, name: "explicit" }, { provider: new Provider("other", { strict: true }) });`,
    );
    expect(plain((await stack.preview()).output)).toMatch(/cpu .*must/);
  });
});

describe("[E] secrets through the plugin", () => {
  it("stand in no state, output or diff in plain text; a changed one makes a new run, and the diff hides both", async () => {
    const program = (password: string): string => `const password = pulumi.secret("${password}");
      const job = new Job("job", { ...small, image: pulumi.secret("docker.io/library/busybox:1"), command: sh("test \${#PASSWORD} -gt 3"), env: [{ name: "PASSWORD", value: password }] });
      const run = new JobRun("run", { job });
      exports.image = run.image; exports.env = run.env;`;
    const stack = stacks.make("secrets", program("hush-hush"));
    const first = await upOk(stack);
    stack.write(program("s3cr3t-new"));
    const preview = await stack.preview({ diff: true });
    expect(changes(preview)).toMatchObject({ replace: 1 });
    const second = await upOk(stack);
    const refreshed = await stack.refresh();
    for (const text of [first.output, preview.output, second.output, refreshed.output, stack.allState()]) {
      expect(text).not.toContain("hush-hush");
      expect(text).not.toContain("s3cr3t-new");
    }
    // The image of the job is secret, and so is the run's.
    expect(stack.checkpoint()).not.toContain("docker.io/library/busybox:1");
  });
});

describe("[E] two stacks in two namespaces", () => {
  it("do not see each other's runs, although all names are equal", async () => {
    const other = `${namespace}-other`;
    await kubectl("create", "namespace", other);
    const program = `new JobRun("run", { ...small, name: "same-name", command: sh("sleep 3") });`;
    const [one, two] = [stacks.make("one", program), stacks.make("two", program)];
    await two.configure("jobrun:namespace", other);
    const [first, second] = await Promise.all([one.up(), two.up()]);
    expect([first.ok, second.ok]).toEqual([true, true]);
    expect(await uidOf(one, "run")).not.toBe(await uidOf(two, "run"));
    expect((await one.destroy()).ok).toBe(true);
    expect((await two.refresh({ expectNoChanges: true })).ok).toBe(true);
    expect((await two.destroy()).ok).toBe(true);
    await kubectl("delete", "namespace", other, "--wait=false");
  });
});
