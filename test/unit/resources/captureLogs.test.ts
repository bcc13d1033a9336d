import type { KubeJob, Secret } from "../../../provider/core/kube/types";
import { readRecord } from "../../../provider/core/manifest/record";
import type { EnvVar, JobRunInputs } from "../../../provider/core/spec/types";
import { UNKNOWN } from "../../../provider/core/spec/unknown";
import type { State } from "../../../provider/resources/contract";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { condition, ended, kubeJob, running } from "../support/cluster";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, endJob, hookContext, initFailureOf, putPod, runInputs, settled } from "./support";

let cluster: FakeCluster;
let hooks: ReturnType<typeof jobRunHooks>;
let context: ReturnType<typeof hookContext>;
beforeEach(() => {
  cluster = new FakeCluster();
  hooks = jobRunHooks(clustersOf(cluster));
  context = hookContext();
});

const capture = { logs: { capture: true } } as const;
const secret: EnvVar = { name: "PASSWORD", value: "hunter22", secret: true };
const complete = condition("Complete");
const logCalls = (): string[] => cluster.calls.filter((call) => call.startsWith("log"));
const logsOf = (state: State<JobRunInputs> | undefined): unknown => state?.outputs["capturedLogs"];

/** What is kept in the cluster of the run's logs. */
function kept(name = "nightly.logs"): Record<string, string> {
  const { data = {} } = cluster.object<Secret>("Secret", name);
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]));
}

/** Ends the Job of that name. */
function end(status: NonNullable<KubeJob["status"]>, name = "nightly"): void {
  cluster.put({ ...cluster.object<KubeJob>("Job", name), ...{ status } });
}

/** Does the work, and what happens to the run once it is followed. */
async function during<T>(work: Promise<T>, story: () => Promise<void> | void): Promise<T> {
  const follows = (): number => cluster.calls.filter((call) => call.startsWith("follow")).length;
  const before = follows();
  // The error of a failed run is looked at by the caller, after the story.
  work.catch(() => undefined);
  while (follows() === before) await new Promise(setImmediate);
  await settled();
  await story();
  return work;
}

const create = (said: Partial<JobRunInputs>, story: () => Promise<void> | void): Promise<State<JobRunInputs>> =>
  during(hooks.create(context, runInputs({ ...capture, ...said })), story).then(({ state }) => state);

