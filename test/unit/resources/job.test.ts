import type { ConfigMap, KubeObject, Secret } from "../../../provider/core/kube/types";
import { readDefinition } from "../../../provider/core/manifest/definition";
import type { JobInputs } from "../../../provider/core/spec/types";
import type { State } from "../../../provider/resources/contract";
import { jobHooks } from "../../../provider/resources/job";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, hookContext, runInputs } from "./support";

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});

const hooks = () => jobHooks(clustersOf(cluster));
const jobInputs = (said: Partial<JobInputs> = {}): JobInputs => ({ name: "report", image: "app:1", ...said });
const secret = { name: "TOKEN", value: "S3CRET", secret: true } as const;
const create = (said?: Partial<JobInputs>) => hooks().create(hookContext({ name: "report" }), jobInputs(said));
const update = (state: State<JobInputs>, said?: Partial<JobInputs>) =>
  hooks().update(hookContext({ name: "report" }), state, jobInputs(said));
const definition = (): ConfigMap => cluster.object<ConfigMap>("ConfigMap", "report.job");
const secretData = (): Secret["data"] => cluster.object<Secret>("Secret", "report.job").data;
const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** A run of the job that nobody waits for. */
const startRun = (name: string) =>
  jobRunHooks(clustersOf(cluster)).create(
    hookContext({ name }),
    runInputs({ name, job: "report", wait: { until: "nothing" }, image: undefined } as never),
  );

/** The next request of that kind is done twice, as when the first answer was lost. */
function repeat(verb: "create" | "replace", kind: "ConfigMap" | "Secret"): void {
  const original = cluster[verb].bind(cluster);
  const repeated = async <T extends KubeObject>(namespace: string, object: T): Promise<T> => {
    if (object.kind === kind) {
      spy.mockRestore();
      await original(namespace, object);
    }
    return original(namespace, object);
  };
  const spy = jest.spyOn(cluster, verb).mockImplementation(repeated);
}

const markDeleted = (): unknown =>
  cluster.put({ ...definition(), metadata: { ...definition().metadata, deletionTimestamp: "2026-01-05T12:00:00Z" } });

