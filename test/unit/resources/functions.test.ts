import type { JobInputs, JobRunInputs } from "../../../provider/core/spec/types";
import type { FunctionToken } from "../../../provider/core/spec/schema";
import type { GetJobResult, GetJobRunLogsResult, GetJobRunResult } from "../../../provider/core/spec/types.generated";
import { type Answer, functionsOf } from "../../../provider/resources/functions";
import { jobHooks } from "../../../provider/resources/job";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { ended, pod, running, waiting } from "../support/cluster";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, endJob, hookContext, runInputs } from "./support";

let cluster: FakeCluster;
let warnings: string[];
beforeEach(() => {
  cluster = new FakeCluster();
  warnings = [];
});

const secret = { name: "TOKEN", value: "S3CRET-77", secret: true } as const;

const makeJob = (said: Partial<JobInputs> = {}) =>
  jobHooks(clustersOf(cluster)).create(hookContext({ name: "report" }), { name: "report", image: "app:1", ...said });
/** A run that goes on. */
const makeRun = (said: Partial<JobRunInputs> = {}) =>
  jobRunHooks(clustersOf(cluster)).create(hookContext(), runInputs({ wait: { until: "nothing" }, ...said }));

function call<R>(name: "getJob" | "getJobRun" | "getJobRunLogs", args: unknown): Promise<Answer & { result: R }> {
  const token: FunctionToken = `jobrun:index:${name}`;
  const log = { warn: (message: string) => void warnings.push(message) };
  return functionsOf(clustersOf(cluster))[token](args, log) as Promise<Answer & { result: R }>;
}

const read = async <R>(...asked: Parameters<typeof call>): Promise<R> => (await call<R>(...asked)).result;
const writes = (): string[] => cluster.calls.filter((made) => !/^(get|list|log) /.test(made));

describe("a function", () => {
  test.each([
    ["no name", {}, ["name must be given"]],
    ["no arguments", undefined, ["name must be given"]],
    [
      "an undefined argument as none",
      { name: "nightly", namespace: undefined, index: "0" },
      ['index must be an integer, got "0"'],
    ],
    [
      "several faults",
      { name: "Nightly", tailLines: 0, connection: { kubeconfg: "k" } },
      [
        'name must consist of lower-case letters, digits and hyphens, and begin and end with a letter or digit (Kubernetes\' rule for names), got "Nightly"; did you mean `nightly`?',
        "tailLines must be at least 1, got 0",
        "connection.kubeconfg must not be given: there is no property `kubeconfg` here; did you mean `kubeconfig`?",
      ],
    ],
    [
      "a misspelt name",
      { name: "nightly", tailLine: 3 },
      ["tailLine must not be given: there is no property `tailLine` here; did you mean `tailLines`?"],
    ],
  ])("[U] is given %s: all faults are told, and the cluster is not asked", async (_title, args, faults) => {
    const message = await call("getJobRunLogs", args).then(
      () => "",
      (error: unknown) => (error as Error).message,
    );
    expect(message.split("\n").toSorted()).toEqual(faults.toSorted());
    expect(cluster.calls).toEqual([]);
  });

  test.each([
    ["getJob", "a job", "job list", "report"],
    ["getJobRun", "a job run", "list", "nightly"],
    ["getJobRunLogs", "a job run", "list", "nightly"],
  ] as const)(
    "[U] %s of what is not there names cluster, namespace, name and what to do",
    async (name, what, list, asked) => {
      await expect(call(name, { name: asked, namespace: "other" })).rejects.toThrow(
        `name must be that of ${what} in namespace other of the cluster https://cluster.test, got "${asked}", and there is none; \`npx jobrun ${list} --namespace other\` lists all`,
      );
    },
  );
});