describe("the logs of a task", () => {
  const story = (): void => {
    putPod(cluster, 0, { state: ended(0), log: "zero\n" });
    putPod(cluster, 1, { attempt: 0, state: ended(3), log: "failed" });
    putPod(cluster, 1, { attempt: 1, created: 20, state: ended(0), log: "one\n" });
    endJob(cluster, { success: true });
  };

  test("[U] are captured when it has ended, those of the attempts that decided it", async () => {
    expect(logsOf(await create({ arraySize: 2 }, story))).toEqual({ 0: "zero", 1: "one" });
    expect(context.warnings).toEqual([]);
  });

  test("[U] are not asked for when nobody wants them", async () => {
    expect(logsOf(await create({ arraySize: 2, logs: {} }, story))).toBeUndefined();
    expect(logCalls()).toEqual([]);
    expect(cluster.names).not.toContain("Secret nightly.logs");
  });

  test("[U] are kept in the cluster before the result is: from then on Kubernetes may remove the pods", async () => {
    await create({ arraySize: 2 }, story);
    expect(kept()).toEqual({ 0: "zero", 1: "one" });
    const { calls } = cluster;
    expect(calls.indexOf("create Secret nightly.logs")).toBeLessThan(calls.indexOf("patch ConfigMap nightly.jobrun"));
  });

  test("[U] are captured of a run that fails, each as far as it came", async () => {
    const work = create({ arraySize: 3, retryLimit: 0 }, () => {
      putPod(cluster, 0, { state: ended(0), log: "zero" });
      putPod(cluster, 1, { state: ended(7), log: "boom" });
      end({ completedIndexes: "0", failedIndexes: "1-2", conditions: [condition("FailureTarget")] });
    });
    const { created } = await initFailureOf<JobRunInputs>(work);
    expect(logsOf(created.state)).toEqual({ 0: "zero", 1: "boom" });
    expect(context.warnings).toEqual([]);
  });

  test("[U] include those of pods that went before the run ended", async () => {
    const work = create({ arraySize: 5, retryLimit: 0 }, async () => {
      for (const index of [0, 1, 2, 3, 4]) putPod(cluster, index, { state: ended(7), log: `boom ${index}` });
      await settled();
      for (const index of [0, 1, 2, 3, 4]) cluster.drop("Pod", `nightly-${index}-0`);
      end({ failedIndexes: "0-4", conditions: [condition("FailureTarget")] });
    });
    const { created } = await initFailureOf<JobRunInputs>(work);
    expect(logsOf(created.state)).toEqual({ 0: "boom 0", 1: "boom 1", 2: "boom 2", 3: "boom 3", 4: "boom 4" });
  });

  test("[U] have secret values masked, and are secret; without secrets they are not", async () => {
    const simple = (): void => {
      putPod(cluster, 0, { state: ended(0), log: "it is hunter22" });
      endJob(cluster, { success: true });
    };
    const state = await create({ env: [secret] }, simple);
    expect(logsOf(state)).toEqual({ 0: "it is [secret]" });
    expect(kept()).toEqual({ 0: "it is [secret]" });
    expect(state.hidden.secretOutputs).toEqual(["capturedLogs"]);
    cluster = new FakeCluster();
    hooks = jobRunHooks(clustersOf(cluster));
    expect((await create({}, simple)).hidden.secretOutputs).toEqual([]);
  });

  test("[U] are cut where they are too long for all of them to be kept", async () => {
    const state = await create({ arraySize: 100, logs: { capture: true, tailLines: 1_000 } }, () => {
      for (let index = 0; index < 100; index++) putPod(cluster, index, { state: ended(0), log: "ä".repeat(20_000) });
      endJob(cluster, { success: true });
    });
    const texts = Object.values(logsOf(state) as Record<string, string>);
    expect(texts).toHaveLength(100);
    expect(texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)).toBeLessThanOrEqual(1_048_576);
    for (const text of texts) expect(text).toMatch(/^\[truncated\] ä{5000,}$/);
  });

  test("[U] that cannot be read are told, and no failure of the run", async () => {
    cluster.refuse("log Pod nightly-1-0", 500, "InternalError");
    const state = await create({ arraySize: 4 }, () => {
      for (const index of [0, 1, 2]) putPod(cluster, index, { state: ended(0), ...(index < 2 && { log: "a" }) });
      endJob(cluster, { success: true });
    });
    expect(state.outputs["status"]).toBe("completed");
    expect(logsOf(state)).toEqual({ 0: "a" });
    expect(context.warnings).toEqual([
      "`capturedLogs` lacks index 1: cannot log Pod nightly-1-0: 500 InternalError - no",
      "`capturedLogs` lacks index 2: it was deleted before its log could be read",
      "`capturedLogs` lacks index 3: there is no pod of it any more, or none to be seen",
    ]);
  });

  test("[U] that cannot be kept in the cluster are in the state, and it is told", async () => {
    cluster.refuse("create Secret nightly.logs", 403, "Forbidden");
    expect(logsOf(await create({ arraySize: 2 }, story))).toEqual({ 0: "zero", 1: "one" });
    expect(context.warnings).toEqual([
      'what job run "nightly" printed is not kept in the cluster: cannot create Secret nightly.logs: 403 Forbidden - no',
    ]);
  });

  test("[U] are the ones that a crash left behind, whatever became of the pods", async () => {
    await create({ arraySize: 2 }, story);
    for (const name of ["nightly-0-0", "nightly-1-0", "nightly-1-1"]) cluster.drop("Pod", name);
    const { annotations: _annotations, ...metadata } = cluster.object("ConfigMap", "nightly.jobrun").metadata;
    const annotations = { ..._annotations };
    delete annotations["pulumi-jobrun/acknowledged"];
    cluster.put({ ...cluster.object("ConfigMap", "nightly.jobrun"), metadata: { ...metadata, annotations } });
    const before = logCalls().length;
    const again = await hooks.create(context, runInputs({ ...capture, arraySize: 2 }));
    expect(logsOf(again.state)).toEqual({ 0: "zero", 1: "one" });
    expect(logCalls()).toHaveLength(before);
  });

  test("[U] are read ten at a time", async () => {
    let most = 0;
    let under = 0;
    const logs = cluster.logs.bind(cluster);
    jest.spyOn(cluster, "logs").mockImplementation(async (...asked) => {
      most = Math.max(most, ++under);
      return logs(...asked).finally(() => under--);
    });
    const state = await create({ arraySize: 200 }, () => {
      for (let index = 0; index < 200; index++) putPod(cluster, index, { state: ended(0), log: index.toString() });
      endJob(cluster, { success: true });
    });
    expect(Object.keys(logsOf(state) as object)).toHaveLength(200);
    expect(most).toBe(10);
  });
});

