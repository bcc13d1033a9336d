import { kubernetes } from "../../../../provider/core/kube/labels";
import type { Deployment } from "../../../../provider/core/kube/types";
import { readRecord } from "../../../../provider/core/manifest/record";
import { jobHooks } from "../../../../provider/resources/job";
import { jobRunHooks } from "../../../../provider/resources/jobRun";
import { FakeCluster } from "../../resources/fakeCluster";
import { clustersOf, endJob, hookContext, putPod } from "../../resources/support";
import { ended, running } from "../../support/cluster";
import { jobrun, makeJob, makeRun } from "./support";

let cluster: FakeCluster;
beforeEach(() => (cluster = new FakeCluster()));

const specOf = (run: string) => readRecord(cluster.object("ConfigMap", `${run}.jobrun`)).spec;
const changes = (): string[] => cluster.calls.filter((made) => !/^(get|list|log|follow|close|dryRun) /.test(made));
const secret = { name: "TOKEN", value: "S3CRET-77", secret: true } as const;

describe("resubmit", () => {
  const ofJob = { name: "nightly", job: "report", wait: { until: "nothing" } } as const;
  const makeScene = async (): Promise<void> => {
    const { state } = (await makeJob(cluster, {
      arraySize: 5,
      env: [secret, { name: "A", value: "then" }],
    })) as Awaited<ReturnType<ReturnType<typeof jobHooks>["create"]>>;
    const platform = { CE_REGION: "eu-de" };
    await jobRunHooks(clustersOf(cluster, { platform })).create(hookContext(), {
      ...ofJob,
      retryLimit: 0,
      cpu: "500m",
    });
    const news = { name: "report", image: "app:2", env: [{ name: "A", value: "now" }] };
    await jobHooks(clustersOf(cluster)).update(hookContext({ name: "report" }), state, news);
  };

  test("[U] makes a run again as it was, of its job as that was then, secret values included", async () => {
    await makeScene();
    const { code, out } = await jobrun(cluster, "resubmit nightly --as again -o name");
    expect({ code, out }).toEqual({ code: 0, out: "again\n" });
    const { name: _name, env, ...first } = specOf("nightly");
    expect(specOf("again")).toMatchObject({ ...first, name: "again" });
    expect(JSON.stringify(specOf("again").env)).toBe(JSON.stringify(env).replaceAll("nightly.jobrun", "again.jobrun"));
    const { data } = cluster.object<{ data: Record<string, string> }>("Secret", "again.jobrun");
    expect(Object.values(data)).toEqual([Buffer.from("S3CRET-77").toString("base64")]);
    expect(cluster.object("ConfigMap", "again.jobrun").metadata.ownerReferences).toMatchObject([
      { name: "report.job" },
    ]);
  });

  test("[U] with --failed makes one of the failed indices, which see the size of the whole", async () => {
    await makeScene();
    putPod(cluster, 3, { state: ended(1) });
    putPod(cluster, 1, { state: ended(1) });
    const found = cluster.object("Job", "nightly");
    endJob(cluster, { success: false });
    const { status } = cluster.object<{ status: object }>("Job", "nightly");
    cluster.put({ ...found, ...{ status: { ...status, failedIndexes: "1,3", completedIndexes: "0,2,4" } } });
    const { code, out } = await jobrun(cluster, "resubmit nightly --failed -o name");
    expect(code).toBe(0);
    expect(out).toMatch(/^report-jobrun-[0-9a-z]{5}\n$/);
    expect(specOf(out.trim())).toMatchObject({ arrayIndices: "1,3", arraySize: 2, arraySizeVariable: 5 });
  });

  test("[U] with --failed of what has not failed makes nothing", async () => {
    await makeScene();
    cluster.calls.length = 0;
    expect(await jobrun(cluster, "resubmit nightly --failed")).toMatchObject({
      code: 1,
      err: expect.stringContaining('job run "nightly" has no index that failed; without --failed all of it runs again'),
    });
    expect(changes()).toEqual([]);
  });

  test("[U] of a stand-alone run wants a name for the new one", async () => {
    await makeRun(cluster, { mode: "daemon", backend: "job", env: [secret] });
    expect((await jobrun(cluster, "resubmit nightly")).code).toBe(64);
    expect((await jobrun(cluster, "resubmit nightly --as next")).code).toBe(0);
    expect(readRecord(cluster.object("ConfigMap", "next.jobrun"))).toMatchObject({
      spec: { image: "app:1", mode: "daemon" },
      carrier: { backend: "job" },
    });
  });

  test("[U] of a run whose job or secret values have gone says so", async () => {
    await makeScene();
    cluster.drop("Secret", "nightly.jobrun");
    expect((await jobrun(cluster, "resubmit nightly")).err).toContain(
      "without its secret values the run cannot be made again",
    );
    cluster.drop("ConfigMap", "report.job");
    expect((await jobrun(cluster, "resubmit nightly")).err).toContain('is one of job "report", which has gone');
  });
});