describe("a job", () => {
  test("[U] is read as its resource shows it, secrets as references, and nothing is written", async () => {
    const { state } = await makeJob({
      retryLimit: 1,
      cpu: "500m",
      arraySize: 3,
      env: [secret, { name: "A", value: "x" }],
    });
    cluster.calls.length = 0;
    const { connection: _connection, orphanRuns: _orphans, ...shown } = state.outputs;
    expect(await call("getJob", { name: "report" })).toEqual({ result: shown, secret: false });
    expect(JSON.stringify(await read("getJob", { name: "report" }))).not.toContain("S3CRET");
    expect(writes()).toEqual([]);
  });

  test("[U] that somebody has changed has another revision", async () => {
    const { state } = await makeJob({ retryLimit: 1 });
    const found = cluster.object("ConfigMap", "report.job");
    const { "spec.json": text = "" } = found["data"] as Record<string, string>;
    cluster.put({ ...found, ...{ data: { "spec.json": text.replace('"retryLimit": 1', '"retryLimit": 2') } } });
    const { retryLimit, revision } = await read<GetJobResult>("getJob", { name: "report" });
    expect(retryLimit).toBe(2);
    expect(revision).not.toBe(state.outputs["revision"]);
  });

  test("[U] that somebody has made invalid is refused with all faults", async () => {
    await makeJob();
    const found = cluster.object("ConfigMap", "report.job");
    cluster.put({ ...found, ...{ data: { "spec.json": '{"image":"","cpu":"lots"}' } } });
    await expect(call("getJob", { name: "report" })).rejects.toThrow(
      /^ConfigMap jobs\/report.job is no valid definition of a job.*:\n {2}image .*\n {2}cpu /s,
    );
  });

  test("[U] that is being deleted is told so", async () => {
    await makeJob();
    const found = cluster.object("ConfigMap", "report.job");
    cluster.put({ ...found, metadata: { ...found.metadata, deletionTimestamp: "2026-01-05T12:00:00Z" } });
    await expect(call("getJob", { name: "report" })).rejects.toThrow('job "report" in namespace jobs is being deleted');
  });
});

/** Puts a pod of the run there as the kubelet would. */
function putPod(...[index, facts]: Parameters<typeof pod>): string {
  const { uid = "" } = cluster.object("ConfigMap", "nightly.jobrun").metadata;
  const made = pod(index, facts);
  cluster.put({
    ...made,
    metadata: { ...made.metadata, labels: { ...made.metadata.labels, "pulumi-jobrun/run-uid": uid } },
  });
  return made.metadata.name;
}

describe("a run", () => {
  test("[U] is read as its resource shows it, but for what only Pulumi knows, and nothing is written", async () => {
    const { state } = await makeRun({ env: [secret], arraySize: 2, retryLimit: 1 });
    cluster.calls.length = 0;
    const shown = await read<GetJobRunResult>("getJobRun", { name: "nightly" });
    expect(state.outputs).toMatchObject(shown);
    const apart = [
      "connection",
      "jobRevision",
      "wait",
      "onFailure",
      "logs",
      "retention",
      "triggers",
      "settle",
      "capturedLogs",
    ];
    expect(Object.keys(state.outputs).filter((key) => !(key in shown))).toEqual(apart);
    expect(JSON.stringify(shown)).not.toContain("S3CRET");
    expect(writes()).toEqual([]);
  });

  test("[U] that has ended is judged by its objects, and its result is not recorded", async () => {
    await makeRun();
    endJob(cluster, { success: true });
    cluster.calls.length = 0;
    expect(await read("getJobRun", { name: "nightly" })).toMatchObject({ status: "completed" });
    expect(writes()).toEqual([]);
  });

  test("[U] whose result is recorded is read from the record, though its objects have gone", async () => {
    const { state } = await makeRun();
    endJob(cluster, { success: false });
    await jobRunHooks(clustersOf(cluster)).read(hookContext(), state);
    cluster.drop("Job", "nightly");
    const found = await read("getJobRun", { name: "nightly" });
    expect(found).toMatchObject({ status: "failed", statusDetails: { failedIndices: "0", reason: "FailedIndexes" } });
  });

  test("[U] whose objects went before its result was recorded is unknown, and a warning says why", async () => {
    await makeRun({ arraySize: 3 });
    cluster.drop("Job", "nightly");
    expect(await read("getJobRun", { name: "nightly" })).toMatchObject({
      status: "unknown",
      statusDetails: { pending: 0, unknown: 3, pendingIndices: "" },
    });
    expect(warnings).toEqual([expect.stringMatching(/^job run "nightly" has no Jobs or Deployments/)]);
  });
});

