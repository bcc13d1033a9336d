import type { Kind } from "../../../provider/cluster/kinds";
import { label } from "../../../provider/core/kube/labels";
import type { KubeJob } from "../../../provider/core/kube/types";
import type { JobInputs, JobRunInputs } from "../../../provider/core/spec/types";
import { InitFailure, type State } from "../../../provider/resources/contract";
import { jobHooks } from "../../../provider/resources/job";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { condition, kubeJob } from "../support/cluster";
import { FakeCluster } from "./fakeCluster";
import { type Death, mortal } from "./mortal";
import { clustersOf, hookContext } from "./support";

// Hundreds of small worlds: a loaded machine takes its time.
jest.setTimeout(120_000);

const secret = { name: "TOKEN", value: "S3CRET", secret: true } as const;

interface Shape {
  readonly job?: JobInputs;
  readonly run: JobRunInputs;
}

const shapes: Readonly<Record<string, Shape>> = {
  "a contiguous task": { run: { name: "nightly", image: "app:1", arraySize: 3, env: [secret] } },
  "a sparse task of a job": {
    job: { name: "report", image: "app:1", env: [secret] },
    run: { name: "nightly", job: "report", arrayIndices: "1,3,7" },
  },
  "a daemon": {
    run: { name: "nightly", image: "app:1", mode: "daemon", arraySize: 2, wait: { until: "nothing" }, env: [secret] },
  },
};

/** What the engine keeps. */
interface Kept {
  job?: State<JobInputs>;
  run?: State<JobRunInputs>;
}

/** Kubernetes' Job controller: every Job ends at once, those of a first attempt as the world wants it. */
function endJobs(cluster: FakeCluster, firstFails: boolean): void {
  const names = cluster.names.filter((known) => known.startsWith("Job ")).map((known) => known.slice(4));
  for (const job of names.map((name) => cluster.object<KubeJob>("Job", name))) {
    if (job.status !== undefined) continue;
    const fails = firstFails && [undefined, "1"].includes(job.metadata.labels?.[label.attempt]);
    const { status } = fails
      ? kubeJob({ conditions: [condition("FailureTarget"), condition("Failed")], failed: "0-2" })
      : kubeJob({ conditions: [condition("SuccessCriteriaMet"), condition("Complete")], completed: "0-2" });
    cluster.put({ ...job, ...{ status } });
  }
}

/** A world with a cluster, what the engine keeps, and the commands of a user; any of them may die on the way. */
function world(shape: Shape, firstFails = false) {
  const cluster = new FakeCluster();
  const kept: Kept = {};
  const uids: unknown[] = [];
  const follow = cluster.follow.bind(cluster);
  jest.spyOn(cluster, "follow").mockImplementation((namespace, uid) => {
    setImmediate(() => endJobs(cluster, firstFails));
    return follow(namespace, uid);
  });
  const act = async (death: Death | undefined, work: (acting: Acting) => Promise<void>): Promise<number> => {
    const { client, died, writes } = mortal(cluster, death);
    const clusters = clustersOf(client);
    await Promise.race([work({ jobs: jobHooks(clusters), runs: jobRunHooks(clusters) }), died]);
    return writes();
  };
  return {
    cluster,
    kept,
    uids,
    up: (death?: Death) => act(death, (acting) => up(acting, shape, kept)),
    replace: (death?: Death) =>
      act(death, async ({ runs }) => {
        const old = kept.run;
        kept.run = (await runs.create(runContext(), shape.run)).state;
        if (old !== undefined) await runs.delete(runContext(), old);
      }),
    change: (news: JobRunInputs, death?: Death) =>
      act(death, async ({ runs }) => {
        if (kept.run !== undefined) kept.run = await stateOf(runs.update(runContext(), kept.run, news));
      }),
    destroy: (death?: Death) => act(death, (acting) => destroy(acting, kept)),
  };
}

interface Acting {
  readonly jobs: ReturnType<typeof jobHooks>;
  readonly runs: ReturnType<typeof jobRunHooks>;
}

