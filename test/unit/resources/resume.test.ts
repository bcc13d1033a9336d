import type { KubeJob, Secret } from "../../../provider/core/kube/types";
import { readRecord } from "../../../provider/core/manifest/record";
import type { EnvVar, JobRunInputs } from "../../../provider/core/spec/types";
import type { State } from "../../../provider/resources/contract";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { condition } from "../support/cluster";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, hookContext, initFailureOf, runInputs } from "./support";

let cluster: FakeCluster;
let hooks: ReturnType<typeof jobRunHooks>;
beforeEach(() => {
  cluster = new FakeCluster();
  hooks = jobRunHooks(clustersOf(cluster));
});

const five = { arraySize: 5 } as const;
const failure = condition("FailureTarget", { reason: "FailedIndexes", message: "2 failed" });
const jobs = (): string[] => cluster.names.filter((name) => name.startsWith("Job "));
const record = () => readRecord(cluster.object("ConfigMap", "nightly.jobrun"));

/** Ends a Job as the Job controller does: after a verdict of failure comes the last word. */
function end(name: string, status: NonNullable<KubeJob["status"]>): void {
  const { conditions: given = [] } = status;
  const conditions = given.includes(failure) ? [...given, { ...failure, type: "Failed" }] : given;
  cluster.put({ ...cluster.object<KubeJob>("Job", name), ...{ status: { ...status, conditions } } });
}

/** Ends Jobs as soon as somebody waits for them. */
function endNext(statuses: Readonly<Record<string, NonNullable<KubeJob["status"]>>>): void {
  const follow = FakeCluster.prototype.follow.bind(cluster);
  jest.spyOn(cluster, "follow").mockImplementation((namespace, uid) => {
    setImmediate(() => {
      for (const [name, status] of Object.entries(statuses)) if (jobs().includes(`Job ${name}`)) end(name, status);
    });
    return follow(namespace, uid);
  });
}

const partly = { nightly: { completedIndexes: "0,2,4", failedIndexes: "1,3", conditions: [failure] } };
const done = { conditions: [condition("Complete")], completedIndexes: "0" };

/** A run of five of which 1 and 3 failed. */
async function failed(said: Partial<JobRunInputs> = {}): Promise<State<JobRunInputs>> {
  endNext(partly);
  const inputs = runInputs({ ...five, ...said });
  return (await initFailureOf<JobRunInputs>(hooks.create(hookContext(), inputs))).created.state;
}

const update = (state: State<JobRunInputs>, said: Partial<JobRunInputs> = {}) =>
  hooks.update(hookContext(), state, runInputs({ ...five, ...said }));

