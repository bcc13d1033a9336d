import type { JobInputs, JobRunInputs } from "../../../provider/core/spec/types";
import { jobHooks } from "../../../provider/resources/job";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, endWhenFollowed, hookContext, initFailureOf, runInputs } from "./support";

let cluster: FakeCluster;
let jobs: ReturnType<typeof jobHooks>;
let runs: ReturnType<typeof jobRunHooks>;
beforeEach(() => {
  cluster = new FakeCluster();
  jobs = jobHooks(clustersOf(cluster));
  runs = jobRunHooks(clustersOf(cluster));
});

const secret = { name: "TOKEN", value: "S3CRET", secret: true } as const;
const jobInputs = (said: Partial<JobInputs> = {}): JobInputs => ({ name: "report", image: "app:1", ...said });

/** As another stack sees it. */
const stranger = () => hookContext({ name: "imported" });

describe("a run that is taken over", () => {
  const complete = async (inputs: JobRunInputs) => {
    endWhenFollowed(cluster, { success: true });
    return (await runs.create(hookContext(), inputs)).state;
  };

  test("[U] has the state that it had, and the inputs that make it again", async () => {
    const inputs = runInputs({ arraySize: 3, env: [{ name: "A", value: "a" }, secret] });
    const state = await complete(inputs);
    const found = await runs.adopt(stranger(), "jobs/nightly");
    expect(found?.outputs).toEqual(state.outputs);
    expect(found?.hidden.inputs).toEqual({ ...inputs, namespace: "jobs" });
  });

  test("[U] shows no difference when its inputs are written down, and a replacement when they differ", async () => {
    await complete(runInputs());
    const found = await runs.adopt(stranger(), "jobs/nightly");
    if (found === undefined) throw new Error("must be found");
    expect(await runs.diff(stranger(), found, found.hidden.inputs)).toMatchObject({ changes: false });
    const other = { ...found.hidden.inputs, image: "app:2" };
    // The note of a refresh is for the engine's own `diff` after a read.
    await runs.check(stranger(), {}, other);
    expect(await runs.diff(stranger(), found, other)).toMatchObject({ changes: true, replaces: ["image"] });
  });

  test("[U] of a job says only what differs from the job", async () => {
    await jobs.create(hookContext(), jobInputs({ arraySize: 5, env: [secret, { name: "A", value: "job" }] }));
    await complete({ name: "nightly", job: "report", env: [{ name: "A", value: "run" }], retryLimit: 0 });
    expect((await runs.adopt(stranger(), "jobs/nightly"))?.hidden.inputs).toEqual({
      ...{ name: "nightly", namespace: "jobs", job: "report", retryLimit: 0 },
      env: [{ name: "A", value: "run" }],
    });
  });

  test("[U] is unhealthy when it failed, in words that name it", async () => {
    endWhenFollowed(cluster, { success: false });
    await initFailureOf(runs.create(hookContext(), runInputs()));
    expect((await runs.adopt(stranger(), "jobs/nightly"))?.unhealthy).toBe('job run "nightly" failed: index 0');
  });

  test("[U] whose secret values are lost is refused, with what to do", async () => {
    await complete(runInputs({ env: [secret] }));
    cluster.drop("Secret", "nightly.jobrun");
    await expect(runs.adopt(stranger(), "jobs/nightly")).rejects.toThrow(
      "Secret jobs/nightly.jobrun must have key TOKEN for variable TOKEN: the run cannot be taken over without its secret values",
    );
  });
});

describe("a job that is taken over", () => {
  test("[U] has the state that it had, and the inputs that make it again", async () => {
    const inputs = jobInputs({ mode: "daemon", arrayIndices: "3,5", env: [secret], labels: { team: "a" } });
    const { state } = await jobs.create(hookContext(), inputs);
    const found = await jobs.adopt(stranger(), "jobs/report");
    expect(found?.outputs).toEqual(state.outputs);
    expect(found?.hidden.inputs).toEqual({ ...inputs, namespace: "jobs" });
  });
});

describe("an id", () => {
  test.each(["jobs/nowhere", "elsewhere/nightly"])("[U] that leads nowhere finds nothing: %s", async (id) => {
    await jobs.create(hookContext(), jobInputs({ name: "nightly" }));
    expect(await runs.adopt(stranger(), id)).toBeUndefined();
    expect(await jobs.adopt(stranger(), id)).toBeUndefined();
  });

  test.each(["nightly", "a/b/c", "/nightly", "jobs/", ""])("[U] that is none is refused: %j", async (id) => {
    const refused = `id must be \`namespace/name\`, got ${JSON.stringify(id)}`;
    await expect(runs.adopt(stranger(), id)).rejects.toThrow(refused);
    await expect(jobs.adopt(stranger(), id)).rejects.toThrow(refused);
  });

  test("[U] is taken in the namespace that it names, whatever the settings say", async () => {
    await jobs.create(hookContext(), jobInputs({ namespace: "other" }));
    const elsewhere = jobHooks(clustersOf(cluster, { namespace: "jobs" }));
    expect((await elsewhere.adopt(stranger(), "other/report"))?.outputs).toMatchObject({ namespace: "other" });
  });
});