describe("create", () => {
  test.each(["ConfigMap", "Secret"] as const)(
    "[U] whose request was done, and repeated after a broken connection, meets nobody but itself: %s",
    async (kind) => {
      repeat("create", kind);
      const { state } = await create({ env: [secret] });
      expect(state.hidden.uid).toBe(definition().metadata.uid);
      expect(secretData()).toEqual({ TOKEN: base64("S3CRET") });
    },
  );

  test("[U] takes the last of several variables of a name, and each gets its own secret value", async () => {
    await create({
      env: [
        { name: "A", value: "x" },
        { ...secret, name: "A" },
        { ...secret, name: "B", value: "0THER" },
      ],
    });
    const values = readDefinition(definition()).env.map(({ name, valueFrom }) => [
      name,
      secretData()?.[valueFrom?.secretKeyRef?.key ?? ""],
    ]);
    expect(values).toEqual([
      ["A", base64("S3CRET")],
      ["B", base64("0THER")],
    ]);
  });

  test("[U] that was killed, and meets somebody who changes the definition at once, names who", async () => {
    cluster.refuse("create Secret", 500, "InternalError");
    await expect(create({ env: [secret] })).rejects.toThrow("500 InternalError");
    cluster.at("replace ConfigMap", () => cluster.put(definition()));
    await expect(create({ image: "app:2" })).rejects.toThrow("was changed by somebody else at the same time");
  });

  test("[U] writes a definition and starts nothing", async () => {
    const { id, state } = await create({ arraySize: 3 });
    expect(cluster.names).toEqual(["ConfigMap report.job"]);
    expect(readDefinition(definition())).toMatchObject({ image: "app:1", arrayIndices: "0-2", retryLimit: 3 });
    expect(id).toBe("jobs/report");
    expect(state.outputs).toMatchObject({
      name: "report",
      namespace: "jobs",
      arraySize: 3,
      uid: definition().metadata.uid,
    });
  });

  test("[U] keeps secret values in a Secret, and nowhere else", async () => {
    const { state } = await create({ env: [secret, { name: "PLAIN", value: "x" }] });
    expect(secretData()).toEqual({ TOKEN: base64("S3CRET") });
    expect(JSON.stringify([definition(), state.outputs])).not.toContain("S3CRET");
    expect(state.outputs["env"]).toEqual([
      { name: "TOKEN", valueFrom: { secretKeyRef: { name: "report.job", key: "TOKEN" } } },
      { name: "PLAIN", value: "x" },
    ]);
  });

  test("[U] tells the engine at the very end", async () => {
    await create({ env: [secret] });
    expect(cluster.calls.at(-1)).toBe("patch ConfigMap report.job");
    expect(definition().metadata.annotations).toHaveProperty("pulumi-jobrun/acknowledged");
  });

  test("[U] that was killed is gone on with, and brings the definition up to date", async () => {
    cluster.refuse("create Secret", 500, "InternalError");
    await expect(create({ env: [secret] })).rejects.toThrow("500 InternalError");
    const { uid } = definition().metadata;
    const { state } = await create({ image: "app:2", env: [secret] });
    expect(state.outputs).toMatchObject({ uid, image: "app:2" });
    expect(readDefinition(definition()).image).toBe("app:2");
    expect(secretData()).toEqual({ TOKEN: base64("S3CRET") });
  });

  test("[U] of a job that the engine knows replaces it, and its runs go with it", async () => {
    const { state } = await create();
    await startRun("tonight");
    const again = await create();
    expect(again.state.hidden.uid).not.toBe(state.hidden.uid);
    expect(cluster.names).toEqual(["ConfigMap report.job"]);
    // The engine deletes the old one afterwards.
    await hooks().delete(hookContext(), state);
    expect(cluster.names).toEqual(["ConfigMap report.job"]);
  });

  test("[U] of a job of another stack is refused", async () => {
    const context = hookContext({ name: "report" });
    await create();
    const other = { ...context, identity: { ...context.identity, stack: "prod" } };
    await expect(hooks().create(other, jobInputs())).rejects.toThrow(
      'job "report" cannot be created: ConfigMap jobs/report.job exists and belongs to resource "report" of stack dev',
    );
  });

  test("[U] does not overwrite a Secret that is not its own", async () => {
    cluster.put({ apiVersion: "v1", kind: "Secret", metadata: { name: "report.job" } });
    await expect(create({ env: [secret] })).rejects.toThrow(
      'Secret jobs/report.job is in the way of the secret values of job "report": remove it',
    );
    await create();
    expect(cluster.names).toContain("Secret report.job");
  });
});

