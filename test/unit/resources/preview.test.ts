import type { JobInputs, JobRunInputs } from "../../../provider/core/spec/types";
import type { Clusters, Settings } from "../../../provider/resources/clusters";
import { ClusterError } from "../../../provider/cluster/errors";
import { jobHooks } from "../../../provider/resources/job";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { plannedJobs } from "../../../provider/resources/planned";
import { notKnown, unknown } from "../support/unknowns";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, endWhenFollowed, hookContext, initFailureOf, runInputs } from "./support";

let cluster: FakeCluster;
let settings: Settings;
beforeEach(() => {
  cluster = new FakeCluster();
  cluster.put({ apiVersion: "v1", kind: "Namespace", metadata: { name: "jobs" } });
  settings = {};
});

/** One preview: the hooks of both resources, in one process. */
function hooks(clusters: Clusters = clustersOf(cluster, settings)) {
  const planned = plannedJobs();
  return { job: jobHooks(clusters, planned), run: jobRunHooks(clusters, planned) };
}

async function previewRun(said: Partial<JobRunInputs> = {}, { run } = hooks()) {
  const context = hookContext();
  return { outputs: await run.previewCreate(context, runInputs(said)), ...context };
}

const jobInputs = (said: Partial<JobInputs> = {}): JobInputs => ({ name: "report", image: "app:1", ...said });
const byName = { job: "report", image: undefined } as never;
const secret = { name: "TOKEN", value: "S3CRET", secret: true } as const;
const stays = notKnown<never>("string");

/** What a preview has asked for, without looks. */
const trials = (): string[] => cluster.calls.filter((call) => !/^(get|list) /.test(call));