describe("restart", () => {
  const restartedAt = (name: string): string | undefined =>
    cluster.object<Deployment>("Deployment", name).spec?.template?.metadata?.annotations?.[kubernetes.restartedAt];

  const makeDaemon = async (backend: "deployment" | "job"): Promise<void> => {
    await makeRun(cluster, { mode: "daemon", arraySize: 3, backend });
    for (const index of [0, 1]) putPod(cluster, index, { state: running(), phase: "Running" });
    putPod(cluster, 2, { state: ended(0), phase: "Running" });
    cluster.calls.length = 0;
  };

  test("[U] rolls out anew what has not ended on purpose", async () => {
    await makeDaemon("deployment");
    expect(await jobrun(cluster, "restart nightly")).toEqual({
      ...{ code: 0, err: "" },
      out: "Restarting indices 0-1 of job run 'nightly'...\nOK\n",
    });
    expect(restartedAt("nightly-0")).toMatch(/^\d{4}-/);
    expect(restartedAt("nightly-2")).toBeUndefined();
    expect(changes()).toEqual(["patch Deployment nightly-0", "patch Deployment nightly-1"]);
  });

  test("[U] of one index touches no other", async () => {
    await makeDaemon("deployment");
    expect((await jobrun(cluster, "restart nightly --index 1")).code).toBe(0);
    expect(changes()).toEqual(["patch Deployment nightly-1"]);
  });

  test("[U] of a daemon on Jobs deletes the pods, and says what a program must not do then", async () => {
    await makeDaemon("job");
    const { code, err } = await jobrun(cluster, "restart nightly --index 1");
    expect(code).toBe(0);
    expect(err).toContain("is not started again");
    expect(changes()).toEqual(["delete Pod nightly-1-0"]);
  });

  test.each([
    ["restart nightly --index 2", "index 2 has ended with exit code 0, which is to stop on purpose"],
    ["restart nightly --index 7", "index must be one of the run's, which are 0-2, got 7"],
  ])("[U] %s changes nothing, and says why", async (line, why) => {
    await makeDaemon("deployment");
    expect(await jobrun(cluster, line)).toMatchObject({ code: 1, err: expect.stringContaining(why) });
    expect(changes()).toEqual([]);
  });

  test("[U] of a task says that a task is resubmitted", async () => {
    await makeRun(cluster);
    cluster.calls.length = 0;
    const { code, err } = await jobrun(cluster, "restart nightly");
    expect(code).toBe(1);
    expect(err).toContain("`jobrun resubmit nightly` makes a new run of it");
    expect(changes()).toEqual([]);
  });
});

describe("settle", () => {
  test("[U] scales what has ended with exit code 0 to zero, and is done when that is done", async () => {
    await makeRun(cluster, { mode: "daemon", arraySize: 3 });
    putPod(cluster, 1, { state: ended(0), phase: "Running" });
    putPod(cluster, 2, { state: running(), phase: "Running" });
    expect(await jobrun(cluster, "settle nightly")).toEqual({
      code: 0,
      err: "",
      out: "Scaled to zero: indices 1.\nOK\n",
    });
    expect(cluster.object<Deployment>("Deployment", "nightly-1").spec?.replicas).toBe(0);
    expect(cluster.object<Deployment>("Deployment", "nightly-2").spec?.replicas).toBe(1);
    expect((await jobrun(cluster, "settle nightly")).out).toBe("No index has ended that still holds anything.\nOK\n");
  });

  test("[U] of what Jobs carry says that there is nothing to free", async () => {
    await makeRun(cluster);
    expect(await jobrun(cluster, "settle nightly")).toMatchObject({
      code: 1,
      err: expect.stringContaining("which free what they held when they end"),
    });
  });
});