describe("update", () => {
  test("[U] replaces the definition in place", async () => {
    const { state } = await create({ retryLimit: 1 });
    const updated = await update(state, { image: "app:2" });
    expect(readDefinition(definition())).toMatchObject({ image: "app:2", retryLimit: 3 });
    expect(updated.hidden.uid).toBe(state.hidden.uid);
    expect(updated.outputs["revision"]).not.toBe(state.outputs["revision"]);
  });

  test("[U] rewrites the mark of who declared it", async () => {
    const { state } = await create();
    await hooks().update(hookContext({ name: "renamed" }), state, jobInputs());
    expect(definition().metadata.annotations).toMatchObject({ "pulumi-jobrun/resource": "renamed" });
  });

  test.each([
    ["adds", [], [secret], { TOKEN: base64("S3CRET") }],
    ["changes", [secret], [{ ...secret, value: "0THER" }], { TOKEN: base64("0THER") }],
    ["keeps", [secret], [secret], { TOKEN: base64("S3CRET") }],
  ])("[U] %s secret values", async (_title, before, after, data) => {
    const { state } = await create({ env: before });
    await update(state, { env: after });
    expect(secretData()).toEqual(data);
  });

  test.each([
    ["removed", []],
    ["made plain", [{ name: "TOKEN", value: "x" }]],
  ])("[U] takes the Secret away when its last value is %s", async (_title, after) => {
    const { state } = await create({ env: [secret] });
    await update(state, { env: after });
    expect(cluster.names).toEqual(["ConfigMap report.job"]);
  });

  test("[U] at the same time as somebody else's says so", async () => {
    const { state } = await create();
    cluster.at("replace ConfigMap", () => cluster.put(definition()));
    await expect(update(state, { image: "app:2" })).rejects.toThrow(
      "ConfigMap jobs/report.job was changed by somebody else at the same time: run `pulumi up` again",
    );
    expect(readDefinition(definition()).image).toBe("app:1");
  });

  test("[U] at the same time as somebody else's names who that is", async () => {
    const { state } = await create();
    cluster.at("replace ConfigMap", () => {
      const managedFields = [
        { manager: "node", time: "2026-01-05T12:00:00Z" },
        { manager: "kubectl-edit", time: "2026-01-05T12:00:09Z" },
      ];
      cluster.put({ ...definition(), metadata: { ...definition().metadata, managedFields } });
    });
    await expect(update(state, { image: "app:2" })).rejects.toThrow(
      'was changed by somebody else, who goes by the name "kubectl-edit", at 2026-01-05T12:00:09Z, at the same time: run `pulumi up` again',
    );
  });

  test.each(["ConfigMap", "Secret"] as const)(
    "[U] whose request was done, and repeated after a broken connection, is no conflict: %s",
    async (kind) => {
      const { state } = await create({ env: [secret] });
      repeat("replace", kind);
      await update(state, { image: "app:2", env: [{ ...secret, value: "0THER" }] });
      expect(readDefinition(definition()).image).toBe("app:2");
      expect(secretData()).toEqual({ TOKEN: base64("0THER") });
    },
  );

  test("[U] of a definition that is being deleted is refused", async () => {
    const { state } = await create();
    markDeleted();
    await expect(update(state, { image: "app:2" })).rejects.toThrow(
      'job "report" is being deleted by somebody else: run `pulumi up --refresh`, which makes it anew',
    );
  });

  test.each([
    ["gone", () => cluster.drop("ConfigMap", "report.job")],
    [
      "another one",
      () => {
        const { uid: _uid, ...metadata } = definition().metadata;
        cluster.put({ ...definition(), metadata });
      },
    ],
  ])("[U] of a definition that is %s is refused", async (_title, meanwhile) => {
    const { state } = await create();
    meanwhile();
    await expect(update(state, { image: "app:2" })).rejects.toThrow(
      'job "report" was removed or replaced by somebody else: run `pulumi refresh`',
    );
  });
});

