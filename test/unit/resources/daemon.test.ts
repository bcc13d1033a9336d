import type { Deployment, KubeNode, Secret } from "../../../provider/core/kube/types";
import { readRecord } from "../../../provider/core/manifest/record";
import type { EnvVar, JobRunInputs } from "../../../provider/core/spec/types";
import type { State } from "../../../provider/resources/contract";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { daemonPod, ended, running } from "../support/cluster";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, hookContext, initFailureOf, runInputs } from "./support";

let cluster: FakeCluster;
let hooks: ReturnType<typeof jobRunHooks>;
beforeEach(() => {
  cluster = new FakeCluster();
  hooks = jobRunHooks(clustersOf(cluster));
});

const daemon = (said: Partial<JobRunInputs> = {}): JobRunInputs =>
  runInputs({ mode: "daemon", wait: { until: "nothing" }, ...said });

const created = async (said: Partial<JobRunInputs> = {}, context = hookContext()): Promise<State<JobRunInputs>> =>
  (await hooks.create(context, daemon(said))).state;

const updated = (state: State<JobRunInputs>, said: Partial<JobRunInputs> = {}, context = hookContext()) =>
  hooks.update(context, state, daemon(said));

const password = (value: string): EnvVar => ({ name: "PASSWORD", value, secret: true });
const names = (kind: string): string[] => cluster.names.filter((name) => name.startsWith(`${kind} `));
const writes = (): string[] => cluster.calls.filter((call) => /^(create|patch|replace|delete)/.test(call));
const deployment = (index = 0): Deployment & { spec: object } => cluster.object("Deployment", `nightly-${index}`);

/** The pod of an index as its Deployment would have made it. */
function runPod(index: number, state = running()): void {
  const { metadata } = deployment(index);
  const found = daemonPod(index, { state });
  const labels = {
    ...found.metadata.labels,
    "pulumi-jobrun/run-uid": metadata.labels?.["pulumi-jobrun/run-uid"] ?? "",
  };
  cluster.put({ ...found, metadata: { ...found.metadata, labels } });
}

describe("what carries a new daemon", () => {
  test("[U] is chosen from what the cluster says, kept in the record, and told in the outputs", async () => {
    const { outputs } = await created();
    expect(outputs).toMatchObject({ backend: "deployment", fidelity: "rerunsAfterPodLoss" });
    expect(outputs).not.toHaveProperty("containerRestart");
    expect(readRecord(cluster.object("ConfigMap", "nightly.jobrun")).carrier).toMatchObject({ backend: "deployment" });
  });

  test.each([
    ["drops the restart policy", () => (cluster.keepsContainerRestart = false)],
    [
      "refuses it",
      () => {
        cluster.refuse("dryRun Deployment", 422, "Invalid: restartPolicy may not be set for non-init containers");
      },
    ],
  ])("[U] is one Job where the API server %s, with a warning", async (_title, prepare) => {
    prepare();
    const context = hookContext();
    const { outputs } = await created({ arraySize: 3 }, context);
    expect(outputs).toMatchObject({ backend: "job", fidelity: "stopsOnDrain" });
    expect(names("Deployment")).toEqual([]);
    expect(names("Job")).toEqual(["Job nightly"]);
    expect(cluster.object("Job", "nightly")["spec"]).toMatchObject({
      completions: 3,
      backoffLimit: 2_147_483_647,
      template: { spec: { restartPolicy: "OnFailure" } },
    });
    expect(context.warnings).toEqual([expect.stringContaining("A Deployment will not do")]);
  });

  test("[U] is a Job where a node is too old for it", async () => {
    const node: KubeNode = {
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "old" },
      status: { nodeInfo: { kubeletVersion: "v1.33.1" } },
    };
    cluster.put(node, "");
    expect((await created()).outputs).toMatchObject({
      backend: "job",
      fidelityReason: expect.stringContaining("node old runs kubelet v1.33.1") as string,
    });
  });

  test("[U] is a Deployment where nodes may not be listed, and the reason says so", async () => {
    cluster.refuse("list Node", 403, "Forbidden");
    expect((await created()).outputs).toMatchObject({
      backend: "deployment",
      fidelityReason: expect.stringContaining("was not checked") as string,
    });
  });

  test("[U] is a Job with restarts in place where that is asked for, and no warning", async () => {
    const context = hookContext();
    await created({ backend: "job" }, context);
    expect(cluster.object("Job", "nightly")["spec"]).toMatchObject({
      backoffLimitPerIndex: 2_147_483_647,
      template: { spec: { restartPolicy: "Never", containers: [{ restartPolicy: "OnFailure" }] } },
    });
    expect(context.warnings).toEqual([]);
  });

  test("[U] is an error where the wish cannot be granted: nothing is made", async () => {
    cluster.keepsContainerRestart = false;
    await expect(created({ backend: "deployment" })).rejects.toThrow(/^backend must be `job` or `auto` here/);
    expect(cluster.names).toEqual([]);
  });

  test("[U] is not chosen when the server refuses for another reason: that is told as it is", async () => {
    cluster.refuse("dryRun Deployment", 403, "Forbidden: exceeded quota");
    await expect(created()).rejects.toThrow("exceeded quota");
    expect(cluster.names).toEqual([]);
  });

  test("[U] stays, whatever the cluster can do later", async () => {
    cluster.keepsContainerRestart = false;
    const state = await created();
    cluster.keepsContainerRestart = true;
    const after = await updated(state, { retention: 60 });
    expect(after.outputs["backend"]).toBe("job");
    expect(names("Deployment")).toEqual([]);
  });
});