const jobContext = () => hookContext({ name: "report" });
const runContext = () => hookContext({ name: "nightly" });

async function up({ jobs, runs }: Acting, { job, run }: Shape, kept: Kept): Promise<void> {
  if (job !== undefined) kept.job ??= (await jobs.create(jobContext(), job)).state;
  if (kept.run === undefined) kept.run = await stateOf(runs.create(runContext(), run).then(({ state }) => state));
  else kept.run = await stateOf(runs.update(runContext(), kept.run, run));
}

/** The engine keeps what a partial failure says. */
async function stateOf(work: Promise<State<JobRunInputs>>): Promise<State<JobRunInputs>> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof InitFailure) return (error as InitFailure<JobRunInputs>).created.state;
    throw error;
  }
}

async function destroy({ jobs, runs }: Acting, kept: Kept): Promise<void> {
  if (kept.run !== undefined) await runs.delete(runContext(), kept.run);
  delete kept.run;
  if (kept.job !== undefined) await jobs.delete(jobContext(), kept.job);
  delete kept.job;
}

/** Every write of a command, done and not done. */
const deaths = (writes: number): Death[] =>
  Array.from({ length: writes }, (_, i) => [false, true].map((done) => ({ write: i + 1, done }))).flat();

/** UIDs of what runs, which tell whether anything was run twice. */
const workloads = (cluster: FakeCluster): unknown[] =>
  cluster.names
    .filter((name) => /^(Job|Deployment) /.test(name))
    .map((name) => name.split(" ") as ["Job" | "Deployment", string])
    .map(([kind, name]) => cluster.object(kind, name).metadata.uid);

const isTold = (cluster: FakeCluster): boolean =>
  cluster.names.includes("ConfigMap nightly.jobrun") &&
  cluster.object("ConfigMap", "nightly.jobrun").metadata.annotations?.["pulumi-jobrun/acknowledged"] !== undefined;

const recordUid = (cluster: FakeCluster): unknown => cluster.object("ConfigMap", "nightly.jobrun").metadata.uid;

/** Changes that the engine asks to be made by `update`. */
const inPlace: Readonly<Record<string, Partial<JobRunInputs>>> = {
  "a contiguous task": { retention: 60 },
  "a sparse task of a job": { wait: { until: "running" } },
  "a daemon": { image: "app:2", arraySize: 1, env: [{ ...secret, value: "0THER" }] },
};

/** Everything but what differs each time. */
function contents(cluster: FakeCluster): unknown[] {
  const text = JSON.stringify(
    cluster.names.toSorted().map((name) => cluster.object(...(name.split(" ") as [Kind, string]))),
  );
  const plain = text.replaceAll(/"(resourceVersion|[\w/-]*uid|time|startTime)":"[^"]*"/g, '"$1":""');
  return JSON.parse(plain.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "")) as unknown[];
}

