import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { type CrashPoint, crashAt, holdAt, writesOf } from "../support/crash";
import { ALL_KINDS, type AnyObject, kubectl, objects, until } from "../support/kubectl";
import { plain, type Spawned, type TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(600_000);

const namespace = "e2e-crash";
const stacks = stacksIn(namespace);

beforeAll(stacks.open);
afterAll(stacks.close);

const secret = `env: [{ name: "TOKEN", value: pulumi.secret("crash-secret") }],`;

interface Case {
  /** Program with a run of that name. */
  readonly program: (name: string) => string;
  /** Brings the stack to where the `up` begins that crashes. */
  readonly prepare?: (stack: TestStack, name: string) => Promise<void>;
}

const cases: Readonly<Record<string, Case>> = {
  "contiguous task of a job": {
    program: (name) =>
      `const job = new Job("job", { ...small, name: "${name}", ${secret} command: ["true"], arraySize: 2 });
       new JobRun("run", { job, name: "${name}" });`,
  },
  "sparse task": {
    program: (name) =>
      `new JobRun("run", { ...small, name: "${name}", ${secret} command: ["true"], arrayIndices: "1,3,7" });`,
  },
  "daemon of a job": {
    program: (name) =>
      `const job = new Job("job", { ...small, name: "${name}", mode: "daemon", command: sh("exec sleep 3600"), terminationGracePeriodSeconds: 1 });
       new JobRun("run", { job, name: "${name}", arraySize: 2, wait: { until: "running", stableSeconds: 1 } });`,
  },
  "task that failed half-way": {
    program: (name) => `new JobRun("run", { ...small, name: "${name}", ${secret} command: ["true"], arraySize: 2 });`,
    prepare: async (stack, name) => {
      await kubectl("create", "job", name, "--namespace", namespace, `--image=${IMAGE}`, "--", "true");
      expect((await pulumi(stack, "up")).output).toContain("is in the way");
      await kubectl("delete", "job", name, "--namespace", namespace, "--cascade=foreground");
    },
  },
};

const IMAGE = "docker.io/library/busybox:1";

/** Every write is met; with `ALL_CRASH_POINTS=1` both when it was sent and when it was answered, else in turns. */
function points(writes: number): CrashPoint[] {
  const moments = ["sent", "answered"] as const;
  const both = Array.from({ length: writes }, (_, i) => moments.map((moment) => ({ write: i + 1, moment }))).flat();
  return process.env["ALL_CRASH_POINTS"] === "1"
    ? both
    : both.filter(({ write, moment }) => moment === moments[write % 2]);
}

/** A provider for every processor: more only wait for each other. */
const AT_A_TIME = 4;

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
}

/** Runs a command without what the automation API asks besides; a failure shows in the exit code. */
async function pulumi(stack: TestStack, ...args: string[]): Promise<Awaited<Spawned["ended"]>> {
  return (await stack.spawn(...args, "--yes", "--skip-preview")).ended;
}

const KINDS = "configmaps,secrets,jobs,deployments";
const ofRun = (name: string, kinds: string): Promise<AnyObject[]> =>
  objects(namespace, kinds, `pulumi-jobrun/run=${name}`);
const uidsOf = (found: readonly AnyObject[]): string[] => found.map(({ metadata }) => metadata.uid);
const isTold = ({ metadata }: AnyObject): boolean => "pulumi-jobrun/acknowledged" in (metadata.annotations ?? {});

/** What there is of the run, by kind and by name without the run's own. */
const inventory = async (name: string): Promise<string[]> =>
  (await ofRun(name, KINDS)).map(({ kind, metadata }) => `${kind} ${metadata.name.replace(name, "*")}`).toSorted();

interface Seen {
  readonly inventory: readonly string[];
  readonly pods: number;
  readonly restarts: number;
  readonly status: unknown;
  readonly records: readonly string[];
}

/** What came of the run. Every index that was run twice has two pods, or a restart. */
async function look(stack: TestStack, name: string): Promise<Seen> {
  const pods = await ofRun(name, "pods");
  const { status, uid } = storedRun(stack);
  const records = uidsOf(await ofRun(name, "configmaps"));
  expect([name, records]).toEqual([name, [uid]]);
  return {
    inventory: await inventory(name),
    pods: pods.length,
    restarts: pods.reduce(addRestarts, 0),
    status,
    records,
  };
}

/** Read from the file: a command of the CLI for each would cost more than the test. */
function storedRun(stack: TestStack): Readonly<Record<string, unknown>> {
  const { checkpoint } = JSON.parse(stack.checkpoint()) as {
    checkpoint: { latest: { resources: { urn: string; outputs?: Record<string, unknown> }[] } };
  };
  return checkpoint.latest.resources.find(({ urn }) => urn.endsWith("::run"))?.outputs ?? {};
}

