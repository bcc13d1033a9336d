import type { JobRunInputs } from "../../../provider/core/spec/types";
import type { Settings } from "../../../provider/resources/clusters";
import type { State } from "../../../provider/resources/contract";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { notKnown } from "../support/unknowns";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, endJob, endWhenFollowed, hookContext, initFailureOf, runInputs } from "./support";

let cluster: FakeCluster;
let hooks: ReturnType<typeof jobRunHooks>;
beforeEach(() => {
  cluster = new FakeCluster();
  hooks = jobRunHooks(clustersOf(cluster));
});

/** A run that has ended. */
async function completed(said: Partial<JobRunInputs> = {}): Promise<State<JobRunInputs>> {
  endWhenFollowed(cluster, { success: true });
  return (await hooks.create(hookContext(), runInputs(said))).state;
}

/** A run that has failed. */
async function failed(said: Partial<JobRunInputs> = {}): Promise<State<JobRunInputs>> {
  endWhenFollowed(cluster, { success: false });
  return (await initFailureOf<JobRunInputs>(hooks.create(hookContext(), runInputs(said)))).created.state;
}

/** A run that goes on: the wait was too short. */
async function waiting(said: Partial<JobRunInputs> = {}): Promise<State<JobRunInputs>> {
  const context = hookContext({ timeouts: { create: 0 } });
  return (await initFailureOf<JobRunInputs>(hooks.create(context, runInputs(said)))).created.state;
}

async function diff(state: State<JobRunInputs>, said: Partial<JobRunInputs> = {}) {
  const context = hookContext();
  return { ...(await hooks.diff(context, state, runInputs(said))), infos: context.infos };
}

const nothing = { changes: false, replaces: [], infos: [] };

describe("diff", () => {
  test.each([
    ["nothing", {}, { changes: false, replaces: [] }],
    ["the same in other words", { retryLimit: 3, cpu: "1000m" }, { changes: false, replaces: [] }],
    ["what to wait for", { wait: { until: "nothing" as const } }, { changes: true, replaces: [] }],
    ["the retention", { retention: 60 }, { changes: true, replaces: [] }],
    ["the context of the same cluster", { connection: { context: "other" } }, { changes: true, replaces: [] }],
    ["the image", { image: "app:2" }, { changes: true, replaces: ["image"] }],
    ["the name", { name: "hourly" }, { changes: true, replaces: ["name"] }],
    ["the namespace", { namespace: "other" }, { changes: true, replaces: ["namespace"] }],
  ])("[U] of a run that is done, when %s has changed", async (_title, said, expected) => {
    expect(await diff(await completed(), said)).toMatchObject(expected);
  });

  test("[U] says why a run runs again", async () => {
    expect((await diff(await completed(), { image: "app:2" })).infos).toEqual([
      'will run again: image: "app:1" -> "app:2"',
    ]);
  });

  test("[U] replaces in place: the old run of the name goes first", async () => {
    const state = await completed();
    expect(await diff(state, { image: "app:2" })).toMatchObject({ deleteBeforeReplace: true });
    expect(await diff(state, { image: "app:2", name: "hourly" })).toMatchObject({ deleteBeforeReplace: false });
    expect(await diff(state, { image: "app:2", namespace: "other" })).toMatchObject({ deleteBeforeReplace: false });
  });

  test("[U] to another cluster replaces", async () => {
    const state = await completed();
    const elsewhere = jobRunHooks(clustersOf(new FakeCluster("https://other.test")));
    expect(await elsewhere.diff(hookContext(), state, runInputs())).toMatchObject({ replaces: ["connection"] });
  });

  test("[U] does not take an unknown image for a change of nothing", async () => {
    expect(await diff(await completed(), { image: notKnown("string") })).toMatchObject({ replaces: ["image"] });
  });

  test.each([
    ["has failed", failed, "will run index 0 again as attempt 2"],
    ["goes on", waiting, "will wait on: it has not reached what is waited for"],
  ])("[U] of a run that %s is a change, and says what the next `up` will do", async (_title, make, info) => {
    expect(await diff(await make())).toMatchObject({ changes: true, replaces: [], infos: [info] });
  });

  test("[U] of a run whose objects could not be made is a change", async () => {
    cluster.refuse("create Job", 403, "Forbidden");
    const { created } = await initFailureOf<JobRunInputs>(hooks.create(hookContext(), runInputs()));
    expect(await diff(created.state)).toMatchObject({
      changes: true,
      infos: ["will bring the objects in line that are missing or not as they should be"],
    });
  });

  test("[U] of a failed run that is to run again replaces it in place", async () => {
    const state = await failed({ onFailure: "rerun" });
    expect(await diff(state, { onFailure: "rerun" })).toMatchObject({
      changes: true,
      replaces: ["onFailure"],
      deleteBeforeReplace: true,
      infos: ["will run again: it failed"],
    });
  });
});