describe.each(Object.entries(shapes))("[U] whatever write of %s a process dies at,", (title, shape) => {
  test("another `up` makes of it exactly the run that would have come without, and runs nothing twice", async () => {
    const undisturbed = world(shape);
    const writes = await undisturbed.up();
    expect(writes).toBeGreaterThan(3);
    for (const death of deaths(writes)) {
      const { cluster, kept, up: again } = world(shape);
      await again(death);
      const before = workloads(cluster);
      // Between the mark and the engine's own note of it lies the one moment in which a run is run again.
      const isRepeated = isTold(cluster);
      await again();
      expect([death, cluster.names.toSorted()]).toEqual([death, undisturbed.cluster.names.toSorted()]);
      expect(kept.run?.hidden.uid).toBe(recordUid(cluster));
      expect(kept.run?.outputs["status"]).toBe(undisturbed.kept.run?.outputs["status"]);
      if (!isRepeated) expect(workloads(cluster)).toEqual(expect.arrayContaining(before));
      expect(isTold(cluster)).toBe(true);
    }
  });

  test("a destroy after another `up` leaves nothing", async () => {
    for (const death of deaths(await world(shape).up())) {
      const { cluster, up: again, destroy: end } = world(shape);
      await again(death);
      await again();
      await end();
      expect([death, cluster.names]).toEqual([death, []]);
    }
  });

  test("another destroy leaves nothing, when it was a destroy that died", async () => {
    const measured = world(shape);
    await measured.up();
    for (const death of deaths(await measured.destroy())) {
      const { cluster, up: first, destroy: end } = world(shape);
      await first();
      await end(death);
      await end();
      expect([death, cluster.names]).toEqual([death, []]);
    }
  });

  test("one run is left when a replacement that asks no diff died and is repeated", async () => {
    const measured = world(shape);
    await measured.up();
    for (const death of deaths(await measured.replace())) {
      const { cluster, kept, up: first, replace } = world(shape);
      await first();
      await replace(death);
      await replace();
      expect([death, cluster.names.toSorted()]).toEqual([death, measured.cluster.names.toSorted()]);
      expect(kept.run?.hidden.uid).toBe(recordUid(cluster));
    }
  });

  test("a destroy leaves nothing of a replacement that asks no diff and died", async () => {
    const measured = world(shape);
    await measured.up();
    const missed: Death[] = [];
    for (const death of deaths(await measured.replace())) {
      const { cluster, kept, up: first, replace, destroy: end } = world(shape);
      await first();
      await replace(death);
      // The mark says that the engine was told, and it was not: that is the one moment in which a run is lost.
      const isLost = isTold(cluster) && recordUid(cluster) !== kept.run?.hidden.uid;
      await end();
      if (isLost) missed.push(death);
      else expect([death, cluster.names]).toEqual([death, []]);
    }
    expect(missed).toHaveLength(1);
  });

  test("another `up` ends a change that is made in place, when it was that change that died", async () => {
    const changed = { ...shape.run, ...inPlace[title] };
    const measured = world(shape);
    await measured.up();
    for (const death of deaths(await measured.change(changed))) {
      const { cluster, kept, up: first, change } = world(shape);
      await first();
      await change(changed, death);
      await change(changed);
      expect([death, contents(cluster)]).toEqual([death, contents(measured.cluster)]);
      expect(kept.run?.hidden.uid).toBe(recordUid(cluster));
    }
  });

  test("another `up` completes a run that had failed half-way, when it was its completion that died", async () => {
    const half = async () => {
      const made = world(shape);
      made.cluster.refuse(shape.run.mode === "daemon" ? "create Deployment" : "create Job", 403, "Forbidden");
      await made.up();
      return made;
    };
    const measured = await half();
    expect(measured.kept.run?.hidden.started).toBe(false);
    for (const death of deaths(await measured.up())) {
      const { cluster, kept, up: again } = await half();
      await again(death);
      await again();
      expect([death, cluster.names.toSorted()]).toEqual([death, measured.cluster.names.toSorted()]);
      expect(kept.run?.outputs["status"]).toBe(measured.kept.run?.outputs["status"]);
    }
  });
});

const tasks = Object.entries(shapes).filter(([, { run }]) => run.mode !== "daemon");

test.each(tasks)(
  "[U] another `up` ends a further attempt of %s that failed, at whatever write its beginning died",
  async (_title, shape) => {
    const measured = world(shape, true);
    await measured.up();
    expect(measured.kept.run?.outputs).toMatchObject({ status: "failed", attempt: 1 });
    const writes = await measured.up();
    expect(measured.kept.run?.outputs).toMatchObject({ status: "completed", attempt: 2 });
    for (const death of deaths(writes)) {
      const { cluster, kept, up: again } = world(shape, true);
      await again();
      await again(death);
      await again();
      expect([death, contents(cluster)]).toEqual([death, contents(measured.cluster)]);
      expect(kept.run?.outputs).toMatchObject({ status: "completed", attempt: 2 });
    }
  },
);
