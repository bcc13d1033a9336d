import { label } from "../../../provider/core/kube/labels";
import type { ConfigMap, KubeObject, Secret } from "../../../provider/core/kube/types";
import { toDefinition, toDefinitionSecret } from "../../../provider/core/manifest/definition";
import { readRecord } from "../../../provider/core/manifest/record";
import type { EnvVar, JobRunInputs, JobTemplate } from "../../../provider/core/spec/types";
import { ensureObjects } from "../../../provider/resources/ensureObjects";
import type { Place } from "../../../provider/resources/clusters";
import { claimRun } from "../../../provider/resources/startRun";
import { owner } from "../support/specs";
import { FakeCluster } from "./fakeCluster";
import { hookContext, runInputs } from "./support";

let cluster: FakeCluster;
let place: Place;
beforeEach(() => {
  cluster = new FakeCluster();
  place = { client: cluster, namespace: "jobs", settings: {} };
});

const claimed = (said: Partial<JobRunInputs> = {}) => claimRun(place, hookContext(), runInputs(said));

/** Claims and creates; what happens between the two is the case. */
async function start(said: Partial<JobRunInputs> = {}, between: () => void = () => undefined): Promise<void> {
  const run = await claimed(said);
  between();
  await ensureObjects(place, run, hookContext());
}

/** A job in the cluster. */
function defineJob(template: Partial<JobTemplate> = {}): ConfigMap {
  const complete = { image: "app:1", ...template };
  const definition = cluster.put(toDefinition("report", complete, owner));
  const secret = toDefinitionSecret("report", complete, definition);
  if (secret !== undefined) cluster.put(secret);
  return definition;
}

const ofJob = { job: "report", image: undefined } as unknown as Partial<JobRunInputs>;

describe("the record", () => {
  test("[U] is there before anything runs, and holds what the run is made of", async () => {
    const { spec, record } = await claimed({ arraySize: 3 });
    expect(cluster.names).toEqual(["ConfigMap nightly.jobrun"]);
    expect(spec).toMatchObject({ name: "nightly", image: "app:1", arrayIndices: "0-2" });
    expect(readRecord(record).spec).toEqual(spec);
  });

  test("[U] hangs on the definition, neither controlled nor blocking", async () => {
    const { metadata } = defineJob();
    const { record } = await claimed(ofJob);
    expect(record.metadata.ownerReferences).toEqual([
      { apiVersion: "v1", kind: "ConfigMap", name: "report.job", uid: metadata.uid },
    ]);
  });

  test("[U] left by a crash is adopted when it means the same run", async () => {
    const { record } = await claimed();
    expect((await claimed()).record.metadata.uid).toBe(record.metadata.uid);
  });

  test("[U] left by a crash is no use when the inputs have changed since: that run goes, and a new one comes", async () => {
    const run = await claimed();
    await ensureObjects(place, run, hookContext());
    const { record } = await claimed({ image: "app:2" });
    expect(record.metadata.uid).not.toBe(run.record.metadata.uid);
    expect(cluster.names).toEqual(["ConfigMap nightly.jobrun"]);
  });
});

test("[U] a record left by a crash is no use when its job was made anew since: it goes with the old one", async () => {
  defineJob();
  const { record } = await claimed(ofJob);
  cluster.drop("ConfigMap", "report.job");
  const { uid } = defineJob().metadata;
  const again = await claimed(ofJob);
  expect(again.record.metadata.uid).not.toBe(record.metadata.uid);
  expect(again.record.metadata.ownerReferences).toMatchObject([{ uid }]);
});

describe("the job", () => {
  test("[U] must be there", async () => {
    await expect(claimed(ofJob)).rejects.toThrow('job must be the name of a job in namespace jobs, got "report"');
    expect(cluster.names).toEqual([]);
  });

  test("[U] must not be about to go", async () => {
    const definition = defineJob();
    cluster.put({ ...definition, metadata: { ...definition.metadata, deletionTimestamp: "2026-01-05T12:00:00Z" } });
    await expect(claimed(ofJob)).rejects.toThrow(
      'job "report" in namespace jobs is being deleted: create it again first',
    );
  });

  test("[U] gives what the run does not say itself", async () => {
    defineJob({ image: "app:7", retryLimit: 1, env: [{ name: "A", value: "job" }] });
    const { spec } = await claimed({ ...ofJob, retryLimit: 0 });
    expect(spec).toMatchObject({ job: "report", image: "app:7", retryLimit: 0, env: [{ name: "A", value: "job" }] });
  });

  test("[U] gives copies of its secret values, which a later change of the job does not reach", async () => {
    defineJob({ env: [{ name: "TOKEN", value: "S3CRET", secret: true }] });
    await start(ofJob);
    cluster.drop("Secret", "report.job");
    expect(cluster.object<Secret>("Secret", "nightly.jobrun").data).toEqual({
      TOKEN: Buffer.from("S3CRET").toString("base64"),
    });
    expect(JSON.stringify(cluster.object("ConfigMap", "nightly.jobrun"))).not.toContain("S3CRET");
    expect(JSON.stringify(cluster.object("Job", "nightly"))).not.toContain("S3CRET");
  });

  test("[U] whose Secret lacks a value is named, with the variable", async () => {
    defineJob({ env: [{ name: "TOKEN", value: "S3CRET", secret: true }] });
    cluster.drop("Secret", "report.job");
    await expect(claimed(ofJob)).rejects.toThrow(
      'Secret jobs/report.job must have key TOKEN for variable TOKEN: run `pulumi up --refresh` for job "report"',
    );
  });

  test("[U] that goes while the run is created takes the record with it, and that is an error", async () => {
    defineJob();
    const started = start(ofJob, () => {
      cluster.drop("ConfigMap", "report.job");
      cluster.collectGarbage();
    });
    await expect(started).rejects.toThrow(
      'job run "nightly" went while it was created: job "report" was deleted or replaced meanwhile',
    );
  });
});