describe("an update of a daemon", () => {
  test("[U] rolls every index when what they run has changed, and the record says so first", async () => {
    const state = await created({ arraySize: 2 });
    cluster.calls.length = 0;
    const after = await updated(state, { arraySize: 2, image: "app:2" });
    expect(writes()).toEqual([
      "patch ConfigMap nightly.jobrun",
      "replace Deployment nightly-0",
      "replace Deployment nightly-1",
      "patch ConfigMap nightly.jobrun",
    ]);
    expect(after.outputs).toMatchObject({ uid: state.outputs["uid"], image: "app:2" });
    expect(readRecord(cluster.object("ConfigMap", "nightly.jobrun")).spec.image).toBe("app:2");
  });

  test("[U] touches only the indices that come and go", async () => {
    const state = await created({ arrayIndices: "0-2" });
    cluster.calls.length = 0;
    await updated(state, { arrayIndices: "1-3" });
    expect(writes().filter((call) => call.includes("Deployment"))).toEqual([
      "create Deployment nightly-3",
      "delete Deployment nightly-0",
    ]);
  });

  test("[U] waits for the pods of an index that goes: the index may come back", async () => {
    const state = await created({ arrayIndices: "0-1" });
    runPod(0);
    const context = hookContext();
    const update = updated(state, { arrayIndices: "1" }, context);
    let over = false;
    void update.then(() => (over = true));
    while (context.statuses.length === 0) await new Promise(setImmediate);
    expect(over).toBe(false);
    expect(context.statuses).toEqual([expect.stringMatching(/^Pod nightly-0-0 on node node-1 is not deleted yet/)]);
    cluster.drop("Pod", "nightly-0-0");
    await update;
  });

  test("[U] that waits for such a pod in vain says which one it is, and the next one goes on", async () => {
    const state = await created({ arrayIndices: "0-1" });
    runPod(0);
    const context = hookContext({ timeouts: { delete: 0.01 } });
    const { message, created: kept } = await initFailureOf<JobRunInputs>(
      updated(state, { arrayIndices: "1" }, context),
    );
    expect(message).toMatch(
      /^an index that is no longer wanted is not removed yet: .*\n {2}Pod nightly-0-0 on node node-1/,
    );
    expect(kept.state.hidden.started).toBe(false);
  });

  test("[U] that was killed half-way is gone on with", async () => {
    const state = await created({ arraySize: 3 });
    cluster.refuse("replace Deployment nightly-2", 500, "InternalError");
    const { created: kept } = await initFailureOf<JobRunInputs>(updated(state, { arraySize: 3, image: "app:2" }));
    expect(kept.state.hidden.started).toBe(false);
    cluster.calls.length = 0;
    await updated(kept.state, { arraySize: 3, image: "app:2" });
    expect(writes().filter((call) => call.includes("Deployment"))).toEqual(["replace Deployment nightly-2"]);
  });

  test("[U] of a secret value makes another Secret, since a kubelet may keep the old one, and removes that", async () => {
    const state = await created({ env: [password("old")] });
    await updated(state, { env: [password("new")] });
    expect(names("Secret")).toEqual(["Secret nightly.jobrun-1"]);
    const { data } = cluster.object<Secret>("Secret", "nightly.jobrun-1");
    expect(data).toEqual({ PASSWORD: Buffer.from("new").toString("base64") });
    expect(JSON.stringify(deployment())).toContain("nightly.jobrun-1");
  });

  test("[U] of anything else leaves the Secret as it is", async () => {
    const state = await created({ env: [password("old")] });
    const before = cluster.object("Secret", "nightly.jobrun").metadata;
    const after = await updated(state, { env: [{ name: "A", value: "1" }, password("old")] });
    expect(names("Secret")).toEqual(["Secret nightly.jobrun"]);
    expect(cluster.object("Secret", "nightly.jobrun").metadata).toEqual(before);
    expect(after.outputs["env"]).toMatchObject([
      { name: "A", value: "1" },
      { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "nightly.jobrun", key: "PASSWORD" } } },
    ]);
  });

  test("[U] brings back what somebody has deleted, in place", async () => {
    const state = await created({ arraySize: 2 });
    cluster.drop("Deployment", "nightly-1");
    const found = (await hooks.read(hookContext(), state)) as State<JobRunInputs>;
    await hooks.check(hookContext(), {}, daemon({ arraySize: 2 }));
    expect(await hooks.diff(hookContext(), found, daemon({ arraySize: 2 }))).toMatchObject({
      changes: true,
      replaces: [],
    });
    await updated(found, { arraySize: 2 });
    expect(names("Deployment")).toEqual(["Deployment nightly-0", "Deployment nightly-1"]);
  });
});

