import type { KubeJob } from "../../../provider/core/kube/types";
import { readRecord, toResultPatch } from "../../../provider/core/manifest/record";
import type { JobRunInputs } from "../../../provider/core/spec/types";
import { InitFailure } from "../../../provider/resources/contract";
import { finishRun } from "../../../provider/resources/finishRun";
import type { Place } from "../../../provider/resources/clusters";
import { claimRun, type Claimed } from "../../../provider/resources/startRun";
import { daemonPod, ended, pod, running, seen, unschedulable } from "../support/cluster";
import { FakeCluster } from "./fakeCluster";
import { endJob, endWhenFollowed, hookContext, initFailureOf, runInputs } from "./support";

let cluster: FakeCluster;
let place: Place;
beforeEach(() => {
  cluster = new FakeCluster();
  place = { client: cluster, namespace: "jobs", settings: {} };
});

interface Said {
  readonly inputs?: Partial<JobRunInputs>;
  readonly context?: ReturnType<typeof hookContext>;
  readonly waitSeconds?: number;
  readonly started?: boolean;
}

const claimed = (inputs: Partial<JobRunInputs> = {}): Promise<Claimed> =>
  claimRun(place, hookContext(), runInputs(inputs));

/** Brings a claimed run to its end; without an own one, a new run. */
async function finish(
  { inputs = {}, context = hookContext(), waitSeconds, started = false }: Said = {},
  run?: Claimed,
) {
  const whole = run ?? (await claimed(inputs));
  const state = { started, reached: false, autonamed: false, secretOutputs: [], capturedLogs: undefined };
  const facts = { ...whole, inputs: runInputs(inputs), server: cluster.server, ...state };
  return finishRun({ place, context, facts, waitSeconds });
}

const isAcknowledged = (): boolean =>
  "pulumi-jobrun/acknowledged" in (cluster.object("ConfigMap", "nightly.jobrun").metadata.annotations ?? {});

describe("a run that completes", () => {
  test("[U] comes back with id and status, and the engine is told", async () => {
    endWhenFollowed(cluster, { success: true });
    const { id, state } = await finish();
    const { uid } = cluster.object("ConfigMap", "nightly.jobrun").metadata;
    expect(id).toBe("jobs/nightly");
    expect(state.outputs).toMatchObject({ name: "nightly", namespace: "jobs", uid, status: "completed", attempt: 1 });
    expect(state.hidden).toMatchObject({ server: cluster.server, uid, started: true, reached: true });
    expect(isAcknowledged()).toBe(true);
  });

  test("[U] is recorded first, and only then may Kubernetes remove its Jobs", async () => {
    endWhenFollowed(cluster, { success: true });
    await finish({ inputs: { retention: 600 } });
    expect(readRecord(cluster.object("ConfigMap", "nightly.jobrun")).result).toMatchObject({ status: "completed" });
    expect(cluster.object("Job", "nightly")["spec"]).toMatchObject({ ttlSecondsAfterFinished: 600 });
    const patches = cluster.calls.filter((call) => call.startsWith("patch"));
    expect(patches).toEqual(["patch ConfigMap nightly.jobrun", "patch Job nightly", "patch ConfigMap nightly.jobrun"]);
  });

  test("[U] shows secret variables as references to its own Secret", async () => {
    endWhenFollowed(cluster, { success: true });
    const { state } = await finish({ inputs: { env: [{ name: "TOKEN", value: "S3CRET", secret: true }] } });
    expect(state.outputs["env"]).toEqual([
      { name: "TOKEN", valueFrom: { secretKeyRef: { name: "nightly.jobrun", key: "TOKEN" } } },
    ]);
    expect(JSON.stringify(state.outputs)).not.toContain("S3CRET");
  });

  test("[U] whose result may not be written is a warning and no failure", async () => {
    endWhenFollowed(cluster, { success: true });
    cluster.refuse("patch ConfigMap", 403, "Forbidden");
    const context = hookContext();
    expect((await finish({ context })).state.hidden.reached).toBe(true);
    expect(context.warnings).toEqual([
      'the result of job run "nightly" is not kept in the cluster: cannot patch ConfigMap: 403 Forbidden - no',
    ]);
  });

  test("[U] whose Job somebody removes meanwhile is no failure", async () => {
    endWhenFollowed(cluster, { success: true });
    cluster.at("patch Job", () => cluster.drop("Job", "nightly"));
    expect((await finish()).state.outputs["status"]).toBe("completed");
  });
});