describe("delete", () => {
  test("[U] takes the job's runs along, also those that no stack knows of", async () => {
    const { state } = await create();
    await startRun("tonight");
    await startRun("tomorrow");
    await hooks().delete(hookContext(), state);
    expect(cluster.names).toEqual([]);
  });

  test("[U] leaves runs that only name the same job", async () => {
    const first = await create();
    await startRun("tonight");
    cluster.drop("ConfigMap", "report.job");
    const { state } = await create();
    expect(state.hidden.uid).not.toBe(first.state.hidden.uid);
    await hooks().delete(hookContext(), state);
    expect(cluster.names).toContain("ConfigMap tonight.jobrun");
  });

  test("[U] with `orphanRuns` takes the runs off the definition first", async () => {
    const { state } = await create({ orphanRuns: true });
    await startRun("tonight");
    await hooks().delete(hookContext(), state);
    cluster.collectGarbage();
    expect(cluster.names).toEqual(["ConfigMap tonight.jobrun", "Job tonight"]);
  });

  test("[U] with `orphanRuns` leaves what else a run hangs on, and minds no run that goes meanwhile", async () => {
    const { state } = await create({ orphanRuns: true });
    await startRun("tonight");
    await startRun("tomorrow");
    const { metadata, ...record } = cluster.object<ConfigMap>("ConfigMap", "tonight.jobrun");
    const other = { apiVersion: "v1", kind: "ConfigMap", name: "theirs", uid: "theirs" };
    cluster.put({
      ...record,
      metadata: { ...metadata, ownerReferences: [...(metadata.ownerReferences ?? []), other] },
    });
    cluster.at("patch ConfigMap tomorrow.jobrun", () => cluster.drop("ConfigMap", "tomorrow.jobrun"));
    await hooks().delete(hookContext(), state);
    expect(cluster.object("ConfigMap", "tonight.jobrun").metadata.ownerReferences).toEqual([other]);
  });

  test("[U] names every run that cannot go, and keeps the definition", async () => {
    const { state } = await create();
    for (const name of ["tonight", "tomorrow"]) {
      await startRun(name);
      const job = cluster.object("Job", name);
      cluster.put({ ...job, metadata: { ...job.metadata, finalizers: ["example.com/hold"] } });
    }
    const context = hookContext({ timeouts: { delete: 0.01 } });
    await expect(hooks().delete(context, state)).rejects.toThrow(
      /"tonight" is not removed[^]*"tomorrow" is not removed/,
    );
    expect(context.statuses.toSorted()[0]).toMatch(/^job run "tomorrow": Job tomorrow, deleted at/);
    expect(cluster.names).toContain("ConfigMap report.job");
  });

  test.each(["ConfigMap", "Secret"] as const)("[U] waits for a %s that somebody holds", async (kind) => {
    const { state } = await create({ env: [secret] });
    const held = cluster.object(kind, "report.job");
    cluster.put({ ...held, metadata: { ...held.metadata, finalizers: ["example.com/hold"] } });
    await expect(hooks().delete(hookContext({ timeouts: { delete: 0.01 } }), state)).rejects.toThrow(
      `job "report" is not removed yet: the time is over, and there is still\n  ${kind} report.job, deleted at`,
    );
    cluster.drop(kind, "report.job");
    await hooks().delete(hookContext(), state);
    expect(cluster.names).toEqual([]);
  });

  test("[U] of a job that is gone is done", async () => {
    const { state } = await create();
    cluster.drop("ConfigMap", "report.job");
    await expect(hooks().delete(hookContext(), state)).resolves.toBeUndefined();
  });
});

describe("diff", () => {
  const diff = async (said: Partial<JobInputs>, clusters = clustersOf(cluster)) => {
    const { state } = await create();
    return jobHooks(clusters).diff(hookContext(), state, jobInputs(said));
  };

  test.each([
    [{}, false, []],
    [{ retryLimit: 3 }, false, []],
    [{ image: "app:2" }, true, []],
    [{ orphanRuns: true }, true, []],
    [{ name: "other" }, true, ["name"]],
    [{ namespace: "other" }, true, ["namespace"]],
    [{ namespace: "jobs" }, false, []],
    [{ connection: { context: "same-cluster" } }, true, []],
  ])("[U] to %j: changes %s, replaces %j", async (said, changes, replaces) => {
    expect(await diff(said)).toEqual({ changes, replaces, deleteBeforeReplace: false });
  });

  test("[U] to another cluster replaces", async () => {
    expect(await diff({}, clustersOf(new FakeCluster("https://other.test")))).toMatchObject({
      replaces: ["connection"],
    });
  });

  test("[U] does not mind a kubeconfig that cannot be read now", async () => {
    const unreadable = { ...clustersOf(cluster), open: () => Promise.reject(new Error("no such file")) };
    expect(await diff({}, unreadable)).toMatchObject({ changes: false });
  });
});