test("[U] a daemon that somebody scaled to zero is no drift, shows its state, and is scaled back in place", async () => {
  const state = await created();
  cluster.put({ ...deployment(), spec: { ...deployment().spec, replicas: 0 } } as Deployment);
  const found = (await hooks.read(hookContext(), state)) as State<JobRunInputs>;
  expect(found.outputs["status"]).toBe("pending");
  expect(found.hidden.inputs).toEqual(state.hidden.inputs);
  await hooks.check(hookContext(), {}, daemon());
  expect(await hooks.diff(hookContext(), found, daemon())).toMatchObject({ changes: true, replaces: [] });
  await updated(found);
  expect(deployment().spec.replicas).toBe(1);
});

describe("settle", () => {
  test("[U] scales an index that ended with exit code 0 to zero, and it counts as succeeded from then on", async () => {
    const state = await created({ arraySize: 2 });
    runPod(0);
    runPod(1, ended(0));
    await updated(state, { arraySize: 2, settle: true });
    expect(deployment(0).spec.replicas).toBe(1);
    expect(deployment(1).spec.replicas).toBe(0);
    cluster.drop("Pod", "nightly-1-0");
    const found = (await hooks.read(hookContext(), state)) as State<JobRunInputs>;
    expect(found.outputs).toMatchObject({ status: "running", statusDetails: { succeededIndices: "1" } });
    expect(found.hidden.started).toBe(true);
  });

  test("[U] is not done unless it is asked for", async () => {
    const state = await created();
    runPod(0, ended(0));
    await updated(state, { retention: 60 });
    expect(deployment().spec.replicas).toBe(1);
  });

  test("[U] is undone by a change of what the index runs, and by nothing else", async () => {
    const state = await created({ settle: true });
    runPod(0, ended(0));
    const settled = await updated(state, { settle: true });
    cluster.drop("Pod", "nightly-0-0");
    const again = await updated(settled, { settle: true, retention: 60 });
    expect(deployment().spec.replicas).toBe(0);
    await updated(again, { settle: true, image: "app:2" });
    expect(deployment().spec.replicas).toBe(1);
    expect(deployment().metadata.annotations).not.toHaveProperty("pulumi-jobrun/settled");
  });
});

test("[U] a daemon that Jobs carry is completed when its Job is, and its result is kept", async () => {
  const state = await created({ backend: "job" });
  const job = cluster.object("Job", "nightly");
  const conditions = [{ type: "SuccessCriteriaMet", status: "True" }];
  cluster.put({ ...job, ...{ status: { conditions, completedIndexes: "0" } } });
  const found = (await hooks.read(hookContext(), state)) as State<JobRunInputs>;
  expect(found.outputs["status"]).toBe("completed");
});