describe("the preview of a new run", () => {
  test("[U] lets the cluster try its record and its workload, creates nothing, and tells all but what only the deployment tells", async () => {
    const before = cluster.names;
    const { outputs } = await previewRun({ arraySize: 3 });
    expect(trials()).toEqual(["dryRun ConfigMap ", "dryRun Job "]);
    expect(cluster.names).toEqual(before);
    expect(outputs).toMatchObject({
      ...{ name: "nightly", namespace: "jobs", image: "app:1", arrayIndices: "0-2", retryLimit: 3, cpu: "1" },
      ...{ uid: unknown.string, createdAt: unknown.string, status: unknown.string, statusDetails: unknown.string },
      ...{ attempt: 1, backend: "job", fidelity: "exact", wait: { until: "completion" } },
    });
  });

  test("[U] tries the Secret of secret values, and shows none of them", async () => {
    const { outputs, infos, warnings } = await previewRun({ env: [secret] });
    expect(trials()).toContain("dryRun Secret ");
    expect(JSON.stringify([outputs, infos, warnings])).not.toContain("S3CRET");
  });

  test.each([
    [true, "deployment", /^would run as Deployments: /],
    [false, "job", /^would run as Jobs: .*A Deployment will not do/],
  ])("[U] of a daemon tells what would carry it (container restarts: %s)", async (keeps, backend, told) => {
    cluster.keepsContainerRestart = keeps;
    const { outputs, infos } = await previewRun({ mode: "daemon" });
    expect(outputs["backend"]).toBe(backend);
    expect(infos).toEqual([expect.stringMatching(told)]);
  });

  test("[U] tells what the API server warns of", async () => {
    cluster.warnings = ['would violate PodSecurity "restricted:latest": runAsNonRoot != true'];
    expect((await previewRun()).warnings).toEqual([
      'the API server warns: would violate PodSecurity "restricted:latest": runAsNonRoot != true',
    ]);
  });

  test.each([
    [400, "BadRequest"],
    [403, "Forbidden: denied by policy"],
    [409, "Conflict"],
    [422, "Invalid: spec.template.spec.tolerations"],
  ])("[U] fails when the cluster would refuse it (%d)", async (status, reason) => {
    cluster.refuse("dryRun Job", status, reason);
    await expect(previewRun()).rejects.toThrow(reason);
  });

  test.each([
    [0, "no answer"],
    [401, "Unauthorized"],
    [429, "TooManyRequests"],
    [503, "ServiceUnavailable"],
  ])("[U] only warns when the cluster gives no answer to it (%d)", async (status, reason) => {
    cluster.refuse("dryRun Job", status, reason);
    const { outputs, warnings } = await previewRun();
    expect(warnings).toEqual([
      expect.stringMatching(`^the cluster cannot be asked whether it would take the resource: .*${reason}`),
    ]);
    expect(outputs).toMatchObject({ name: "nightly", status: unknown.string, backend: "job" });
  });

  test("[U] only warns when no cluster can be found", async () => {
    const lost: Clusters = {
      settings: () => Promise.resolve({}),
      open: () => Promise.reject(new ClusterError('there is no context "nope"')),
    };
    const { outputs, warnings } = await previewRun({ mode: "daemon" }, hooks(lost));
    expect(warnings).toEqual([expect.stringContaining('there is no context "nope"')]);
    expect(outputs).toMatchObject({ backend: unknown.string, namespace: unknown.string, arraySize: 1 });
  });

  test("[U] fails with the rules to add when rights are missing", async () => {
    cluster.lacks.add("create jobs");
    await expect(previewRun()).rejects.toThrow('{apiGroups: ["batch"], resources: ["jobs"], verbs: ["create"]}');
    expect(trials()).toEqual([]);
  });

  test("[U] fails when somebody else has the name, and not when it is its own", async () => {
    endWhenFollowed(cluster, { success: true });
    await hooks().run.create(hookContext(), runInputs());
    await previewRun();
    await expect(hooks().run.previewCreate(hookContext({ name: "other" }), runInputs())).rejects.toThrow(
      'job run "nightly" cannot be created: ConfigMap jobs/nightly.jobrun exists and belongs to resource "nightly"',
    );
  });

  test.each([
    ["the namespace is not there", {}, {}, "namespace jobs does not exist so far"],
    ["the namespace is unknown", { namespace: stays }, {}, "the namespace will be known during the deployment only"],
    ["the connection is unknown", { connection: { kubeconfig: stays } }, {}, "the connection to it will be known"],
    ["all of the connection is unknown", { connection: stays }, {}, "the connection to it will be known"],
    ["the provider's kubeconfig is unknown", {}, { kubeconfig: stays }, "the connection to it will be known"],
    ["the provider's namespace is unknown", {}, { namespace: stays }, "the namespace will be known"],
  ])("[U] asks no cluster yet, and says so, when %s", async (_title, said, configured, told) => {
    cluster.drop("Namespace", "jobs");
    settings = configured;
    const { infos, outputs } = await previewRun(said);
    expect(infos).toEqual([expect.stringContaining(`the cluster is not asked yet: ${told}`)]);
    expect(trials()).toEqual([]);
    expect(outputs).toMatchObject({ name: "nightly", arraySize: 1, backend: "job" });
  });

  test("[U] takes a namespace that may not be read to be there", async () => {
    cluster.refuse("get Namespace jobs", 403, "Forbidden");
    await previewRun();
    expect(trials()).toEqual(["dryRun ConfigMap ", "dryRun Job "]);
  });

  test("[U] with something unknown tries nothing, says what, and still asks for rights", async () => {
    const { outputs, infos } = await previewRun({ image: stays, arraySize: notKnown("number") });
    expect(infos).toEqual(["not tried in the cluster yet: image, arraySize will be known during the deployment only"]);
    expect(trials()).toEqual([]);
    expect(outputs).toMatchObject({ name: "nightly", namespace: "jobs", image: unknown.string, uid: unknown.string });
    cluster.lacks.add("create jobs");
    await expect(previewRun({ image: stays })).rejects.toThrow('resources: ["jobs"]');
  });
});

describe("the preview of a run that is given its job's name", () => {
  test("[U] goes by the job as the same preview will have it", async () => {
    const preview = hooks();
    await preview.job.previewCreate(hookContext(), jobInputs({ mode: "daemon", arraySize: 4 }));
    const { outputs } = await previewRun(byName, preview);
    expect(outputs).toMatchObject({ image: "app:1", mode: "daemon", arraySize: 4, backend: "deployment" });
  });

  test("[U] holds the merged result to the rules of its mode, although the job does not exist yet", async () => {
    const preview = hooks();
    await preview.job.previewCreate(hookContext(), jobInputs({ mode: "daemon" }));
    await expect(previewRun({ ...(byName as object), retryLimit: 3 }, preview)).rejects.toThrow(
      "retryLimit must not be given with mode `daemon`",
    );
  });

  test("[U] refuses what only a daemon has, once the job turns out to be a task", async () => {
    const preview = hooks();
    await preview.job.previewCreate(hookContext(), jobInputs());
    await expect(previewRun({ ...(byName as object), settle: true }, preview)).rejects.toThrow(
      "settle must not be given with mode `task`",
    );
  });

  test("[U] goes by the job in the cluster when the preview has not seen it", async () => {
    await hooks().job.create(hookContext(), jobInputs({ arrayIndices: "3,5" }));
    expect((await previewRun(byName)).outputs).toMatchObject({ arrayIndices: "3,5", image: "app:1", job: "report" });
  });

  test("[U] that is not there so far is a warning: another stack may make it", async () => {
    const { outputs, warnings } = await previewRun(byName);
    expect(warnings).toEqual(['not tried in the cluster yet: there is no job "report" in namespace jobs so far']);
    expect(outputs).toMatchObject({ job: "report", image: unknown.string, status: unknown.string });
  });

  test("[U] waits for the deployment when what the job will say is unknown", async () => {
    const preview = hooks();
    await preview.job.previewCreate(hookContext(), jobInputs({ image: stays }));
    const { infos } = await previewRun(byName, preview);
    expect(infos).toEqual(["not tried in the cluster yet: what its job says will be known during the deployment only"]);
  });
});