describe("a run that fails", () => {
  test("[U] is kept in state with its verdict", async () => {
    endWhenFollowed(cluster, { success: false });
    const { message, created } = await initFailureOf<JobRunInputs>(finish());
    expect(message).toMatch(/^JobRun "nightly" failed: \[FailedIndexes\] one failed\n/);
    expect(message).toMatch(
      "more: npx jobrun logs nightly --namespace jobs, or kubectl logs --namespace jobs --selector pulumi-jobrun/run=nightly",
    );
    expect(created.id).toBe("jobs/nightly");
    expect(created.state.outputs).toMatchObject({ status: "failed", statusDetails: { failed: 1 } });
    expect(created.state.hidden).toMatchObject({ started: true, reached: false });
    expect(isAcknowledged()).toBe(true);
    expect(readRecord(cluster.object("ConfigMap", "nightly.jobrun")).result).toMatchObject({ status: "failed" });
  });

  test("[U] is looked at once more, because its pods may be told of later than its verdict", async () => {
    const run = await claimed();
    const { uid = "" } = run.record.metadata;
    cluster.at(`list Pod pulumi-jobrun/run-uid=${uid}`, () => {
      const { metadata, ...rest } = pod(0, { state: ended(3) });
      cluster.put({ ...rest, metadata: { ...metadata, labels: { "pulumi-jobrun/run-uid": uid } } });
    });
    endWhenFollowed(cluster, { success: false });
    const { message, created } = await initFailureOf<JobRunInputs>(finish({}, run));
    expect(created.state.outputs["statusDetails"]).toMatchObject({
      indices: { 0: { exitCode: 3, lastFailureReason: "ContainerExitedCode3" } },
    });
    expect(message).toContain("index 0: ContainerExitedCode3 after 1 attempt");
  });
});

describe("what is no failure of a run is a warning:", () => {
  test("[U] a pod that ended with exit code 0 while it was evicted", async () => {
    const run = await claimed();
    const disrupted = { type: "DisruptionTarget", status: "True" };
    const { metadata, ...rest } = pod(0, { state: ended(0), conditions: [disrupted] });
    const labels = { "pulumi-jobrun/run-uid": run.record.metadata.uid ?? "" };
    cluster.put({ ...rest, metadata: { ...metadata, labels } });
    endWhenFollowed(cluster, { success: true });
    const context = hookContext();
    await finish({ context }, run);
    expect(context.warnings).toEqual([expect.stringMatching(/^index 0 ended with exit 0 while being evicted/)]);
  });

  test("[U] events that cannot be listed", async () => {
    cluster.refuse("list Event", 500, "InternalError");
    const context = hookContext();
    await initFailureOf(finish({ context, waitSeconds: 2.3 }));
    expect(context.warnings).toEqual([
      "what keeps pods from starting is not shown in full: cannot list Event: 500 InternalError - no",
    ]);
  });
});

describe("a run that something keeps from going on", () => {
  const inputs = { wait: { unschedulableSeconds: 1 } };

  test("[U] fails the wait and stays as it is, and the next wait goes on with it", async () => {
    const run = await claimed(inputs);
    const { metadata, ...rest } = pod(0, { conditions: [unschedulable("no room")] });
    const labels = { "pulumi-jobrun/run-uid": run.record.metadata.uid ?? "" };
    cluster.put({ ...rest, metadata: { ...metadata, labels } });
    const context = hookContext();
    const { message, created } = await initFailureOf<JobRunInputs>(finish({ inputs, context }, run));
    expect(context.statuses).toEqual(["0/1 succeeded, 1 pending; index 0: [Unschedulable] no room (fails in 1 s)"]);
    expect(message).toMatch(/^JobRun "nightly" cannot go on: \[Unschedulable\] no room\n/);
    expect(created.state.outputs["status"]).toBe("pending");
    expect(created.state.hidden).toMatchObject({ started: true, reached: false });
    expect(readRecord(cluster.object("ConfigMap", "nightly.jobrun")).result).toBeUndefined();
    endWhenFollowed(cluster, { success: true });
    expect((await finish({ inputs, started: true }, run)).state.outputs["status"]).toBe("completed");
  });
});

describe("every other way out keeps the run in state:", () => {
  test("[U] an object that cannot be created", async () => {
    cluster.refuse("create Job", 403, "Forbidden");
    const { message, created } = await initFailureOf<JobRunInputs>(finish());
    expect(message).toBe("cannot create Job: 403 Forbidden - no");
    expect(created).toMatchObject({
      id: "jobs/nightly",
      state: { outputs: { name: "nightly", image: "app:1", status: "pending" }, hidden: { started: false } },
    });
    expect(isAcknowledged()).toBe(true);
  });

  test("[U] a time that is over", async () => {
    const { message, created } = await initFailureOf<JobRunInputs>(finish({ waitSeconds: 0.01 }));
    expect(message).toMatch(
      /^JobRun "nightly" is not ready in time, and goes on: .*the next `pulumi up` waits on, `customTimeouts`/,
    );
    expect(created.state.hidden).toMatchObject({ started: true, reached: false });
    expect(readRecord(cluster.object("ConfigMap", "nightly.jobrun")).result).toBeUndefined();
  });

  test("[U] an interruption", async () => {
    const stop = new AbortController();
    const context = hookContext({ signal: stop.signal });
    cluster.at("get ConfigMap nightly.jobrun", () => stop.abort());
    const { message, created } = await initFailureOf<JobRunInputs>(finish({ context }));
    expect(message).toMatch(/^JobRun "nightly" goes on, the wait was interrupted: /);
    expect(created.state.hidden).toMatchObject({ started: true, reached: false });
  });

  test("[U] a watch that is not allowed", async () => {
    const { follow } = cluster;
    jest.spyOn(cluster, "follow").mockImplementation((namespace, uid) => ({
      ...follow.call(cluster, namespace, uid),
      ready: () => Promise.reject(new Error("cannot watch pods: 403 Forbidden")),
    }));
    const { message, created } = await initFailureOf<JobRunInputs>(finish());
    expect(message).toBe("cannot watch pods: 403 Forbidden");
    expect(created.state.hidden).toMatchObject({ started: true, reached: false });
    expect(cluster.calls).toContain(`close ${created.state.hidden.uid}`);
  });
});

