import type { Deployment, KubeJob, KubeObject } from "../../../provider/core/kube/types";
import type { JobRunInputs } from "../../../provider/core/spec/types";
import type { State } from "../../../provider/resources/contract";
import { jobHooks } from "../../../provider/resources/job";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { shownInputs } from "../../../provider/resources/liveInputs";
import { editedBy, writtenByUs } from "../support/managedFields";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, hookContext, initFailureOf, runInputs } from "./support";

let cluster: FakeCluster;
let hooks: ReturnType<typeof jobRunHooks>;
beforeEach(() => {
  cluster = new FakeCluster();
  hooks = jobRunHooks(clustersOf(cluster));
});

const secret = { name: "TOKEN", value: "S3CRET", secret: true } as const;
const daemon = (said: Partial<JobRunInputs> = {}): JobRunInputs =>
  runInputs({ mode: "daemon", wait: { until: "nothing" }, ...said });

/** The state of a run that was made from these inputs. */
const make = async (inputs: JobRunInputs): Promise<State<JobRunInputs>> =>
  (await hooks.create(hookContext(), inputs)).state;

/** What somebody does with kubectl to an object that we have written. */
function edit<O extends KubeObject>(kind: "Deployment" | "Job", name: string, change: (draft: O) => void): void {
  cluster.put(editedBy<O>("kubectl-edit", writtenByUs(cluster.object<O>(kind, name)), change));
}

type Draft = KubeObject & { spec: { template: { spec: { containers: { image: string }[] } } } };

function setImage(image: string, name = "nightly-0"): void {
  edit<Draft>("Deployment", name, ({ spec }) => {
    const [container] = spec.template.spec.containers;
    if (container !== undefined) container.image = image;
  });
}

const imageOf = (name = "nightly-0"): string | undefined =>
  cluster.object<Draft>("Deployment", name).spec.template.spec.containers[0]?.image;

const read = async (state: State<JobRunInputs>, context = hookContext()): Promise<State<JobRunInputs>> => {
  const found = await hooks.read(context, state);
  if (found === undefined) throw new Error("the run is gone");
  return found;
};

/** What a later `up` or preview says of it. */
async function laterDiff(state: State<JobRunInputs>, inputs: JobRunInputs) {
  const context = hookContext();
  await hooks.check(context, {}, inputs);
  return { ...(await hooks.diff(context, state, inputs)), infos: context.infos };
}

const put = "somebody has changed in the cluster, and `pulumi up` will put back: ";

describe("a Deployment that somebody has changed", () => {
  test("[U] shows in a refresh, in that one only, and in every later diff until it is put back", async () => {
    const inputs = daemon();
    const state = await make(inputs);
    setImage("app:hand");
    const context = hookContext();
    const found = await read(state, context);
    expect(context.warnings).toEqual([`${put}image`]);
    expect(shownInputs(found.hidden)).toEqual({ ...inputs, image: "app:hand" });
    expect(found.outputs["image"]).toBe("app:1");
    expect((await hooks.diff(hookContext(), found, inputs)).changes).toBe(true);

    const again = await read(found);
    expect(shownInputs(again.hidden)).toEqual(shownInputs(found.hidden));
    expect((await hooks.diff(hookContext(), again, inputs)).changes).toBe(false);

    const told = ["will put back what somebody has changed in the cluster: image"];
    expect(await laterDiff(again, inputs)).toMatchObject({ changes: true, replaces: [], infos: told });
    const mended = await hooks.update(hookContext(), again, inputs);
    expect(imageOf()).toBe("app:1");
    expect((await laterDiff(mended, inputs)).changes).toBe(false);
    expect(shownInputs((await read(mended)).hidden)).toEqual(inputs);
  });

  test("[U] that somebody has changed back is shown as it was made", async () => {
    const inputs = daemon();
    const state = await make(inputs);
    setImage("app:hand");
    const found = await read(state);
    setImage("app:1");
    const again = await read(found);
    expect(shownInputs(again.hidden)).toEqual(inputs);
    expect((await hooks.diff(hookContext(), again, inputs)).changes).toBe(true);
    expect((await laterDiff(again, inputs)).changes).toBe(false);
  });

  test("[U] is written once, alone, and says so on its pods: those of the change are told from the new ones", async () => {
    const inputs = daemon({ arraySize: 3 });
    const state = await make(inputs);
    setImage("app:hand", "nightly-1");
    const found = await read(state);
    cluster.calls.length = 0;
    await hooks.update(hookContext(), found, inputs);
    expect(cluster.calls.filter((call) => /^(create|patch|replace) Deployment/.test(call))).toEqual([
      "replace Deployment nightly-1",
    ]);
    const revisions = [0, 1].map((index) => {
      const { metadata, spec } = cluster.object<Deployment>("Deployment", `nightly-${index}`);
      return [metadata.annotations, spec?.template?.metadata?.annotations].map(
        (all) => all?.["pulumi-jobrun/revision"],
      );
    });
    expect(revisions[0]?.[0]).toBe(revisions[0]?.[1]);
    expect(revisions[1]?.[1]).toMatch(new RegExp(`^${revisions[1]?.[0] ?? "?"}-`));
  });

  test("[U] that may not be put back stays owed", async () => {
    const inputs = daemon();
    const state = await make(inputs);
    setImage("app:hand");
    const found = await read(state);
    cluster.refuse("replace Deployment nightly-0", 403, "Forbidden");
    const { created } = await initFailureOf<JobRunInputs>(hooks.update(hookContext(), found, inputs));
    expect((await laterDiff(created.state, inputs)).changes).toBe(true);
    await hooks.update(hookContext(), created.state, inputs);
    expect(imageOf()).toBe("app:1");
  });

  test("[U] is put back together with what the program changes", async () => {
    const state = await make(daemon());
    setImage("app:hand");
    await hooks.update(hookContext(), await read(state), daemon({ command: ["run"] }));
    expect(cluster.object("Deployment", "nightly-0")).toMatchObject({
      spec: { template: { spec: { containers: [{ image: "app:1", command: ["run"] }, {}] } } },
    });
  });

  test("[U] of a job known by name is put back as it was made, though the job has changed", async () => {
    const jobs = jobHooks(clustersOf(cluster));
    const job = { name: "report", image: "app:1", mode: "daemon" } as const;
    const context = hookContext({ name: "report" });
    const { state: defined } = await jobs.create(context, job);
    const { image: _image, ...inputs } = daemon({ job: "report" });
    const state = await make(inputs);
    await jobs.update(context, defined, { ...job, image: "app:2" });
    setImage("app:hand");
    const found = await read(state);
    expect(shownInputs(found.hidden).image).toBe("app:hand");
    const mended = await hooks.update(hookContext(), found, inputs);
    expect(imageOf()).toBe("app:1");
    expect((await laterDiff(mended, inputs)).changes).toBe(false);
  });

  test("[U] and one that is gone are both told, and both come back", async () => {
    const inputs = daemon({ arraySize: 3 });
    const state = await make(inputs);
    setImage("app:hand", "nightly-2");
    cluster.drop("Deployment", "nightly-1");
    const context = hookContext();
    const found = await read(state, context);
    expect(context.warnings).toEqual([`${put}replicas (0) of index 1; image of index 2`]);
    expect(shownInputs(found.hidden)).toEqual({
      ...inputs,
      arraySize: undefined,
      arrayIndices: "0,2",
      image: "app:hand",
    });
    await hooks.update(hookContext(), found, inputs);
    expect(cluster.names.filter((name) => name.startsWith("Deployment"))).toHaveLength(3);
    expect(imageOf("nightly-2")).toBe("app:1");
  });
});

