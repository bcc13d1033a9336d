import { readRecord, toResultPatch } from "../../../provider/core/manifest/record";
import type { JobRunInputs } from "../../../provider/core/spec/types";
import type { State } from "../../../provider/resources/contract";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { readRun } from "../../../provider/resources/readRun";
import { recordReader } from "../../../provider/resources/recordReader";
import { runState } from "../../../provider/resources/runState";
import { ensureObjects } from "../../../provider/resources/ensureObjects";
import { claimRun } from "../../../provider/resources/startRun";
import { ended, pod, seen } from "../support/cluster";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, endJob, hookContext, runInputs } from "./support";

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});

interface Said {
  readonly inputs?: Partial<JobRunInputs>;
  readonly started?: boolean;
  readonly status?: "pending" | "running" | "completed" | "failed";
}

/** The stored state of a run in the cluster, as an earlier operation left both. */
async function stored({ inputs = {}, started = true, status = "running" }: Said = {}): Promise<State<JobRunInputs>> {
  const place = { client: cluster, namespace: "jobs", settings: {} };
  const claimed = await claimRun(place, hookContext(), runInputs(inputs));
  if (started) await ensureObjects(place, claimed, hookContext());
  cluster.calls.length = 0;
  const none = { autonamed: false, secretOutputs: [], capturedLogs: undefined };
  const facts = { ...claimed, inputs: runInputs(inputs), server: cluster.server, started, ...none };
  return runState({ ...facts, reached: status === "completed", status: { ...seen(claimed.spec, {}), status } });
}

const read = (state: State<JobRunInputs>, context = hookContext()) =>
  readRun({ client: cluster, settings: {}, findRecord: recordReader() }, state, context);
const writes = (): string[] => cluster.calls.filter((call) => !/^(get|list)/.test(call));

test("[U] a run that still runs is read as it is, and nothing is written", async () => {
  const found = await read(await stored());
  expect(found?.outputs).toMatchObject({ status: "pending", statusDetails: { requested: 1 } });
  expect(found?.hidden).toMatchObject({ started: true, reached: false });
  expect(writes()).toEqual([]);
});

test.each([
  [true, "completed"],
  [false, "failed"],
])(
  "[U] a run that has ended meanwhile (success: %s) is recorded, and its Jobs may go in time",
  async (success, status) => {
    const state = await stored({ inputs: { retention: 3_600 } });
    endJob(cluster, { success });
    const found = await read(state);
    expect(found?.outputs["status"]).toBe(status);
    expect(found?.hidden.reached).toBe(success);
    expect(readRecord(cluster.object("ConfigMap", "nightly.jobrun")).result).toMatchObject({ status });
    expect(cluster.object("Job", "nightly")["spec"]).toMatchObject({ ttlSecondsAfterFinished: 3_600 });
    expect(writes()).toEqual(["patch ConfigMap nightly.jobrun", "patch Job nightly"]);
  },
);

test("[U] a result that may not be written is a warning, and is read all the same", async () => {
  const state = await stored();
  endJob(cluster, { success: true });
  cluster.refuse("patch ConfigMap", 403, "Forbidden");
  const context = hookContext();
  expect((await read(state, context))?.outputs["status"]).toBe("completed");
  expect(context.warnings).toHaveLength(1);
});

test("[U] an index that was evicted and ended with exit code 0 is a warning of the refresh that records it", async () => {
  const state = await stored();
  endJob(cluster, { success: true });
  const disrupted = { type: "DisruptionTarget", status: "True" };
  const { metadata, ...rest } = pod(0, { state: ended(0), conditions: [disrupted] });
  cluster.put({ ...rest, metadata: { ...metadata, labels: { "pulumi-jobrun/run-uid": state.hidden.uid } } });
  const context = hookContext();
  const recorded = await read(state, context);
  expect(context.warnings).toEqual([expect.stringMatching(/^index 0 ended with exit 0 while being evicted/)]);
  const again = hookContext();
  await read(recorded ?? state, again);
  expect(again.warnings).toEqual([]);
});

test("[U] a recorded result stands, whatever became of the objects, and is not written again", async () => {
  const state = await stored();
  endJob(cluster, { success: true });
  await read(state);
  cluster.drop("Job", "nightly");
  cluster.calls.length = 0;
  const found = await read(state);
  expect(found?.outputs["status"]).toBe("completed");
  expect(found?.hidden.reached).toBe(true);
  expect(cluster.calls).toEqual(["get ConfigMap nightly.jobrun"]);
});