describe("the objects of a run", () => {
  test("[U] come after the record, the Secret first", async () => {
    await start({ arrayIndices: "1,3", env: [{ name: "TOKEN", value: "S3CRET", secret: true }] });
    expect(cluster.calls.filter((call) => call.startsWith("create"))).toEqual([
      "create ConfigMap nightly.jobrun",
      "create Secret nightly.jobrun",
      "create Job nightly-1",
      "create Job nightly-3",
    ]);
  });

  test("[U] carry the record's uid, and hang on it", async () => {
    await start({ env: [{ name: "TOKEN", value: "S3CRET", secret: true }] });
    const { uid } = cluster.object("ConfigMap", "nightly.jobrun").metadata;
    for (const kind of ["Secret", "Job"] as const) {
      const { metadata } = cluster.object<KubeObject>(kind, kind === "Job" ? "nightly" : "nightly.jobrun");
      expect(metadata.labels?.[label.runUid]).toBe(uid);
      expect(metadata.ownerReferences).toMatchObject([{ uid }]);
    }
  });

  test("[U] that are there already are left as they are", async () => {
    const run = await claimed({ arrayIndices: "1,3" });
    await ensureObjects(place, run, hookContext());
    const before = cluster.object("Job", "nightly-1").metadata.uid;
    cluster.drop("Job", "nightly-3");
    await ensureObjects(place, run, hookContext());
    expect(cluster.object("Job", "nightly-1").metadata.uid).toBe(before);
    expect(cluster.names).toContain("Job nightly-3");
  });

  test("[U] must not meet those of another run: it is named", async () => {
    const other = await claimRun(place, hookContext({ name: "a-1" }), runInputs({ name: "a-1" }));
    await ensureObjects(place, other, hookContext());
    const run = await claimRun(place, hookContext({ name: "a" }), runInputs({ name: "a", arrayIndices: "1,3" }));
    await expect(ensureObjects(place, run, hookContext())).rejects.toThrow(
      'Job jobs/a-1 is in the way: it belongs to job run "a-1"; choose another name for the run',
    );
  });

  test("[U] must not meet those of anybody else", async () => {
    cluster.put({ apiVersion: "batch/v1", kind: "Job", metadata: { name: "nightly" } });
    await expect(start()).rejects.toThrow("Job jobs/nightly is in the way: it belongs to somebody else");
  });

  test("[U] are no success when the record has been replaced meanwhile", async () => {
    const started = start({}, () => {
      cluster.drop("ConfigMap", "nightly.jobrun");
      cluster.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "nightly.jobrun" } });
    });
    await expect(started).rejects.toThrow('job run "nightly" went while it was created: its record was deleted');
  });

  test("[U] are at most ten requests at a time", async () => {
    let [under, most] = [0, 0];
    const create = cluster.create.bind(cluster);
    jest.spyOn(cluster, "create").mockImplementation(async (namespace, object) => {
      most = Math.max(most, ++under);
      const created = await create(namespace, object);
      under--;
      return created;
    });
    await start({ arrayIndices: "1-40" });
    expect(most).toBe(10);
    expect(cluster.names).toHaveLength(41);
  });
});

test("[U] faults that only the job's own template brings out are all reported", async () => {
  defineJob({ mode: "daemon" });
  await expect(claimed({ ...ofJob, retryLimit: 1 })).rejects.toThrow(/^retryLimit must not be given/);
});

test("[U] a secret value that would be expanded if it were no secret draws a warning, without the value", async () => {
  const context = hookContext();
  const env: EnvVar[] = [{ name: "URL", value: "postgres://$(HOST)/x", secret: true }];
  await claimRun(place, context, runInputs({ env }));
  expect(context.warnings).toEqual([
    "the program gets `$(NAME)` and `$$` in secret values as they are, not expanded: URL",
  ]);
});