describe("a refresh", () => {
  test.each([
    ["failed", failed],
    ["unfinished", waiting],
  ])("[U] of a run that is still %s is no change, and the next `up` owes as much as before", async (_title, make) => {
    const found = (await hooks.read(hookContext(), await make())) as State<JobRunInputs>;
    expect(await diff(found)).toMatchObject(nothing);
    await hooks.check(hookContext(), found.hidden.inputs, runInputs());
    expect((await diff(found)).changes).toBe(true);
  });

  test("[U] asks nothing of inputs that have changed in the program", async () => {
    const found = (await hooks.read(hookContext(), await completed())) as State<JobRunInputs>;
    expect(await diff(found, { image: "app:2" })).toMatchObject(nothing);
  });

  test("[U] of a run that has gone is a change", async () => {
    const state = await waiting();
    cluster.drop("ConfigMap", "nightly.jobrun");
    expect(await hooks.read(hookContext(), state)).toBeUndefined();
    expect((await diff(state)).changes).toBe(true);
  });

  test("[U] of one run is nothing to another", async () => {
    const state = await failed();
    await hooks.read(hookContext({ name: "other" }), state);
    expect((await diff(state)).changes).toBe(true);
  });
});

describe("update", () => {
  const update = (state: State<JobRunInputs>, said: Partial<JobRunInputs> = {}, context = hookContext()) =>
    hooks.update(context, state, runInputs(said));

  test("[U] waits on for a run that goes on", async () => {
    const state = await waiting();
    endJob(cluster, { success: true });
    const updated = await update(state);
    expect(updated.outputs).toMatchObject({ status: "completed", uid: state.outputs["uid"] });
    expect(await diff(updated)).toMatchObject(nothing);
  });

  test("[U] of a failed run that is kept fails again with the same verdict, and runs nothing", async () => {
    const state = await failed({ onFailure: "keep" });
    const before = cluster.calls.length;
    const { message, created } = await initFailureOf<JobRunInputs>(update(state, { onFailure: "keep" }));
    expect(message).toMatch(/^JobRun "nightly" failed: \[FailedIndexes\] one failed/);
    expect(created.state.outputs["status"]).toBe("failed");
    expect(cluster.calls.slice(before).filter((call) => call.startsWith("create"))).toEqual([]);
  });

  test("[U] creates what could not be created before", async () => {
    cluster.refuse("create Job", 403, "Forbidden");
    const { created } = await initFailureOf<JobRunInputs>(hooks.create(hookContext(), runInputs()));
    endWhenFollowed(cluster, { success: true });
    expect((await update(created.state)).outputs["status"]).toBe("completed");
  });

  test("[U] keeps the new inputs, with which nothing runs again", async () => {
    const updated = await update(await completed(), { retention: 60 });
    expect(updated.hidden.inputs.retention).toBe(60);
    expect(updated.outputs["retention"]).toBe(60);
    expect(await diff(updated, { retention: 60 })).toMatchObject(nothing);
  });

  test("[U] waits as long as `update` may take, else as `create` may", async () => {
    const state = await waiting();
    const messages: string[] = [];
    for (const timeouts of [{ create: 0 }, { create: 60, update: 0 }])
      messages.push((await initFailureOf(update(state, {}, hookContext({ timeouts })))).message);
    for (const message of messages) expect(message).toContain("is not ready in time");
  });

  test("[U] of a run whose record is gone says what to do", async () => {
    const state = await waiting();
    cluster.drop("ConfigMap", "nightly.jobrun");
    await expect(update(state)).rejects.toThrow(
      'the record of job run "nightly" is gone: run `pulumi refresh`, then `pulumi up`',
    );
  });
});

