import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { kubectl, leftovers, objects } from "../support/kubectl";
import { changes, plain, rowMessages } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "e2e-fields";
const stacks = stacksIn(namespace);

beforeAll(async () => {
  await stacks.open();
  const settings = ["--from-literal=COLOR=blue", "--from-literal=SHAPE=round", "--from-literal=greeting=hello"];
  await kubectl("create", "configmap", "settings", "--namespace", namespace, ...settings);
  await kubectl("create", "secret", "generic", "credentials", "--namespace", namespace, "--from-literal=TOKEN=t0k");
  await kubectl("create", "serviceaccount", "worker", "--namespace", namespace);
});
afterAll(stacks.close);

interface PodSpec {
  readonly containers: readonly { readonly securityContext?: object }[];
}

describe("[E] the fields of a run", () => {
  it("reach the container: every source of variables in its order, and every kind of mount", async () => {
    const stack = stacks.make(
      "sources",
      `new JobRun("run", { ...small, name: "sources", arraySizeVariable: 10, retention: 3600,
         env: [{ name: "COLOR", value: "red" }, { name: "SIZE", valueFrom: { configMapKeyRef: { name: "settings", key: "SHAPE" } } },
               { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }, { name: "REF", value: "$(JOB_INDEX)-$$(X)" }],
         envFrom: [{ configMapRef: { name: "settings" } }, { prefix: "S_", secretRef: { name: "credentials" } }, { configMapRef: { name: "absent", optional: true } }],
         mounts: [{ mountPath: "/settings", configMap: "settings" }, { mountPath: "/one", configMap: "settings", subPath: "greeting" },
                  { mountPath: "/credentials", secret: "credentials", readOnly: true }, { mountPath: "/scratch", emptyDir: { sizeLimit: "1M" } }],
         serviceAccountName: "worker", runAsUser: 0, terminationGracePeriodSeconds: 5, labels: { team: "blue" }, annotations: { note: "x" },
         tolerations: [{ key: "none", operator: "Exists" }],
         command: sh("env; cat /settings/greeting /one /credentials/TOKEN; touch /scratch/x && ls /scratch; id -u; ls /var/run/secrets/kubernetes.io/serviceaccount/token") });`,
    );
    const ended = await stack.up();
    expect(plain(ended.output)).not.toMatch(/error/i);
    const log = await kubectl("logs", "--namespace", namespace, "job/sources");
    const lines = ["COLOR=red", "SHAPE=round", "SIZE=round", "S_TOKEN=t0k", "REF=0-$(X)", "JOB_ARRAY_SIZE=10", "0"];
    expect(log.split("\n")).toEqual(expect.arrayContaining(lines));
    expect(log).toMatch(/POD=sources-0-/);
    expect(log).toContain("hellohellot0kx\n");
    expect(log).toContain("serviceaccount/token");
    const [pod] = await objects(namespace, "pods", "pulumi-jobrun/run=sources,team=blue");
    expect(pod?.metadata.annotations).toMatchObject({ note: "x" });
    expect(pod?.spec).toMatchObject({ terminationGracePeriodSeconds: 5, serviceAccountName: "worker" });
    const [job] = await objects(namespace, "jobs", "pulumi-jobrun/run=sources");
    expect(job?.spec["ttlSecondsAfterFinished"]).toBe(3600);
    expect(changes(await stack.up({ expectNoChanges: true }))).toEqual({ same: 1 });
    expect((await stack.refresh({ expectNoChanges: true })).ok).toBe(true);
  });

  it("keep to the standard restricted in a namespace that enforces it, tasks and daemons", async () => {
    const enforce = "pod-security.kubernetes.io/enforce";
    await kubectl("create", "namespace", `${namespace}-restricted`);
    await kubectl("label", "namespace", `${namespace}-restricted`, `${enforce}=restricted`);
    const stack = stacks.make(
      "restricted",
      `const safe = { ...small, podSecurity: "restricted", runAsUser: 1000, namespace: "${namespace}-restricted" };
       new JobRun("task", { ...safe, name: "safe-task", command: ["true"] });
       new JobRun("daemon", { ...safe, name: "safe-daemon", mode: "daemon", wait: { stableSeconds: 1 }, command: sh("exec sleep 3600") });`,
    );
    const ended = await stack.up();
    expect(plain(ended.output)).not.toMatch(/error/i);
    const pods = await objects(`${namespace}-restricted`, "pods");
    const contexts = pods.flatMap(({ spec }) => (spec as unknown as PodSpec).containers.map((c) => c.securityContext));
    expect(contexts).toHaveLength(3);
    for (const context of contexts)
      expect(context).toMatchObject({ runAsNonRoot: true, allowPrivilegeEscalation: false });
    expect((await stack.destroy()).ok).toBe(true);
    await kubectl("delete", "namespace", `${namespace}-restricted`, "--wait=false");
  });

  it("written in another way mean the same: nothing is run again", async () => {
    const stack = stacks.make(
      "spelling",
      `new JobRun("run", { ...small, name: "spelling", arraySize: 2, retryLimit: 3, command: ["true"] });`,
    );
    expect((await stack.up()).ok).toBe(true);
    const { outputs } = await stack.stored("run");
    stack.write(`new JobRun("run", { image: small.image, name: "spelling", arrayIndices: " 0 - 1", cpu: "0.02", memory: "32000k",
      maxExecutionTime: 7200, mode: "task", command: ["true"], args: [], env: [], labels: {}, wait: { until: "completion" } });`);
    expect(changes(await stack.up({ expectNoChanges: true }))).toEqual({ same: 1 });
    stack.write(`new JobRun("run", { ...small, name: "spelling", arraySize: 2, memory: "32Mi", command: ["true"] });`);
    const ended = await stack.up();
    expect(rowMessages(ended, "run", false)).toContain('will run again: memory: "32M" -> "32Mi"');
    expect((await stack.stored("run")).outputs["uid"]).not.toBe(outputs["uid"]);
  });

  it("that are triggers make a new run when one changes, and only then", async () => {
    const program = (value: string): string =>
      `new JobRun("run", { ...small, triggers: { commit: "${value}" }, command: ["true"] });`;
    const stack = stacks.make("triggers", program("a"));
    expect((await stack.up()).ok).toBe(true);
    expect(changes(await stack.up())).toEqual({ same: 1 });
    stack.write(program("b"));
    const ended = await stack.up();
    expect(ended.ok).toBe(true);
    expect(rowMessages(ended, "run", false)).toContain("will run again: triggers");
    expect(await objects(namespace, "configmaps", "pulumi-jobrun/kind=run,pulumi-jobrun/mode=task")).toHaveLength(3);
  });

  it("`onFailure: rerun` makes the next `up` run a failed run again", async () => {
    const stack = stacks.make(
      "rerun",
      `new JobRun("run", { ...small, name: "rerun", retryLimit: 0, onFailure: "rerun",
         envFrom: [{ configMapRef: { name: "outcome", optional: true } }], command: sh('exit \${CODE:-1}') });`,
    );
    expect((await stack.up()).ok).toBe(false);
    await kubectl("create", "configmap", "outcome", "--namespace", namespace, "--from-literal=CODE=0");
    const ended = await stack.up();
    expect(ended.ok).toBe(true);
    expect(rowMessages(ended, "run", false)).toContain("will run again: it failed");
    expect((await stack.stored("run")).outputs["status"]).toBe("completed");
  });

  it("that Code Engine would refuse are refused with `jobrun:strict`, naming what it has", async () => {
    const stack = stacks.make(
      "strict",
      `new Job("job", { image: small.image, cpu: "1", memory: "5G", retryLimit: 6 });`,
    );
    expect((await stack.preview()).ok).toBe(true);
    await stack.configure("jobrun:strict", "true");
    const ended = await stack.preview();
    expect(ended.ok).toBe(false);
    expect(plain(ended.output)).toMatch(/property memory .*4G/);
    expect(plain(ended.output)).toMatch(/property retryLimit .*5/);
  });

  it("a long logical name in capitals makes names that fit, also with the largest index", async () => {
    const logical = `dbMigrate-${"x".repeat(60)}`;
    const stack = stacks.make(
      "long",
      `new JobRun("${logical}", { ...small, arrayIndices: "9999999", command: ["true"] });`,
    );
    expect((await stack.up()).ok).toBe(true);
    const { outputs } = await stack.stored(logical);
    expect(outputs).toMatchObject({ status: "completed", statusDetails: { succeededIndices: "9999999" } });
    expect(outputs["name"]).toMatch(/^dbmigrate-x+-[a-z0-9]{7}$/);
    expect(String(outputs["name"]).length).toBeLessThanOrEqual(53);
    expect(changes(await stack.up({ expectNoChanges: true }))).toEqual({ same: 1 });
  });

  it("`orphanRuns` keeps the runs of a job that is deleted", async () => {
    const stack = stacks.make(
      "orphans",
      `new Job("job", { ...small, name: "orphaning", orphanRuns: true, command: ["true"] });`,
    );
    const runs = stacks.make("orphan-runs", `new JobRun("run", { job: "orphaning", name: "orphan" });`);
    expect((await stack.up()).ok).toBe(true);
    expect((await runs.up()).ok).toBe(true);
    expect((await stack.destroy()).ok).toBe(true);
    expect(await leftovers(namespace)).toContain("ConfigMap/orphan.jobrun");
    expect((await runs.refresh({ expectNoChanges: true })).ok).toBe(true);
  });
});