describe("the logs of a run that nobody waited for", () => {
  const nothing = { wait: { until: "nothing" } } as const;

  async function begun(said: Partial<JobRunInputs> = {}): Promise<State<JobRunInputs>> {
    const { state } = await hooks.create(context, runInputs({ ...capture, ...nothing, ...said }));
    return state;
  }

  test("[U] are not there at first, and come with the refresh that sees its end", async () => {
    const state = await begun();
    expect(logsOf(state)).toBeUndefined();
    putPod(cluster, 0, { state: running(), log: "half" });
    expect(logsOf(await hooks.read(context, state))).toBeUndefined();
    expect(logCalls()).toEqual([]);
    putPod(cluster, 0, { state: ended(0), log: "half\nwhole" });
    end({ conditions: [complete] });
    const found = await hooks.read(context, state);
    expect(logsOf(found)).toEqual({ 0: "half\nwhole" });
    expect(kept()).toEqual({ 0: "half\nwhole" });
  });

  test("[U] stay in further refreshes, which ask for nothing", async () => {
    const state = await begun();
    putPod(cluster, 0, { state: ended(0), log: "whole" });
    end({ conditions: [complete] });
    const first = await hooks.read(context, state);
    cluster.drop("Pod", "nightly-0-0");
    cluster.calls.length = 0;
    expect(logsOf(await hooks.read(context, first ?? state))).toEqual({ 0: "whole" });
    expect(cluster.calls).toEqual(["get ConfigMap nightly.jobrun"]);
  });

  test("[U] are secret when it has a secret, though the refresh does not see the inputs' marks", async () => {
    const state = await begun({ env: [secret] });
    putPod(cluster, 0, { state: ended(0), log: "hunter22" });
    end({ conditions: [complete] });
    const found = await hooks.read(context, state);
    expect([logsOf(found), found?.hidden.secretOutputs]).toEqual([{ 0: "[secret]" }, ["capturedLogs"]]);
  });

  test("[U] are captured by an update, when they are wanted later", async () => {
    const state = await begun({ logs: {} });
    putPod(cluster, 0, { state: ended(0), log: "whole" });
    end({ conditions: [complete] });
    const found = await hooks.read(context, state);
    expect(logsOf(found)).toBeUndefined();
    const after = await hooks.update(context, found ?? state, runInputs({ ...capture, ...nothing }));
    expect(logsOf(after)).toEqual({ 0: "whole" });
    const without = await hooks.update(context, after, runInputs(nothing));
    expect(logsOf(without)).toBeUndefined();
  });

  test("[U] are no reason for a refresh to fail", async () => {
    const state = await begun();
    end({ conditions: [complete] });
    cluster.refuse("get Secret nightly.logs", 500, "InternalError");
    const found = await hooks.read(context, state);
    expect([found?.outputs["status"], logsOf(found)]).toEqual(["completed", undefined]);
    expect(context.warnings).toEqual([
      'what job run "nightly" printed is not captured: cannot get Secret nightly.logs: 500 InternalError - no',
    ]);
  });
});

describe("the logs of a run that was resumed", () => {
  /** A run of three of which 1 failed. */
  const failed = async (said: Partial<JobRunInputs> = {}): Promise<State<JobRunInputs>> => {
    const work = create({ arraySize: 3, retryLimit: 0, ...said }, () => {
      for (const index of [0, 1, 2])
        putPod(cluster, index, { state: ended(index === 1 ? 7 : 0), log: `first ${index}` });
      const last = ["FailureTarget", "Failed"].map((type) => condition(type));
      end({ completedIndexes: "0,2", failedIndexes: "1", conditions: last });
    });
    return (await initFailureOf<JobRunInputs>(work)).created.state;
  };

  const resumed = (state: State<JobRunInputs>, log: string | undefined): Promise<State<JobRunInputs>> =>
    during(hooks.update(context, state, runInputs({ ...capture, arraySize: 3, retryLimit: 0 })), async () => {
      while (!cluster.names.includes("Job nightly-1-2")) await new Promise(setImmediate);
      putPod(cluster, 1, { uid: "again", attempt: 2, own: true, runAttempt: 2, state: ended(0), ...(log && { log }) });
      end({ completedIndexes: "0", conditions: [complete] }, "nightly-1-2");
    });

  test("[U] are new where it ran again, and what they were elsewhere, though those pods have gone", async () => {
    const state = await failed();
    expect(logsOf(state)).toEqual({ 0: "first 0", 1: "first 1", 2: "first 2" });
    for (const index of [0, 1, 2]) cluster.drop("Pod", `nightly-${index}-0`);
    const logs = { 0: "first 0", 1: "second 1", 2: "first 2" };
    expect(logsOf(await resumed(state, "second 1"))).toEqual(logs);
    expect(kept("nightly.logs-2")).toEqual(logs);
  });

  test("[U] lack what could not be read: what failed before is not what the run came to", async () => {
    expect(logsOf(await resumed(await failed(), undefined))).toEqual({ 0: "first 0", 2: "first 2" });
  });

  test("[U] are read from all attempts when they are wanted since", async () => {
    const state = await failed({ logs: {} });
    expect(logsOf(await resumed(state, "second 1"))).toEqual({ 0: "first 0", 1: "second 1", 2: "first 2" });
  });
});