test("[U] a run that cannot be marked does not come into the engine's state: the next `create` goes on with it", async () => {
  const context = hookContext({ isHeard: () => Promise.resolve(false) });
  const ended = finish({ context, waitSeconds: 0 });
  await expect(ended).rejects.not.toBeInstanceOf(InitFailure);
  await expect(ended).rejects.toThrow(/^JobRun "nightly" is not ready in time[^]*\nthe engine has gone$/);
  expect(isAcknowledged()).toBe(false);
});

test("[U] a run whose result is recorded is waited for no more, whatever became of its objects", async () => {
  const run = await claimed();
  const { status, statusDetails } = seen(run.spec, {});
  const result = toResultPatch({
    status: "completed",
    statusDetails: { ...statusDetails, completionTime: "2026-01-05T12:00:20Z" },
  });
  const record = await cluster.patch({ kind: "ConfigMap", namespace: "jobs", name: "nightly.jobrun" }, result);
  expect(status).toBe("pending");
  const { state } = await finish({ started: true }, { ...run, record });
  expect(state.outputs["status"]).toBe("completed");
  expect(state.hidden.reached).toBe(true);
  expect(cluster.calls.filter((call) => /^(follow|create Job)/.test(call))).toEqual([]);
});

test("[U] a run that has started is waited for, and nothing is created again", async () => {
  const run = await claimed();
  await initFailureOf(finish({ waitSeconds: 0 }, run));
  const before = cluster.calls.length;
  endJob(cluster, { success: true });
  expect((await finish({ started: true }, run)).state.outputs["status"]).toBe("completed");
  expect(cluster.calls.slice(before).filter((call) => call.startsWith("create"))).toEqual([]);
});

test("[U] a run that had started and whose Job is not there any more has failed, and is for the next `up` to start again", async () => {
  const { message, created } = await initFailureOf<JobRunInputs>(finish({ started: true }));
  expect(message).toMatch(
    /^JobRun "nightly" failed: its Job was deleted before it had ended; the next `pulumi up` starts it again\n/,
  );
  expect(created.state.hidden).toMatchObject({ started: false, reached: false });
  expect(cluster.calls.filter((call) => call.startsWith("create Job"))).toEqual([]);
});

test("[U] a run that nobody waits for comes back as soon as it is created", async () => {
  const { state } = await finish({ inputs: { wait: { until: "nothing" } } });
  expect(state.outputs["status"]).toBe("pending");
  expect(state.hidden).toMatchObject({ started: true, reached: true });
  expect(cluster.object<KubeJob>("Job", "nightly").status).toBeUndefined();
});

describe("a daemon", () => {
  const daemon = { mode: "daemon", wait: { stableSeconds: 0.1 } } as const;
  const podOf = (uid: string, restarts: number) => {
    const { metadata, ...rest } = daemonPod(0, { uid: "one", restarts, state: running() });
    return { ...rest, metadata: { ...metadata, labels: { ...metadata.labels, "pulumi-jobrun/run-uid": uid } } };
  };

  test("[U] is waited for until it has run long enough", async () => {
    const run = await claimed(daemon);
    cluster.put(podOf(run.record.metadata.uid ?? "", 0));
    const start = performance.now();
    const { state } = await finish({ inputs: daemon }, run);
    expect(performance.now() - start).toBeGreaterThanOrEqual(90);
    expect(state.outputs).toMatchObject({ status: "running", backend: "deployment" });
    expect(readRecord(cluster.object("ConfigMap", "nightly.jobrun")).result).toBeUndefined();
  });

  test("[U] that restarts three times meanwhile is a failure, and no result: it goes on trying", async () => {
    const run = await claimed(daemon);
    const uid = run.record.metadata.uid ?? "";
    cluster.put(podOf(uid, 0));
    const inputs = { ...daemon, wait: { stableSeconds: 60 } };
    const finished = initFailureOf<JobRunInputs>(finish({ inputs }, run));
    setTimeout(() => cluster.put(podOf(uid, 3)), 20);
    const { created } = await finished;
    expect(created.state.hidden).toMatchObject({ started: true, reached: false });
    expect(readRecord(cluster.object("ConfigMap", "nightly.jobrun")).result).toBeUndefined();
  });
});