describe("the preview of a change of a run", () => {
  async function made(said: Partial<JobRunInputs> = {}, success = true) {
    endWhenFollowed(cluster, { success });
    const creation = hooks().run.create(hookContext(), runInputs(said));
    const { state } = success ? await creation : (await initFailureOf<JobRunInputs>(creation)).created;
    cluster.calls.length = 0;
    return state;
  }

  test("[U] that runs nothing keeps every output but what it changes", async () => {
    const state = await made();
    const outputs = await hooks().run.previewUpdate(hookContext(), state, runInputs({ retention: 60 }));
    expect(outputs).toEqual({ ...state.outputs, retention: 60 });
    expect(cluster.calls).toEqual([]);
  });

  test("[U] that resumes a failed run does not know its outcome, and is the next attempt", async () => {
    const state = await made({}, false);
    const outputs = await hooks().run.previewUpdate(hookContext(), state, runInputs());
    expect(outputs).toMatchObject({
      attempt: 2,
      status: unknown.string,
      statusDetails: unknown.string,
      uid: state.hidden.uid,
    });
  });

  test("[U] of a daemon in place is tried, and keeps what carries it", async () => {
    const inputs = { mode: "daemon", wait: { until: "nothing" } } as const;
    const state = await made(inputs);
    cluster.refuse("dryRun Deployment", 422, "Invalid: image");
    const news = runInputs({ ...inputs, image: "app:2" });
    await expect(hooks().run.previewUpdate(hookContext(), state, news)).rejects.toThrow("Invalid: image");
    const outputs = await hooks().run.previewUpdate(hookContext(), state, news);
    const { uid, createdAt, backend, fidelity } = state.outputs;
    expect(outputs).toMatchObject({ uid, createdAt, backend, fidelity, image: "app:2", status: unknown.string });
  });

  test("[U] of a daemon in place, with an image that is unknown, tries nothing", async () => {
    const inputs = { mode: "daemon", wait: { until: "nothing" } } as const;
    const state = await made(inputs);
    const outputs = await hooks().run.previewUpdate(hookContext(), state, runInputs({ ...inputs, image: stays }));
    expect(trials()).toEqual([]);
    expect(outputs).toMatchObject({ uid: state.hidden.uid, image: unknown.string });
  });
});

describe("the preview of a job", () => {
  test("[U] lets the cluster try the definition and its Secret, and creates nothing", async () => {
    const before = cluster.names;
    const outputs = await hooks().job.previewCreate(hookContext(), jobInputs({ env: [secret] }));
    expect(trials()).toEqual(["dryRun ConfigMap ", "dryRun Secret "]);
    expect(cluster.names).toEqual(before);
    expect(outputs).toMatchObject({
      name: "report",
      uid: unknown.string,
      revision: expect.stringMatching(/^[a-z0-9]{12}$/),
    });
    expect(JSON.stringify(outputs)).not.toContain("S3CRET");
  });

  test("[U] of a change has the real revision, so that runs of the job are replaced in the same preview", async () => {
    const { state } = await hooks().job.create(hookContext(), jobInputs());
    const news = jobInputs({ image: "app:2" });
    const outputs = await hooks().job.previewUpdate(hookContext(), state, news);
    const after = await hooks().job.update(hookContext(), state, news);
    expect(outputs).toEqual(after.outputs);
  });

  test("[U] with something unknown tries nothing, and does not know the revision", async () => {
    const outputs = await hooks().job.previewCreate(hookContext(), jobInputs({ image: stays }));
    expect(trials()).toEqual([]);
    expect(outputs).toMatchObject({ name: "report", namespace: "jobs", revision: unknown.string });
  });

  test("[U] fails when somebody else has the name, and when rights are missing", async () => {
    await hooks().job.create(hookContext(), jobInputs());
    await expect(hooks().job.previewCreate(hookContext({ name: "other" }), jobInputs())).rejects.toThrow(
      'job "report" cannot be created: ConfigMap jobs/report.job exists',
    );
    cluster.lacks.add("create configmaps");
    await expect(hooks().job.previewCreate(hookContext(), jobInputs())).rejects.toThrow('resources: ["configmaps"]');
  });
});