test("[U] a failure that is recorded is not what was waited for", async () => {
  const state = await stored();
  const { statusDetails } = seen({ ...readRecord(cluster.object("ConfigMap", "nightly.jobrun")).spec }, {});
  await cluster.patch(
    { kind: "ConfigMap", namespace: "jobs", name: "nightly.jobrun" },
    toResultPatch({ status: "failed", statusDetails }),
  );
  const found = await read(state);
  expect(found?.outputs["status"]).toBe("failed");
  expect(found?.hidden.reached).toBe(false);
});

describe("a run whose record is gone", () => {
  test.each(["completed", "failed"] as const)("[U] keeps its state when it had ended: %s", async (status) => {
    const state = await stored({ status });
    cluster.drop("ConfigMap", "nightly.jobrun");
    expect(await read(state)).toBe(state);
  });

  test.each(["pending", "running"] as const)("[U] is gone when it had not: %s", async (status) => {
    const state = await stored({ status });
    cluster.drop("ConfigMap", "nightly.jobrun");
    expect(await read(state)).toBeUndefined();
  });

  test("[U] is gone, though there is a newer one of the same name", async () => {
    const state = await stored();
    cluster.drop("ConfigMap", "nightly.jobrun");
    cluster.collectGarbage();
    await stored();
    expect(await read(state)).toBeUndefined();
  });
});

describe("a run whose objects are gone", () => {
  test.each([{}, { mode: "daemon" } as const])(
    "[U] stays when it had not ended, since its record is there, and owes its objects: %j",
    async (inputs) => {
      const state = await stored({ inputs });
      cluster.drop("Job", "nightly");
      cluster.drop("Deployment", "nightly-0");
      const hooks = jobRunHooks(clustersOf(cluster));
      const found = (await hooks.read(hookContext(), state)) as State<JobRunInputs>;
      expect(found.outputs["status"]).toBe("unknown");
      expect(await hooks.diff(hookContext(), found, state.hidden.inputs)).toMatchObject({ changes: true });
      const next = jobRunHooks(clustersOf(cluster));
      expect(await next.diff(hookContext(), found, state.hidden.inputs)).toMatchObject({ changes: true, replaces: [] });
      await next.delete(hookContext(), found);
      expect(cluster.names).toEqual([]);
    },
  );

  test("[U] is not gone when they never were there", async () => {
    const found = await read(await stored({ started: false, status: "pending" }));
    expect(found?.hidden).toMatchObject({ started: false, reached: false });
  });

  test("[U] keeps its state when it had ended", async () => {
    const state = await stored({ status: "completed" });
    cluster.drop("Job", "nightly");
    expect(await read(state)).toBe(state);
  });
});

test("[U] a daemon whose pods are not there at the moment is no drift", async () => {
  const found = await read(await stored({ inputs: { mode: "daemon" } }));
  expect(found?.outputs["status"]).toBe("pending");
});

test("[U] what was reached stays reached, though the run goes on", async () => {
  const state = await stored({ inputs: { mode: "daemon" } });
  const found = await read({ ...state, hidden: { ...state.hidden, reached: true } });
  expect(found?.hidden.reached).toBe(true);
});

test("[U] inputs come back as they were stored", async () => {
  const state = await stored({ inputs: { cpu: "1000m" } });
  expect((await read(state))?.hidden.inputs).toEqual(state.hidden.inputs);
});

test.each([
  ["a task", {}, "Job", "nightly"],
  ["a daemon", { mode: "daemon" }, "Deployment", "nightly-0"],
] as const)(
  "[U] what a webhook has written on the objects of %s is no drift: inputs and outputs stay",
  async (_title, inputs, kind, name) => {
    const state = await stored({ inputs });
    const before = await read(state);
    const found = cluster.object(kind, name);
    const { template } = found["spec"] as { template: { spec: { containers: object[] } } };
    const containers = [...template.spec.containers, { name: "mesh-proxy" }];
    const spec = { ...(found["spec"] as object), template: { ...template, spec: { ...template.spec, containers } } };
    const { metadata } = found;
    const labels = { ...metadata.labels, mesh: "on" };
    cluster.put({
      ...found,
      ...{ spec },
      metadata: { ...metadata, labels, annotations: { ...metadata.annotations, a: "b" } },
    });
    const after = await read(state);
    expect(after?.hidden).toEqual(before?.hidden);
    expect(after?.outputs).toEqual(before?.outputs);
  },
);

test("[U] another run that somebody else has started of the same job is nothing to this one", async () => {
  const state = await stored();
  const before = await read(state);
  cluster.put({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name: "by-hand", labels: { "pulumi-jobrun/job": "nightly" } },
  });
  expect(await read(state)).toEqual(before);
});