describe("the Secret of a run", () => {
  const inputs = daemon({ env: [{ name: "A", value: "1" }, secret] });
  const other = (): void => {
    cluster.put({ ...cluster.object("Secret", "nightly.jobrun"), ...{ data: { TOKEN: "eA==" } } });
  };

  test.each([
    ["holds another value", other, "Secret nightly.jobrun-1"],
    ["is gone", () => cluster.drop("Secret", "nightly.jobrun"), "Secret nightly.jobrun"],
  ])("[U] that %s is told in words, never with a value, and comes back", async (_title, meanwhile, made) => {
    const state = await make(inputs);
    meanwhile();
    const context = hookContext();
    const found = await read(state, context);
    expect(context.warnings).toEqual([`${put}the secret values of TOKEN`]);
    expect(shownInputs(found.hidden).env).toEqual([{ name: "A", value: "1" }, { name: "TOKEN" }]);
    await hooks.update(hookContext(), found, inputs);
    expect(cluster.names).toContain(made);
    const { metadata } = cluster.object("Secret", made.replace("Secret ", ""));
    expect(cluster.object("Secret", metadata.name)["data"]).toEqual({
      TOKEN: Buffer.from("S3CRET").toString("base64"),
    });
  });

  test("[U] that may not be read is taken to be right", async () => {
    const state = await make(inputs);
    other();
    // The look at the run asks for it, too, to know what to mask.
    cluster.refuse("get Secret nightly.jobrun", 403, "Forbidden");
    const get = cluster.get.bind(cluster);
    jest.spyOn(cluster, "get").mockImplementation((ref) => {
      if (ref.kind === "Secret") cluster.refuse("get Secret nightly.jobrun", 403, "Forbidden");
      return get(ref);
    });
    expect((await read(state)).hidden.live).toBeUndefined();
  });
});

describe("the Job of a task", () => {
  const limits = (): unknown => cluster.object<KubeJob>("Job", "nightly").spec?.activeDeadlineSeconds;

  test.each([60, 9_000])("[U] with a time limit of %i by hand is no new run: its own comes back", async (seconds) => {
    const inputs = runInputs({ wait: { until: "nothing" }, maxExecutionTime: 600 });
    const state = await make(inputs);
    edit<KubeObject & { spec: { activeDeadlineSeconds: number } }>("Job", "nightly", ({ spec }) => {
      spec.activeDeadlineSeconds = seconds;
    });
    const found = await read(state);
    expect(shownInputs(found.hidden).maxExecutionTime).toBe(seconds);
    expect(await laterDiff(found, inputs)).toMatchObject({ changes: true, replaces: [] });
    await hooks.update(hookContext(), found, inputs);
    expect(limits()).toBe(600);
  });

  test("[U] that would be removed at its end, before its result is recorded, is kept again", async () => {
    const inputs = runInputs({ wait: { until: "nothing" } });
    const state = await make(inputs);
    edit<KubeObject & { spec: { ttlSecondsAfterFinished?: number } }>("Job", "nightly", ({ spec }) => {
      spec.ttlSecondsAfterFinished = 0;
    });
    const found = await read(state);
    expect(shownInputs(found.hidden).retention).toBe(0);
    await hooks.update(hookContext(), found, inputs);
    expect(cluster.object<KubeJob>("Job", "nightly").spec?.ttlSecondsAfterFinished).toBeUndefined();
  });
});
