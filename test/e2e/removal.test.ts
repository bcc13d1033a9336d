import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { writesOf } from "../support/crash";
import { ALL_KINDS, kubectl, makeNamespace, objects, until } from "../support/kubectl";
import { type Ended, plain, rowMessages } from "../support/stack";
import { stacksIn } from "../support/stacks";
import { watch, type WatchEvent } from "../support/watch";

jest.setTimeout(300_000);

const namespace = "e2e-removal";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

const inNamespace = ["--namespace", namespace] as const;
const ofRun = (run: string): string => `pulumi-jobrun/run=${run}`;
const nothing = `wait: { until: "nothing" }`;
/** A program that ends a second after it was told to. */
const idle = `terminationGracePeriodSeconds: 1, command: sh("exec sleep 600")`;

/** Names of all that is there of the runs. */
async function left(...runs: string[]): Promise<string[]> {
  const found = await objects(namespace, ALL_KINDS, `pulumi-jobrun/run in (${runs.join(",")})`);
  return found.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
}

const setFinalizers = (object: string, finalizers: readonly string[]): Promise<string> =>
  kubectl("patch", object, ...inNamespace, "--type=merge", "--patch", JSON.stringify({ metadata: { finalizers } }));
const hold = (object: string): Promise<string> => setFinalizers(object, ["example.com/hold"]);
const letGo = (object: string): Promise<string> => setFinalizers(object, []);

async function podOf(run: string): Promise<string> {
  await until(async () => (await objects(namespace, "pods", ofRun(run))).length > 0);
  const [pod] = await objects(namespace, "pods", ofRun(run));
  return `pod/${pod?.metadata.name ?? ""}`;
}

describe("[E] a destroy leaves nothing of a run", () => {
  it("that is pending, running, crash-looping, sparse with a secret, or completed, and touches no other", async () => {
    const other = stacks.make("other", `new JobRun("run", { ...small, name: "other", ${nothing}, ${idle} });`);
    const stack = stacks.make(
      "states",
      `const common = { ...small, ${nothing} };
       new JobRun("pending", { ...common, name: "pending", cpu: "1000" });
       new JobRun("running", { ...common, name: "running", arraySize: 2, ${idle} });
       new JobRun("sparse", { ...common, name: "sparse", arrayIndices: "1-3", env: [{ name: "A", value: pulumi.secret("x") }], ${idle} });
       new JobRun("looping", { ...common, name: "looping", mode: "daemon", terminationGracePeriodSeconds: 1, command: sh("exit 1") });
       new JobRun("completed", { ...small, name: "completed", command: ["true"] });`,
    );
    expect((await Promise.all([other.up(), stack.up()])).map(({ ok }) => ok)).toEqual([true, true]);
    await until(async () => (await objects(namespace, "pods", ofRun("running"))).filter(isRunning).length === 2);
    const ended = await stack.destroy();
    expect(ended.ok).toBe(true);
    expect(rowMessages(ended, "running", true)).toContain("2 pods left");
    expect(await left("pending", "running", "sparse", "looping", "completed")).toEqual([]);
    expect((await left("other")).toSorted()).toEqual([
      "ConfigMap/other.jobrun",
      "Job/other",
      await podOf("other").then((pod) => pod.replace("pod", "Pod")),
    ]);
  });

  it("when somebody has removed its objects, and its job's, already", async () => {
    const stack = stacks.make(
      "objects-gone",
      `const job = new Job("job", { ...small, name: "gone", env: [{ name: "A", value: pulumi.secret("x") }], command: ["true"] });
       new JobRun("run", { job, name: "gone" });`,
    );
    expect((await stack.up()).ok).toBe(true);
    await kubectl("delete", ALL_KINDS, ...inNamespace, "--selector", "pulumi-jobrun/job=gone");
    expect((await stack.destroy()).ok).toBe(true);
    expect(await stack.resources()).toEqual([]);
  });

  it("when its namespace is going, or gone", async () => {
    const going = "e2e-removal-going";
    await makeNamespace(going);
    const program = (name: string): string =>
      `const job = new Job("job", { ...small, name: "${name}", namespace: "${going}", command: ["true"] });
       new JobRun("run", { job, name: "${name}" });`;
    const [first, second] = ["first", "second"].map((name) => stacks.make(`namespace-${name}`, program(name)));
    expect((await Promise.all([first?.up(), second?.up()])).map((up) => up?.ok)).toEqual([true, true]);
    await kubectl("create", "configmap", "held", "--namespace", going);
    const patch = (finalizers: string[]): Promise<string> =>
      kubectl(
        "patch",
        "configmap/held",
        "--namespace",
        going,
        "--type=merge",
        "--patch",
        JSON.stringify({ metadata: { finalizers } }),
      );
    await patch(["example.com/hold"]);
    await kubectl("delete", "namespace", going, "--wait=false");
    expect((await first?.destroy())?.ok).toBe(true);
    await patch([]);
    await kubectl("wait", "--for=delete", `namespace/${going}`, "--timeout=60s");
    expect((await second?.destroy())?.ok).toBe(true);
    expect(await second?.resources()).toEqual([]);
  });
});

