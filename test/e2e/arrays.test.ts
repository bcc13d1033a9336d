import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { FakeNodes } from "../cluster/fakeNodes.ts";
import { fakeNodes } from "../support/fakeNodes";
import { ALL_KINDS, kubectl, leftovers, makeNamespace, objects, removeNamespace, until } from "../support/kubectl";
import { changes, plain, type TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(600_000);

const namespace = "e2e-arrays";
const stacks = stacksIn(namespace);
let nodes: FakeNodes | undefined;

beforeAll(async () => {
  await stacks.open();
  nodes = await fakeNodes("e2e-arrays", 2);
});
afterAll(async () => {
  try {
    await stacks.close();
  } finally {
    await nodes?.end();
  }
});

/** A stack whose programs know `fake`: a small run on nodes where pods end well at once. */
function make(name: string, program: string): TestStack {
  const placement = JSON.stringify(nodes?.placement);
  return stacks.make(name, `const fake = { ...small, ...${placement}, command: ["true"] };\n${program}`);
}

/** Whatever of these runs is in that namespace. */
const ofRun = (kinds: string, run: string, place = namespace): ReturnType<typeof objects> =>
  objects(place, kinds, `pulumi-jobrun/run=${run}`);

describe("[E] a wide run", () => {
  const logicalNames = ["One", "Two"].map((end) => `dbMigrate-${"x".repeat(45)}${end}`);
  const even = Array.from({ length: 100 }, (_, i) => 2 * i).join(",");
  let stack: TestStack;
  const outputsOf = async (run: string): Promise<Readonly<Record<string, unknown>>> =>
    (await stack.stored(run)).outputs;

  beforeAll(async () => {
    stack = make(
      "wide",
      `new JobRun("contiguous", { ...fake, name: "contiguous", arraySize: 200 });
       new JobRun("sparse", { ...fake, name: "sparse", arrayIndices: "${even}" });
       new JobRun("retried", { ...small, name: "retried", arraySize: 4, retryLimit: 3,
         command: sh('[ "$JOB_INDEX_RETRY_COUNT" -ge 2 ]') });
       for (const name of ${JSON.stringify(logicalNames)}) new JobRun(name, { ...fake, arrayIndices: "0,9999999" });`,
    );
    const start = Date.now();
    const ended = await stack.up({ parallel: 16 });
    console.log(`200 contiguous and 100 sparse indices: up took ${seconds(start)}`);
    expect(plain(ended.output)).not.toMatch(/error/i);
  });

  it.each([
    ["contiguous", 200, "0-199", 1],
    ["sparse", 100, even, 100],
  ])("%s: each of its %d indices has succeeded", async (run, requested, succeededIndices, jobs) => {
    const none = { pending: 0, running: 0, failed: 0, unknown: 0, pendingIndices: "", runningIndices: "" };
    expect(await outputsOf(run)).toMatchObject({
      status: "completed",
      statusDetails: { ...none, requested, succeeded: requested, succeededIndices, failedIndices: "", indices: {} },
    });
    expect(await ofRun("jobs", run)).toHaveLength(jobs);
    expect(await ofRun("pods", run)).toHaveLength(requested);
  });

  it("is tried again index by index: more failures than a Job as a whole may have do not end it", async () => {
    const index = { status: "succeeded", retries: 2 };
    expect(await outputsOf("retried")).toMatchObject({
      status: "completed",
      statusDetails: {
        succeededIndices: "0-3",
        failed: 0,
        indices: { "0": index, "1": index, "2": index, "3": index },
      },
    });
    const phases = (await ofRun("pods", "retried")).map(({ status }) => status["phase"]);
    expect(phases.filter((phase) => phase === "Failed")).toHaveLength(8);
    expect(phases.filter((phase) => phase === "Succeeded")).toHaveLength(4);
    const [job] = await ofRun("jobs", "retried");
    // The largest number is what Kubernetes fills in where nothing is said of the Job as a whole.
    expect(job?.spec).toMatchObject({ backoffLimitPerIndex: 3, backoffLimit: 2_147_483_647 });
    expect(job?.spec).not.toHaveProperty("maxFailedIndexes");
  });

  it("without a name gets one from which everything that is derived fits, and which differs where logical names do", async () => {
    const names = await Promise.all(logicalNames.map(async (name) => String((await outputsOf(name))["name"])));
    expect(new Set(names).size).toBe(2);
    for (const name of names) {
      expect(name).toMatch(/^[a-z0-9][-a-z0-9]{0,51}[a-z0-9]$/);
      const all = await ofRun(ALL_KINDS, name);
      expect(all.map(({ kind }) => kind).toSorted()).toEqual(["ConfigMap", "Job", "Job", "Pod", "Pod"]);
      const values = all.flatMap(({ metadata }) => Object.values(metadata.labels ?? {}));
      const hosts = all.map(({ kind, metadata, spec }) => (kind === "Pod" ? String(spec["hostname"]) : metadata.name));
      for (const text of [...values, ...hosts]) expect(text.length).toBeLessThanOrEqual(63);
    }
  });

  it("is the same at the next `up`, and leaves nothing when it is destroyed", async () => {
    expect(changes(await stack.up({ expectNoChanges: true }))).toEqual({ same: 5 });
    const start = Date.now();
    expect((await stack.destroy({ parallel: 16 })).ok).toBe(true);
    console.log(`200 contiguous and 100 sparse indices: destroy took ${seconds(start)}`);
    expect(await leftovers(namespace)).toEqual([]);
  });
});

describe("[E] a run of which a part was refused", () => {
  const full = `${namespace}-full`;

  beforeAll(async () => {
    await makeNamespace(full);
    await kubectl("create", "quota", "few", "--namespace", full, "--hard=count/jobs.batch=40");
    // Until then it is not enforced.
    const hard = ["get", "quota", "few", "--namespace", full, "--output=jsonpath={.status.hard}"];
    await until(async () => (await kubectl(...hard)) !== "");
  });
  afterAll(() => removeNamespace(full));

  it("stays in state with what was said, is completed by the next `up`, and is removed whole", async () => {
    const stack = make(
      "refused",
      `new JobRun("run", { ...fake, namespace: "${full}", name: "refused", arrayIndices: "1-60" });`,
    );
    const refused = await stack.up();
    expect(refused.ok).toBe(false);
    expect(plain(refused.output)).toMatch(
      /cannot create Job e2e-arrays-full\/refused-\d+: 403 Forbidden .*exceeded quota: few/,
    );
    const { outputs, initErrors } = await stack.stored("run");
    expect(initErrors).toHaveLength(1);
    expect(await ofRun("jobs", "refused", full)).toHaveLength(40);

    await kubectl("delete", "quota", "few", "--namespace", full);
    const completed = await stack.up();
    expect(plain(completed.output)).not.toMatch(/error/i);
    expect(changes(completed)).toEqual({ update: 1 });
    expect((await stack.stored("run")).outputs).toMatchObject({
      uid: outputs["uid"],
      status: "completed",
      statusDetails: { requested: 60, succeeded: 60, succeededIndices: "1-60" },
    });
    expect(await ofRun("jobs", "refused", full)).toHaveLength(60);

    expect((await stack.destroy()).ok).toBe(true);
    expect(await leftovers(full)).toEqual([]);
  });
});

describe("[E] a name of a run that does not fit", () => {
  it.each([
    ["longer", "r".repeat(54), /property name .*at most 53 characters/],
    ["capital", "dbMigrate", /property name .*lower-case letters/],
  ])("is refused before anything is made (%s: %s)", async (project, name, message) => {
    const stack = make(project, `new JobRun("run", { ...fake, name: "${name}" });`);
    const ended = await stack.preview();
    expect(ended.ok).toBe(false);
    expect(plain(ended.output)).toMatch(message);
  });
});

function seconds(since: number): string {
  return `${((Date.now() - since) / 1_000).toFixed(1)} s`;
}