describe("a failed task", () => {
  test("[U] runs exactly the indices again that failed, with the size of its array and all attempts told", async () => {
    const state = await failed();
    endNext({ "nightly-1-2": done, "nightly-3-2": done });
    const after = await update(state);
    expect(jobs()).toEqual(["Job nightly", "Job nightly-1-2", "Job nightly-3-2"]);
    const spec = JSON.stringify(cluster.object("Job", "nightly-3-2")["spec"]);
    expect(spec).toContain('{"name":"JOB_ARRAY_SIZE","value":"5"}');
    expect(spec).toContain('{"name":"JOB_INDEX","value":"3"}');
    expect(after.outputs).toMatchObject({
      status: "completed",
      attempt: 2,
      arrayIndices: "0-4",
      statusDetails: { requested: 5, succeeded: 5, succeededIndices: "0-4", failed: 0, failedIndices: "" },
    });
    expect(after.outputs).not.toHaveProperty("resumed");
    expect(after.hidden).toMatchObject({ started: true, reached: true });
    expect(record().result).toMatchObject({ status: "completed" });
  });

  test("[U] fails again with what fails again, and the next attempt runs only that", async () => {
    const first = await failed();
    const again = { conditions: [failure], failedIndexes: "0" };
    endNext({ "nightly-1-2": done, "nightly-3-2": again });
    const { created } = await initFailureOf<JobRunInputs>(update(first));
    expect(created.state.outputs).toMatchObject({
      status: "failed",
      attempt: 2,
      statusDetails: { succeededIndices: "0-2,4", failedIndices: "3" },
    });
    endNext({ "nightly-3-3": done });
    const after = await update(created.state);
    expect(jobs()).toEqual(["Job nightly", "Job nightly-1-2", "Job nightly-3-2", "Job nightly-3-3"]);
    expect(after.outputs).toMatchObject({ status: "completed", attempt: 3 });
  });

  test("[U] whose attempt was interrupted goes on with it, and begins no other", async () => {
    const state = await failed();
    cluster.refuse("create Job nightly-3-2", 500, "InternalError");
    await initFailureOf<JobRunInputs>(update(state));
    endNext({ "nightly-1-2": done, "nightly-3-2": done });
    // The engine was killed: it knows of the first attempt only.
    const after = await update(state);
    expect(jobs()).toEqual(["Job nightly", "Job nightly-1-2", "Job nightly-3-2"]);
    expect(after.outputs).toMatchObject({ status: "completed", attempt: 2 });
  });

  test("[U] whose attempt was interrupted is not taken to have gone", async () => {
    const state = await failed();
    cluster.refuse("create Job nightly-1-2", 500, "InternalError");
    cluster.at("create Job nightly-3-2", () => {
      throw new Error("killed");
    });
    await initFailureOf<JobRunInputs>(update(state));
    const found = (await hooks.read(hookContext(), state)) as State<JobRunInputs>;
    expect(found.outputs).toMatchObject({
      attempt: 2,
      status: "running",
      statusDetails: { succeededIndices: "0,2,4" },
    });
    expect(found.hidden.started).toBe(false);
  });

  test("[U] waits for the last word before an index runs again: its pods may still be there", async () => {
    const state = await failed();
    const { conditions: _conditions, ...status } = partly.nightly;
    const job = cluster.object<KubeJob>("Job", "nightly");
    cluster.put({ ...job, ...{ status: { ...status, conditions: [failure] } } });
    endNext({ "nightly-1-2": done, "nightly-3-2": done });
    const context = hookContext();
    const work = hooks.update(context, state, runInputs(five));
    while (context.statuses.length === 0) await new Promise(setImmediate);
    expect(jobs()).toEqual(["Job nightly"]);
    end("nightly", { ...status, conditions: [failure] });
    expect((await work).outputs["status"]).toBe("completed");
  });

  test("[U] of whose further attempt somebody deleted the Jobs runs again what that was to run, and nothing else", async () => {
    const state = await failed();
    endNext({});
    const short = hookContext({ timeouts: { update: 0 } });
    const begun = await initFailureOf<JobRunInputs>(hooks.update(short, state, runInputs(five)));
    for (const name of ["nightly", "nightly-1-2", "nightly-3-2"]) cluster.drop("Job", name);
    const lost = await initFailureOf<JobRunInputs>(update(begun.created.state));
    endNext({ "nightly-1-2": done, "nightly-3-2": done });
    const { outputs } = await update(lost.created.state);
    expect(jobs()).toEqual(["Job nightly-1-2", "Job nightly-3-2"]);
    expect(outputs).toMatchObject({ status: "completed", attempt: 2, statusDetails: { succeededIndices: "0-4" } });
  });

  test("[U] of which somebody removed everything is resumed as the next attempt, with what has not succeeded", async () => {
    const state = await failed();
    endNext({ "nightly-1-2": done, "nightly-3-2": { conditions: [failure], failedIndexes: "0" } });
    const second = await initFailureOf<JobRunInputs>(update(state));
    for (const name of ["nightly", "nightly-1-2", "nightly-3-2"]) cluster.drop("Job", name);
    cluster.drop("ConfigMap", "nightly.jobrun");
    endNext({ "nightly-3-3": done });
    const { outputs } = await update(second.created.state);
    expect(jobs()).toEqual(["Job nightly-3-3"]);
    expect(outputs).toMatchObject({ status: "completed", attempt: 3, statusDetails: { succeededIndices: "0-4" } });
  });

  test("[U] keeps its secret values: its Secret is not made anew", async () => {
    const env: EnvVar[] = [{ name: "TOKEN", value: "S3CRET", secret: true }];
    const state = await failed({ env });
    const before = cluster.object<Secret>("Secret", "nightly.jobrun").metadata.uid;
    endNext({ "nightly-1-2": done, "nightly-3-2": done });
    await update(state, { env });
    expect(cluster.object("Secret", "nightly.jobrun").metadata.uid).toBe(before);
    expect(JSON.stringify(cluster.object("Job", "nightly-1-2"))).toContain("nightly.jobrun");
  });

  test("[U] that is to be kept runs nothing again, and says the verdict once more", async () => {
    const state = await failed({ onFailure: "keep" });
    const { message } = await initFailureOf<JobRunInputs>(update(state, { onFailure: "keep" }));
    expect(message).toContain("FailedIndexes");
    expect(jobs()).toEqual(["Job nightly"]);
  });

  test("[U] of a sparse array is resumed in the same way", async () => {
    const sparse = { arrayIndices: "2,9", arraySize: undefined } as unknown as Partial<JobRunInputs>;
    endNext({ "nightly-2": done, "nightly-9": { conditions: [failure], failedIndexes: "0" } });
    const create = hooks.create(hookContext(), runInputs(sparse));
    const { created } = await initFailureOf<JobRunInputs>(create);
    endNext({ "nightly-9-2": done });
    const after = await hooks.update(hookContext(), created.state, runInputs(sparse));
    expect(jobs()).toEqual(["Job nightly-2", "Job nightly-9", "Job nightly-9-2"]);
    expect(after.outputs).toMatchObject({ status: "completed", statusDetails: { succeededIndices: "2,9" } });
  });
});
