import type { JobInputs, JobRunInputs } from "../../../provider/core/spec/types";
import { jobHooks } from "../../../provider/resources/job";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, endWhenFollowed, hookContext, initFailureOf, runInputs, endJob } from "./support";
import { removeRun } from "../../../provider/resources/removeRun";
import { pod, daemonPod, running } from "../support/cluster";

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});
const job = (said: Partial<JobInputs> = {}): JobInputs => ({ name: "report", image: "app:1", ...said });
const secret = { name: "TOKEN", value: "S3CRET", secret: true } as const;

test("[U] a job that was updated is replaced by --replace, not adopted and then deleted", async () => {
  const hooks = jobHooks(clustersOf(cluster));
  const c = hookContext({ name: "report" });
  const created = await hooks.create(c, job());
  const updated = await hooks.update(c, created.state, job({ image: "app:2" }));
  await hooks.create(c, job({ image: "app:2" }));
  await hooks.delete(c, updated);
  expect(cluster.names).toEqual(["ConfigMap report.job"]);
});
test("[U] a Secret that could not be created at first is created by the next update", async () => {
  const hooks = jobRunHooks(clustersOf(cluster));
  cluster.refuse("create Secret", 403, "Forbidden");
  const inputs = runInputs({ env: [secret] });
  const { created } = await initFailureOf<JobRunInputs>(hooks.create(hookContext(), inputs));
  endWhenFollowed(cluster, { success: true });
  await hooks.update(hookContext(), created.state, inputs);
  expect(cluster.names).toContain("Secret nightly.jobrun");
});
test("[U] a run with secrets is replaced under its name, though the garbage collector takes its time", async () => {
  const hooks = jobRunHooks(clustersOf(cluster));
  endWhenFollowed(cluster, { success: true });
  const inputs = runInputs({ env: [secret] });
  const { state } = await hooks.create(hookContext(), inputs);
  await hooks.delete(hookContext(), state);
  await expect(hooks.create(hookContext(), inputs)).resolves.toBeDefined();
});
test("[U] a job with secrets is replaced under its name, though the garbage collector takes its time", async () => {
  const hooks = jobHooks(clustersOf(cluster));
  const c = hookContext({ name: "report" });
  await hooks.create(c, job({ env: [secret] }));
  await expect(hooks.create(c, job({ env: [secret] }))).resolves.toBeDefined();
});
test("[U] a delete does not take another cluster for the run's own", async () => {
  const { state } = await jobRunHooks(clustersOf(cluster)).create(
    hookContext(),
    runInputs({ wait: { until: "nothing" } }),
  );
  const other = jobRunHooks(clustersOf(new FakeCluster("https://other.test")));
  await expect(other.delete(hookContext(), state)).rejects.toThrow();
});
test("[U] an interrupted removal keeps the record while pods may be there", async () => {
  const stop = AbortSignal.abort();
  cluster.podsLinger = true;
  cluster.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "nightly.jobrun", uid: "run-1" } });
  cluster.put(pod(0));
  // what the real feed does when aborted before its list: ready() resolves, view() is empty
  jest.spyOn(cluster, "follow").mockReturnValue({
    ready: () => Promise.resolve(false),
    view: () => ({ jobs: [], deployments: [], pods: [] }),
    changed: () => Promise.resolve(),
    close: () => undefined,
  });
  await removeRun(cluster, { namespace: "jobs", name: "nightly", uid: "run-1" }, hookContext({ signal: stop })).catch(
    () => undefined,
  );
  expect(cluster.names).toContain("ConfigMap nightly.jobrun");
});
test("[U] a failed run that nothing waited for takes a new retention without complaint", async () => {
  const hooks = jobRunHooks(clustersOf(cluster));
  const inputs = runInputs({ wait: { until: "nothing" } });
  const { state } = await hooks.create(hookContext(), inputs);
  endJob(cluster, { success: false });
  const found = (await hooks.read(hookContext(), state)) ?? state;
  await expect(hooks.update(hookContext(), found, { ...inputs, retention: 60 })).resolves.toBeDefined();
});
test("[U] a verdict survives an error of the last look", async () => {
  const hooks = jobRunHooks(clustersOf(cluster));
  endWhenFollowed(cluster, { success: false });
  cluster.at("create Job", () => {
    cluster.refuse("list Job", 500, "InternalError");
  });
  const { message, created } = await initFailureOf<JobRunInputs>(hooks.create(hookContext(), runInputs()));
  expect(message).toContain("FailedIndexes");
  expect(created.state.outputs["status"]).toBe("failed");
});
test("[U] a refresh does not take a crash-looping daemon to be well", async () => {
  const hooks = jobRunHooks(clustersOf(cluster));
  const inputs = runInputs({ mode: "daemon" });
  const { created } = await initFailureOf<JobRunInputs>(hooks.create(hookContext({ timeouts: { create: 0 } }), inputs));
  const { metadata, ...rest } = daemonPod(0, { uid: "one", restarts: 17, state: running() });
  cluster.put({
    ...rest,
    metadata: { ...metadata, labels: { ...metadata.labels, "pulumi-jobrun/run-uid": created.state.hidden.uid } },
  });
  const found = await hooks.read(hookContext(), created.state);
  expect(found?.hidden.reached).toBe(false);
});
test("[U] an update writes the owner's new name into the record", async () => {
  const hooks = jobRunHooks(clustersOf(cluster));
  const inputs = runInputs({ wait: { until: "nothing" } });
  const { state } = await hooks.create(hookContext(), inputs);
  await hooks.update(hookContext({ name: "renamed" }), state, { ...inputs, retention: 60 });
  expect(cluster.object("ConfigMap", "nightly.jobrun").metadata.annotations).toMatchObject({
    "pulumi-jobrun/resource": "renamed",
  });
});
test("[U] a connection that is not known yet is no move", async () => {
  const own = new FakeCluster("https://own.test");
  const clusters = {
    settings: () => Promise.resolve({}),
    open: (c: { kubeconfig?: string }) => Promise.resolve(c.kubeconfig ? own : cluster),
  };
  const hooks = jobRunHooks(clusters);
  const inputs = runInputs({ wait: { until: "nothing" }, connection: { kubeconfig: "k" } });
  const { state } = await hooks.create(hookContext(), inputs);
  const d = await hooks.diff(hookContext(), state, {
    ...inputs,
    connection: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" as never,
  });
  expect(d.replaces).toEqual([]);
});
test("[U] a replacement with another automatic name need not delete first", async () => {
  const hooks = jobRunHooks(clustersOf(cluster));
  const c = hookContext();
  const first = await hooks.check(c, {}, { image: "app:1", wait: { until: "nothing" } });
  const { state } = await hooks.create(c, first.inputs);
  const second = await hooks.check(c, first.inputs, { image: "app:2", wait: { until: "nothing" } });
  const anew = await hooks.check(c, {}, { image: "app:2", wait: { until: "nothing" } });
  expect(anew.inputs.name).not.toBe(first.inputs.name);
  expect((await hooks.diff(c, state, second.inputs)).deleteBeforeReplace).toBe(false);
});
test("[U] a record that goes during create leaves nothing in state", async () => {
  const hooks = jobRunHooks(clustersOf(cluster));
  cluster.at("get ConfigMap nightly.jobrun", () => cluster.drop("ConfigMap", "nightly.jobrun"));
  const error = await hooks.create(hookContext(), runInputs()).catch((e: unknown) => e);
  expect((error as Error).name).not.toBe("InitFailure");
});
test("[U] a secret that changed after a crash makes another run, which has the new value", async () => {
  const hooks = jobRunHooks(clustersOf(cluster));
  const killed = hookContext({ timeouts: { create: 0 }, isHeard: () => Promise.resolve(false) });
  await hooks.create(killed, runInputs({ env: [secret] })).catch(() => undefined);
  endWhenFollowed(cluster, { success: true });
  await hooks.create(hookContext(), runInputs({ env: [{ ...secret, value: "NEW" }] }));
  expect(cluster.object("Secret", "nightly.jobrun")["data"]).toEqual({
    TOKEN: Buffer.from("NEW").toString("base64"),
  });
});