function addRestarts(sum: number, { status }: AnyObject): number {
  const { containerStatuses = [] } = status as { containerStatuses?: { restartCount: number }[] };
  return containerStatuses.reduce((total, { restartCount }) => total + restartCount, sum);
}

/** Lets the provider die at every write of an `up`, each in a stack of its own, and looks at what another `up` makes of it. */
async function meetAll(title: string, { program, prepare }: Case): Promise<void> {
  const start = Date.now();
  const begin = async (name: string): Promise<TestStack> => {
    const stack = stacks.make(name, program(name));
    await prepare?.(stack, name);
    return stack;
  };
  const shape = title.replaceAll(" ", "-");
  const undisturbed = await begin(shape);
  const { ended, writes } = await writesOf(undisturbed, () => pulumi(undisturbed, "up"));
  expect([ended.exitCode, ended.exitCode === 0 ? "" : ended.output]).toEqual([0, ""]);
  expect(writes.length).toBeGreaterThan(3);
  const { records: _records, ...wanted } = await look(undisturbed, shape);
  await inTurns(points(writes.length), async (point) => {
    const name = `${shape}-${point.write.toString()}-${point.moment}`;
    const stack = await begin(name);
    expect([name, (await crashAt(stack, point, () => pulumi(stack, "up"))).exitCode]).not.toEqual([name, 0]);
    const before = await ofRun(name, "configmaps");
    const again = await pulumi(stack, "up");
    expect([name, again.exitCode, again.exitCode === 0 ? "" : again.output]).toEqual([name, 0, ""]);
    const { records, ...seen } = await look(stack, name);
    expect([name, seen]).toEqual([name, wanted]);
    // Between the mark and the engine's own note of it lies the one moment in which a run is run again.
    const isRepeated = prepare === undefined && before.some(isTold);
    if (!isRepeated) expect([name, records]).toEqual([name, expect.arrayContaining(uidsOf(before))]);
  });
  process.stdout.write(`${title}: ${writes.length.toString()} writes, ${(Date.now() - start).toString()} ms\n`);
}

describe("[E] whatever write to the cluster the provider dies at", () => {
  it.each(Object.entries(cases))("another `up` makes exactly one run of it, and runs nothing twice: %s", meetAll);

  it("another destroy leaves nothing of it, when it was a destroy", async () => {
    const program = (name: string): string =>
      `const job = new Job("job", { ...small, name: "${name}", ${secret} command: ["true"] });
       new JobRun("run", { job, name: "${name}" });`;
    const undisturbed = stacks.make("destroyed", program("destroyed"));
    expect((await pulumi(undisturbed, "up")).exitCode).toBe(0);
    const { writes } = await writesOf(undisturbed, () => pulumi(undisturbed, "destroy"));
    await inTurns(points(writes.length), async (point) => {
      const name = `destroyed-${point.write.toString()}-${point.moment}`;
      const stack = stacks.make(name, program(name));
      expect((await pulumi(stack, "up")).exitCode).toBe(0);
      const crashed = await crashAt(stack, point, () => pulumi(stack, "destroy"));
      expect([name, crashed.exitCode]).not.toEqual([name, 0]);
      const again = await pulumi(stack, "destroy");
      expect([name, again.exitCode, await ofRun(name, ALL_KINDS)]).toEqual([name, 0, []]);
    });
  });
});

describe("[E] a run whose job is deleted while it is created", () => {
  it("is an error that says so, leaves nothing, and is made when the job is there again", async () => {
    const job = stacks.make("job", `new Job("job", { ...small, name: "vanishing", command: ["true"] });`);
    expect((await job.up()).ok).toBe(true);
    const stack = stacks.make(
      "run",
      `new JobRun("run", { job: "vanishing", name: "vanishing", arrayIndices: "1,3" });`,
    );
    const ended = await holdAt(
      stack,
      {
        text: "POST /apis/batch/v1",
        meanwhile: async () => {
          expect(await inventory("vanishing")).toEqual(["ConfigMap *.jobrun"]);
          await kubectl("delete", "configmap", "vanishing.job", "--namespace", namespace);
          await until(async () => (await inventory("vanishing")).length === 0);
        },
      },
      () => stack.up(),
    );
    expect(ended.ok).toBe(false);
    expect(plain(ended.output)).toContain(
      'job run "vanishing" went while it was created: job "vanishing" was deleted or replaced meanwhile',
    );
    expect(await stack.resources()).toEqual([]);
    await until(async () => (await ofRun("vanishing", ALL_KINDS)).length === 0);

    const refused = await stack.up();
    expect(plain(refused.output)).toContain(`job must be the name of a job in namespace ${namespace}, got "vanishing"`);
    expect((await job.up({ refresh: true })).ok).toBe(true);
    expect((await stack.up()).ok).toBe(true);
    expect((await stack.stored("run")).outputs["status"]).toBe("completed");
  });
});
