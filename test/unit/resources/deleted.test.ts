import type { JobRunInputs } from "../../../provider/core/spec/types";
import type { State } from "../../../provider/resources/contract";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { ended, pod, running } from "../support/cluster";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, endWhenFollowed, hookContext, initFailureOf, runInputs } from "./support";

let cluster: FakeCluster;
let hooks: ReturnType<typeof jobRunHooks>;
beforeEach(() => {
  cluster = new FakeCluster();
  hooks = jobRunHooks(clustersOf(cluster));
});

const update = (state: State<JobRunInputs>) => hooks.update(hookContext(), state, runInputs());

/** The state after an `up` that found that somebody had deleted the Job. */
async function lost(): Promise<State<JobRunInputs>> {
  const { created } = await initFailureOf<JobRunInputs>(
    hooks.create(hookContext({ timeouts: { create: 0 } }), runInputs()),
  );
  cluster.drop("Job", "nightly");
  return (await initFailureOf<JobRunInputs>(update(created.state))).created.state;
}

/** A pod of the run that was told to go. */
function putLeaving(state: State<JobRunInputs>, said: Parameters<typeof pod>[1]): void {
  const { metadata, ...rest } = pod(0, { deleting: true, ...said });
  const labels = { ...metadata.labels, "pulumi-jobrun/run-uid": state.hidden.uid };
  cluster.put({ ...rest, metadata: { ...metadata, name: "leaving", labels } });
}

const since = (count: number): string[] => cluster.calls.slice(count).map((call) => call.split(" ", 2).join(" "));

describe("a run whose Job somebody deleted while it was waited for", () => {
  test("[U] owes its work: a preview says what is missing", async () => {
    const state = await lost();
    const context = hookContext();
    expect(await hooks.diff(context, state, runInputs())).toMatchObject({ changes: true, replaces: [] });
    expect(context.infos).toEqual(["will bring the objects in line that are missing or not as they should be"]);
  });

  test("[U] is started again by the next update as the same run, when its last pod has ended", async () => {
    const state = await lost();
    putLeaving(state, { state: running() });
    cluster.at("list Pod", () => {
      cluster.at("list Pod", () => {
        cluster.drop("Pod", "leaving");
      });
    });
    endWhenFollowed(cluster, { success: true });
    const before = cluster.calls.length;
    const { outputs, hidden } = await update(state);
    expect(outputs["status"]).toBe("completed");
    expect(hidden.uid).toBe(state.hidden.uid);
    const order = since(before).filter((call) => ["list Pod", "create Job"].includes(call));
    expect(order.slice(0, 3)).toEqual(["list Pod", "list Pod", "create Job"]);
  });

  test.each([
    ["has ended", { state: ended(143), phase: "Failed" }],
    ["was not told to go", { state: running(), deleting: false }],
  ])("[U] is not held up by a pod that %s", async (_what, said) => {
    const state = await lost();
    putLeaving(state, said);
    endWhenFollowed(cluster, { success: true });
    expect((await update(state)).outputs["status"]).toBe("completed");
  });

  test("[U] is not held up where pods may not be listed", async () => {
    const state = await lost();
    putLeaving(state, { state: running() });
    cluster.lacks.add("list pods");
    endWhenFollowed(cluster, { success: true });
    expect((await update(state)).outputs["status"]).toBe("completed");
  });
});

describe("a run that is over and of which somebody removed everything", () => {
  const two = { arraySize: 2 } as const;
  const jobs = (): string[] => cluster.names.filter((name) => name.startsWith("Job "));

  /** Index 0 has failed, or none. */
  async function over(said: Partial<JobRunInputs>, success: boolean): Promise<State<JobRunInputs>> {
    endWhenFollowed(cluster, { success });
    const create = hooks.create(hookContext(), runInputs({ ...two, ...said }));
    const { state } = success ? await create : (await initFailureOf<JobRunInputs>(create)).created;
    cluster.drop("Job", "nightly");
    cluster.drop("ConfigMap", "nightly.jobrun");
    return state;
  }

  test("[U] takes a change that runs nothing, and runs nothing", async () => {
    const state = await over({}, true);
    const after = await hooks.update(hookContext(), state, runInputs({ ...two, retention: 60 }));
    expect(after.outputs).toMatchObject({ status: "completed", retention: 60 });
    expect(jobs()).toEqual([]);
    const { metadata } = cluster.object("ConfigMap", "nightly.jobrun");
    expect(after.hidden).toMatchObject({ uid: metadata.uid, reached: true });
    expect(metadata.annotations).toMatchObject({ "pulumi-jobrun/acknowledged": "true" });
    expect((await hooks.read(hookContext(), after))?.outputs).toEqual(after.outputs);
  });

  test("[U] that is kept fails with its verdict, and runs nothing", async () => {
    const inputs = { ...two, onFailure: "keep" } as const;
    const state = await over(inputs, false);
    const { message } = await initFailureOf(hooks.update(hookContext(), state, runInputs(inputs)));
    expect(message).toContain('JobRun "nightly" failed: [FailedIndexes]');
    expect(jobs()).toEqual([]);
  });

  test("[U] goes on with the record that an interrupted operation has written anew", async () => {
    const state = await over({}, true);
    const change = runInputs({ ...two, retention: 60 });
    const unheard = hookContext({ isHeard: () => Promise.resolve(false) });
    await expect(hooks.update(unheard, state, change)).rejects.toThrow("the engine has gone");
    const { uid } = cluster.object("ConfigMap", "nightly.jobrun").metadata;
    const after = await hooks.update(hookContext(), state, change);
    expect(after.hidden.uid).toBe(uid);
    expect(jobs()).toEqual([]);
  });

  test("[U] is not held up by a replacement that was interrupted, which goes", async () => {
    const state = await over({ onFailure: "keep" }, false);
    const inputs = runInputs({ ...two, onFailure: "keep" });
    const killed = hookContext({ timeouts: { create: 0 }, isHeard: () => Promise.resolve(false) });
    await expect(hooks.create(killed, inputs)).rejects.toThrow("the engine has gone");
    const { message } = await initFailureOf(hooks.update(hookContext(), state, inputs));
    expect(message).toContain('JobRun "nightly" failed: [FailedIndexes]');
    expect(jobs()).toEqual([]);
  });

  test.each([
    ["completed", true, {}],
    ["failed", false, { onFailure: "keep" }],
  ] as const)("[U] stays %s when its end could not be recorded, and takes changes", async (status, success, said) => {
    cluster.refuse("patch ConfigMap", 403, "Forbidden");
    endWhenFollowed(cluster, { success });
    const inputs = { ...two, ...said };
    const create = hooks.create(hookContext(), runInputs(inputs));
    const { state } = success ? await create : (await initFailureOf<JobRunInputs>(create)).created;
    cluster.drop("Job", "nightly");
    const update = hooks.update(hookContext(), state, runInputs({ ...inputs, retention: 60 }));
    const after = success ? await update : (await initFailureOf<JobRunInputs>(update)).created.state;
    expect(after.outputs).toMatchObject({ status, statusDetails: state.outputs["statusDetails"] });
    expect(jobs()).toEqual([]);
    expect((await hooks.read(hookContext(), after))?.outputs["status"]).toBe(status);
  });

  test("[U] is not taken for another run of its name", async () => {
    const state = await over({}, true);
    cluster.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "nightly.jobrun" } });
    const update = hooks.update(hookContext(), state, runInputs({ ...two, retention: 60 }));
    await expect(update).rejects.toThrow('the record of job run "nightly" is gone');
  });
});