describe("a replacement that asks no diff", () => {
  test("[U] removes the run that the engine knows, makes a new one, and the engine's delete hits neither", async () => {
    const old = await completed();
    const { state } = await hooks.create(hookContext(), runInputs());
    expect(state.hidden.uid).not.toBe(old.hidden.uid);
    await hooks.delete(hookContext(), old);
    expect(cluster.object("ConfigMap", "nightly.jobrun").metadata.uid).toBe(state.hidden.uid);
    expect(cluster.names).toContain("Job nightly");
  });
});

test("[U] a `create` that was killed is gone on with: one run", async () => {
  const killed = hookContext({ timeouts: { create: 0 }, isHeard: () => Promise.resolve(false) });
  await expect(hooks.create(killed, runInputs())).rejects.toThrow("the engine has gone");
  const { uid } = cluster.object("ConfigMap", "nightly.jobrun").metadata;
  endJob(cluster, { success: true });
  const { state } = await hooks.create(hookContext(), runInputs());
  expect(state.hidden.uid).toBe(uid);
  expect(state.outputs["status"]).toBe("completed");
});

test("[U] delete removes the run", async () => {
  await hooks.delete(hookContext(), await completed());
  cluster.collectGarbage();
  expect(cluster.names).toEqual([]);
});

describe("check", () => {
  const check = (news: Partial<JobRunInputs>, settings: Settings = {}) =>
    jobRunHooks(clustersOf(cluster, settings)).check(hookContext(), {}, news);

  test("[U] fills in the name", async () => {
    expect((await check({ image: "app:1" })).inputs.name).toMatch(/^nightly-[a-z0-9]{7}$/);
  });

  test("[U] enforces Code Engine's own limits where the stack asks for them", async () => {
    const inputs = { image: "app:1", retryLimit: 9 };
    expect((await check(inputs)).failures).toEqual([]);
    expect((await check(inputs, { strict: true })).failures).toMatchObject([{ property: "retryLimit" }]);
  });
});

describe("the place of a run", () => {
  test.each([
    ["its own namespace", { namespace: "own" }, { namespace: "stack" }, "own"],
    ["the stack's", {}, { namespace: "stack" }, "stack"],
    ["the context's", {}, {}, "jobs"],
  ])("[U] is %s", async (_title, said, settings, namespace) => {
    hooks = jobRunHooks(clustersOf(cluster, settings));
    const { id } = await hooks.create(hookContext(), runInputs({ ...said, wait: { until: "nothing" } }));
    expect(id).toBe(`${namespace}/nightly`);
  });

  test.each([
    ["its own connection alone", { context: "own" }, { context: "stack" }, { context: "own" }],
    [
      "its own context in the stack's kubeconfig",
      { context: "own" },
      { kubeconfig: "k", context: "stack" },
      { kubeconfig: "k", context: "own" },
    ],
    ["its own kubeconfig without the stack's context", { kubeconfig: "k" }, { context: "stack" }, { kubeconfig: "k" }],
    ["the stack's", undefined, { kubeconfig: "k", context: "stack" }, { kubeconfig: "k", context: "stack" }],
    ["the default", undefined, {}, {}],
  ])("[U] is reached by %s", async (_title, connection, settings, expected) => {
    const asked: unknown[] = [];
    const clusters = clustersOf(cluster, settings);
    const open = (wanted: object): Promise<FakeCluster> => {
      asked.push(wanted);
      return Promise.resolve(cluster);
    };
    hooks = jobRunHooks({ ...clusters, open });
    const inputs = runInputs({ wait: { until: "nothing" }, ...(connection && { connection }) });
    await hooks.create(hookContext(), inputs);
    expect(asked).toEqual([expected]);
  });
});