describe("the logs of a daemon", () => {
  const daemon = { mode: "daemon", wait: { stableSeconds: 0.05 } } as const;

  test("[U] are what it has printed when it is what was waited for; a refresh leaves them", async () => {
    const state = await create(daemon, () => {
      putPod(cluster, 0, { own: true, state: running(), log: "listening" });
    });
    expect(logsOf(state)).toEqual({ 0: "listening" });
    expect(cluster.names).not.toContain("Secret nightly.logs");
    cluster.logsOf.set("nightly-0-0", "listening\nbusy");
    expect(logsOf(await hooks.read(context, state))).toEqual({ 0: "listening" });
  });

  test("[U] are captured before what has ended on purpose is scaled to zero", async () => {
    cluster.podsLinger = false;
    const state = await create({ ...daemon, settle: true }, () => {
      putPod(cluster, 0, { own: true, phase: "Running", state: ended(0), log: "all done" });
      cluster.at("patch Deployment nightly-0", () => cluster.drop("Pod", "nightly-0-0"));
    });
    expect(cluster.names).not.toContain("Pod nightly-0-0");
    expect(logsOf(state)).toEqual({ 0: "all done" });
  });
});

test("[U] the result of a run says nothing of its logs", async () => {
  await create({}, () => {
    putPod(cluster, 0, { state: ended(0), log: "private" });
    end({ ...kubeJob().status, conditions: [complete] });
  });
  expect(readRecord(cluster.object("ConfigMap", "nightly.jobrun")).result).toMatchObject({ status: "completed" });
  expect(JSON.stringify(cluster.object("ConfigMap", "nightly.jobrun"))).not.toContain("private");
});

describe("in a preview, the logs", () => {
  const previewed = async (said: Partial<JobRunInputs>): Promise<unknown> =>
    (await hooks.previewCreate(context, runInputs(said)))["capturedLogs"];

  test("[U] of a new run are unknown when they are wanted, so that what they feed can be previewed", async () => {
    expect(await previewed(capture)).toBe(UNKNOWN);
    expect(await previewed({ logs: UNKNOWN as never })).toBe(UNKNOWN);
    expect(await previewed({})).toBeUndefined();
  });

  test("[U] of a run that has ended stay while they are wanted, and come when they are wanted anew", async () => {
    const ended = (): void => {
      putPod(cluster, 0, { state: { terminated: { exitCode: 0 } }, log: "done" });
      end({ conditions: [complete] });
    };
    const update = async (state: State<JobRunInputs>, said: Partial<JobRunInputs>): Promise<unknown> =>
      (await hooks.previewUpdate(context, state, runInputs(said)))["capturedLogs"];
    const state = await create({}, ended);
    expect(await update(state, { ...capture, retention: 600 })).toEqual({ 0: "done" });
    expect(await update(state, {})).toBeUndefined();
    cluster = new FakeCluster();
    hooks = jobRunHooks(clustersOf(cluster));
    expect(await update(await create({ logs: {} }, ended), capture)).toBe(UNKNOWN);
  });

  test("[U] of a run that is to go on or to run again are unknown", async () => {
    const work = create({ retryLimit: 0 }, () => {
      putPod(cluster, 0, { state: { terminated: { exitCode: 7 } }, log: "boom" });
      endJob(cluster, { success: false });
    });
    const { created } = await initFailureOf<JobRunInputs>(work);
    const inputs = runInputs({ ...capture, retryLimit: 0 });
    expect((await hooks.previewUpdate(context, created.state, inputs))["capturedLogs"]).toBe(UNKNOWN);
  });
});