describe("the logs of a run", () => {
  const logs = (args: object = {}) => read<GetJobRunLogsResult>("getJobRunLogs", { name: "nightly", ...args });

  test("[U] are told by index, without the last line break", async () => {
    await makeRun({ arraySize: 2 });
    for (const index of [1, 0]) cluster.logsOf.set(putPod(index, { state: ended(0) }), `one\npart ${index}\n`);
    const { logs: found, missingIndices, ...rest } = await logs();
    expect(found).toEqual({
      "0": { text: "one\npart 0", pod: "nightly-0-0", attempt: 1, retries: 0 },
      "1": { text: "one\npart 1", pod: "nightly-1-0", attempt: 1, retries: 0 },
    });
    expect([missingIndices, rest, warnings]).toEqual(["", {}, []]);
    expect(writes().filter((made) => made.startsWith("patch Job"))).toEqual([]);
  });

  test("[U] are those of the newest pod whose program has started", async () => {
    await makeRun({ retryLimit: 3 });
    cluster.logsOf.set(putPod(0, { state: ended(1) }), "first");
    cluster.logsOf.set(putPod(0, { attempt: 1, created: 20, state: ended(1) }), "second");
    putPod(0, { attempt: 2, created: 40, state: waiting("ContainerCreating") });
    expect((await logs()).logs).toEqual({ "0": { text: "second", pod: "nightly-0-1", attempt: 1, retries: 1 } });
  });

  test("[U] are as many lines as asked for, 20 when nobody asks, and of one index when it is named", async () => {
    await makeRun({ arraySize: 2 });
    const lines = Array.from({ length: 30 }, (_, i) => `line ${i}`);
    for (const index of [0, 1]) cluster.logsOf.set(putPod(index, { state: running() }), lines.join("\n"));
    expect((await logs({ index: 1 })).logs).toEqual({
      "1": expect.objectContaining({ text: lines.slice(10).join("\n") }),
    });
    expect((await logs({ tailLines: 1 })).logs["0"]?.text).toBe("line 29");
  });

  test("[U] end with the last line, however long the lines are", async () => {
    await makeRun();
    const lines = Array.from({ length: 40 }, (_, i) => `${"x".repeat(5_000)} ${i}`);
    const name = putPod(0, { state: ended(0) });
    cluster.logsOf.set(name, lines.join("\n"));
    const { text = "" } = (await logs({ tailLines: 40 })).logs["0"] ?? {};
    expect(text.endsWith("x 39")).toBe(true);
    expect(text.length).toBe(16_384);
  });

  test("[U] are masked, and are a secret, when the run has secret variables", async () => {
    await makeRun({ env: [secret] });
    cluster.logsOf.set(putPod(0, { state: ended(0) }), "token S3CRET-77");
    const answer = await call<GetJobRunLogsResult>("getJobRunLogs", { name: "nightly" });
    expect(answer.secret).toBe(true);
    expect(answer.result.logs["0"]?.text).toBe("token [secret]");
  });

  test.each([
    ["may not be read", () => cluster.refuse("get Secret", 403, "Forbidden")],
    ["has gone", () => cluster.drop("Secret", "nightly.jobrun")],
  ])("[U] are not shown when the Secret that says what to mask %s", async (_title, meanwhile) => {
    await makeRun({ env: [secret] });
    cluster.logsOf.set(putPod(0, { state: ended(0) }), "token S3CRET-77");
    meanwhile();
    await expect(logs()).rejects.toThrow(/^the logs of job run "nightly" are not shown: its secret values/);
  });

  test("[U] of pods that have gone, have not started or cannot be read are missing, with the reasons", async () => {
    await makeRun({ arraySize: 4 });
    cluster.logsOf.set(putPod(0, { state: ended(0) }), "done");
    putPod(1, { state: waiting("ContainerCreating") });
    putPod(2, { state: ended(0) });
    const found = await logs();
    expect(Object.keys(found.logs)).toEqual(["0"]);
    expect(found.missingIndices).toBe("1-3");
    expect(found.missingReason?.split("; ").toSorted()).toEqual([
      "1: the program has not started yet",
      "2: cannot read the log of Pod nightly-2-0: 404 NotFound - no",
      "3: there is no pod: it has not been created yet, or somebody has removed it",
    ]);
    expect(warnings).toEqual([expect.stringContaining("has no log of some of its indices: ")]);
  });

  test("[U] of a finished run whose pods were collected are missing, and that is why", async () => {
    const { state } = await makeRun();
    endJob(cluster, { success: true });
    await jobRunHooks(clustersOf(cluster)).read(hookContext(), state);
    expect(await logs()).toEqual({
      logs: {},
      missingIndices: "0",
      missingReason: "0: the pod has been removed: after the run's `retention`, or by somebody",
    });
  });

  test("[U] of a wide run are of its first hundred indices, and the others can be asked for", async () => {
    await makeRun({ arraySize: 102 });
    for (let index = 0; index < 102; index++) cluster.logsOf.set(putPod(index, { state: ended(0) }), `part ${index}`);
    const found = await logs();
    expect(Object.keys(found.logs)).toHaveLength(100);
    expect(found).toMatchObject({
      missingIndices: "100-101",
      missingReason: "100-101: more than 100 at once: ask by `index`",
    });
    expect((await logs({ index: 101 })).logs["101"]?.text).toBe("part 101");
  });

  test("[U] of an index that the run does not have are refused", async () => {
    await makeRun({ arrayIndices: "2,5-7" });
    await expect(logs({ index: 3 })).rejects.toThrow("index must be one of the run's, which are 2,5-7, got 3");
  });

  test("[U] that may not be read at all are an error", async () => {
    await makeRun();
    putPod(0, { state: ended(0) });
    cluster.refuse("log Pod nightly-0-0", 403, "Forbidden");
    await expect(logs()).rejects.toMatchObject({ status: 403 });
  });
});