function isRunning({ status }: { readonly status: Readonly<Record<string, unknown>> }): boolean {
  return status["phase"] === "Running";
}

describe("[E] what cannot be removed yet", () => {
  it("is named with node, time and finalizer when the time is over, and the next destroy goes on when it is free", async () => {
    const stack = stacks.make(
      "stuck",
      `const options = { customTimeouts: { delete: "5s" } };
       const job = new Job("job", { ...small, name: "stuck", ${idle} }, options);
       new JobRun("run", { job, name: "stuck", ${nothing} }, options);
       new JobRun("deaf", { ...small, name: "deaf", ${nothing}, terminationGracePeriodSeconds: 600, command: sh("trap '' TERM; while true; do sleep 1; done") }, options);`,
    );
    expect((await stack.up()).ok).toBe(true);
    const [pod, deaf] = await Promise.all([podOf("stuck"), podOf("deaf")]);
    await Promise.all([pod, "job/stuck", "configmap/stuck.jobrun", "configmap/stuck.job"].map(hold));
    await until(async () => (await objects(namespace, "pods", ofRun("deaf"))).some(isRunning));
    const message = async (): Promise<string> => {
      const ended = await stack.destroy({ continueOnError: true });
      expect(ended.ok).toBe(false);
      return plain(ended.output);
    };
    const first = await message();
    const at = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`;
    const held = String.raw`, deleted at ${at}, is held by finalizer example\.com/hold: whoever set it has to take it off`;
    expect(first).toMatch(/job run "stuck" is not removed yet: the time is over, and there is still/);
    expect(first).toMatch(new RegExp(`Pod ${pod.slice(4)} on node [^ ]+${held}`));
    expect(first).toMatch(new RegExp(`Job stuck${held}`));
    expect(first).toMatch(
      new RegExp(`Pod ${deaf.slice(4)} on node [^ ]+, deleted at ${at}, has until ${at} to end by itself`),
    );
    expect(await stack.isStored("run")).toBe(true);

    await kubectl("delete", deaf, ...inNamespace, "--force", "--grace-period=0");
    await Promise.all([pod, "job/stuck"].map(letGo));
    const second = await message();
    expect(second).toMatch(new RegExp(`ConfigMap stuck\\.jobrun${held}`));
    expect(second).not.toContain("Pod deaf");

    await letGo("configmap/stuck.jobrun");
    expect(await message()).toMatch(new RegExp(`job "stuck" is not removed yet[^]*ConfigMap stuck\\.job${held}`));

    await letGo("configmap/stuck.job");
    expect((await stack.destroy()).ok).toBe(true);
    expect(await left("stuck", "deaf")).toEqual([]);
  });
});

describe("[E] what is not the resource's own", () => {
  it("stays: newer objects of the same names", async () => {
    const stack = stacks.make(
      "newer",
      `const job = new Job("job", { ...small, name: "newer", command: ["true"] });
       new JobRun("run", { job, name: "newer" });`,
    );
    expect((await stack.up()).ok).toBe(true);
    const names = ["configmap/newer.job", "configmap/newer.jobrun"];
    // The garbage collector may be faster with the record.
    await kubectl("delete", ...names, ...inNamespace, "--cascade=foreground", "--ignore-not-found");
    await until(async () => (await left("newer")).length === 0);
    for (const name of names) await kubectl("create", "configmap", name.slice(10), ...inNamespace);
    await kubectl("create", "job", "newer", ...inNamespace, "--image=docker.io/library/busybox:1", "--", "true");
    expect((await stack.destroy()).ok).toBe(true);
    const there = await kubectl("get", ...names, "job/newer", ...inNamespace, "--output", "name");
    expect(there.trim().split("\n")).toEqual([...names, "job.batch/newer"]);
  });

  it("stays: the runs of a job with `orphanRuns`; those of another job go with it, whoever started them", async () => {
    const jobs = stacks.make(
      "jobs",
      `new Job("keeps", { ...small, name: "keeps", orphanRuns: true, ${idle} });
       new Job("takes", { ...small, name: "takes", ${idle} });`,
    );
    expect((await jobs.up()).ok).toBe(true);
    const runs = stacks.make(
      "runs",
      `new JobRun("kept", { job: "keeps", name: "kept", ${nothing} });
       new JobRun("taken", { job: "takes", name: "taken", ${nothing} });`,
    );
    expect((await runs.up()).ok).toBe(true);
    expect((await jobs.destroy()).ok).toBe(true);
    expect(await left("taken")).toEqual([]);
    const kept = await left("kept");
    expect(kept).toHaveLength(3);
    // The garbage collector would have taken them by now: it is done with the definition's other dependants.
    const [record] = await objects(namespace, "configmaps", ofRun("kept"));
    expect(record?.metadata).not.toHaveProperty("ownerReferences");
    expect((await runs.destroy()).ok).toBe(true);
    expect(await left("kept")).toEqual([]);
  });
});

/** The engine's steps for the resource, in order. */
function steps({ events }: Ended, name: string): string[] {
  return events
    .flatMap(({ resourcePreEvent }) => resourcePreEvent?.metadata ?? [])
    .filter(({ urn }) => urn.endsWith(`::${name}`))
    .map(({ op }) => op);
}

const versions = (events: readonly WatchEvent[], type: WatchEvent["type"]): number[] =>
  events.filter((event) => event.type === type).map(({ version }) => version);

describe("[E] a run that is replaced", () => {
  it("under a fixed name is gone, pods and all, before the new one comes; an automatic name lets the new one come first", async () => {
    const program = (text: string): string =>
      `for (const name of ["migrate", undefined])
         new JobRun(name ?? "automatic", { ...small, name, arraySize: 2, terminationGracePeriodSeconds: 1, command: sh("echo ${text}; sleep 1") });`;
    const stack = stacks.make("replaced", program("one"));
    expect((await stack.up()).ok).toBe(true);
    const before = await stack.stored("migrate");
    const [jobs, pods] = await Promise.all(["jobs", "pods"].map((kind) => watch(namespace, kind, ofRun("migrate"))));
    stack.write(program("two"));
    const { ended, writes } = await writesOf(stack, () => stack.up());
    expect(ended.ok).toBe(true);
    jobs?.stop();
    pods?.stop();

    expect(steps(ended, "migrate")).toEqual(["delete-replaced", "replace", "create-replacement"]);
    expect(steps(ended, "automatic")).toEqual(["create-replacement", "replace", "delete-replaced"]);
    const [, created = 0] = versions(jobs?.events ?? [], "ADDED");
    const gone = [...versions(jobs?.events ?? [], "DELETED"), ...versions(pods?.events ?? [], "DELETED")];
    expect(gone).toHaveLength(3);
    expect(Math.max(...gone)).toBeLessThan(created);

    const automatic = await stack.stored("automatic");
    const deletes = writes.filter(
      (line) => line.startsWith("DELETE") && !line.includes(String(automatic.outputs["name"])),
    );
    expect(deletes.length).toBeGreaterThan(0);
    const own = deletes.filter((line) => line.includes(String(before.outputs["uid"])));
    expect(own).toHaveLength(deletes.length / 2);
    for (const line of writes.filter((each) => each.startsWith("DELETE"))) expect(line).toContain("Background");

    const found = await objects(namespace, "jobs", ofRun("migrate"));
    expect(found).toHaveLength(1);
    expect(JSON.stringify(found[0]?.spec)).toContain("echo two");
    expect((await stack.stored("migrate")).outputs["status"]).toBe("completed");
  });
});
