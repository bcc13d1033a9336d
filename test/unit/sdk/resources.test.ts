import * as pulumi from "@pulumi/pulumi";
import type { Meta } from "../../../provider/doors/dynamic/meta";
import { providerText } from "../../../provider/doors/dynamic/text";
import { Job, JobRun, type JobArgs, type JobRunArgs } from "../../../sdk";

interface Registered {
  readonly type: string;
  readonly inputs: Readonly<Record<string, unknown>> & { readonly __meta: Meta };
}

const registered = new Map<string, Registered>();
beforeAll(async () => {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        registered.set(name, { type, inputs: inputs as Registered["inputs"] });
        return { id: `jobs/${name}`, state: { ...(inputs as object), name: `${name}-1a2b3c4` } };
      },
      call: () => ({}),
    },
    "shop",
    "dev",
  );
});

/** What the engine is told of a resource. */
async function told(resource: pulumi.CustomResource, name: string): Promise<Registered> {
  await new Promise((resolve) => resource.urn.apply(resolve));
  const found = registered.get(name);
  if (found === undefined) throw new Error(`${name} was not registered`);
  return found;
}

const job = (args: JobArgs, options?: pulumi.CustomResourceOptions) => told(new Job("report", args, options), "report");
const run = (args: JobRunArgs, options?: pulumi.CustomResourceOptions) =>
  told(new JobRun("tonight", args, options), "tonight");

/** The user's part of the inputs. */
const visible = ({ inputs }: Registered): object =>
  Object.fromEntries(Object.entries(inputs).filter(([key, value]) => !key.startsWith("__") && value !== undefined));

const { secret } = pulumi;
/** A secret value as it goes over the wire. */
const sealed = (value: unknown): object => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  value,
});

describe("a resource", () => {
  test("[U] is registered with the user's arguments, a reference to the package, and who it is", async () => {
    const made = await job({ image: "app:1", arraySize: 3 });
    expect(made.type).toBe("pulumi-nodejs:dynamic/jobrun:Job");
    expect(visible(made)).toEqual({ image: "app:1", arraySize: 3 });
    expect(made.inputs["__provider"]).toBe(providerText("job"));
    expect(made.inputs.__meta).toEqual({
      urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/jobrun:Job::report",
      project: "shop",
      stack: "dev",
      name: "report",
      secrets: [],
      timeouts: {},
    });
  });

  test("[U] knows its URN below a parent", async () => {
    const parent = new pulumi.ComponentResource("shop:Batch", "batch");
    const { inputs } = await run({ image: "app:1" }, { parent });
    expect(inputs.__meta.urn).toBe("urn:pulumi:dev::shop::shop:Batch$pulumi-nodejs:dynamic/jobrun:JobRun::tonight");
    expect(inputs["__provider"]).toBe(providerText("jobRun"));
  });

  test.each([
    [{ create: "1h30m" }, { create: 5_400 }],
    [
      { create: "90s", update: "2m", delete: "1.5h" },
      { create: 90, update: 120, delete: 5_400 },
    ],
    [{ delete: "500ms" }, { delete: 0.5 }],
    [{}, {}],
  ])("[U] passes its timeouts %j on in seconds", async (customTimeouts, expected) => {
    expect((await run({ image: "app:1" }, { customTimeouts })).inputs.__meta.timeouts).toEqual(expected);
  });

  test("[U] offers its outputs as properties", async () => {
    const made = new JobRun("tonight", { image: "app:1" });
    for (const property of ["name", "status", "statusDetails", "uid", "arraySize"] as const)
      expect(pulumi.Output.isInstance(made[property])).toBe(true);
    await told(made, "tonight");
  });
});

describe("what is secret", () => {
  test.each<[string, JobArgs["env"], string[]]>([
    ["nothing", [{ name: "A", value: "x" }], []],
    [
      "one value",
      [
        { name: "A", value: "x" },
        { name: "B", value: secret("y") },
      ],
      ["env[1].value"],
    ],
    ["a value in a promise", [{ name: "A", value: Promise.resolve("x") }], []],
    [
      "a text made of a secret",
      [{ name: "A", value: pulumi.interpolate`postgres://${secret("y")}` }],
      ["env[0].value"],
    ],
    ["a whole entry", [secret({ name: "A", value: "x" })], ["env[0]"]],
    ["the whole environment", secret([{ name: "A", value: "x" }]), ["env"]],
    ["a value within an output", pulumi.output([{ name: "A", value: secret("y") }]), ["env"]],
    ["nothing within an output", pulumi.output([{ name: "A", value: "x" }]), []],
  ])("[U] of a job is named by its path: %s", async (_title, env, secrets) => {
    expect((await job({ image: "app:1", ...(env !== undefined && { env }) })).inputs.__meta.secrets).toEqual(secrets);
  });

  test("[U] of a run's job is named as part of the definition that goes along", async () => {
    const report = new Job("report", { image: "app:1", env: [{ name: "A", value: secret("y") }] });
    const { inputs } = await run({ job: report, env: [{ name: "B", value: secret("z") }] });
    expect([...inputs.__meta.secrets].sort()).toEqual(["env[0].value", "jobDefinition.env[0].value"]);
  });

  test.each<[string, JobArgs["connection"]]>([
    ["plain", { kubeconfig: "k", context: "c" }],
    ["secret", { kubeconfig: secret("k"), context: "c" }],
    ["in an output", pulumi.output({ kubeconfig: "k", context: "c" })],
  ])("[U] includes every kubeconfig, given %s", async (_title, connection) => {
    const { inputs } = await job({ image: "app:1", ...(connection !== undefined && { connection }) });
    expect(inputs["connection"]).toEqual(sealed({ kubeconfig: "k", context: "c" }));
  });

  test("[U] does not include a context", async () => {
    expect((await job({ image: "app:1", connection: { context: "c" } })).inputs["connection"]).toEqual({
      context: "c",
    });
  });
});

describe("a run of a job", () => {
  const report = (args: Partial<JobArgs> = {}): Job => new Job("report", { image: "app:1", ...args });

  test("[U] names it, and takes its template along, and nothing else of it", async () => {
    const made = await run({ job: report({ retryLimit: 1, name: "r", orphanRuns: true }), arraySize: 2 });
    expect(visible(made)).toEqual({
      job: "report-1a2b3c4",
      jobDefinition: { image: "app:1", retryLimit: 1 },
      arraySize: 2,
    });
  });

  test("[U] is made where the job is", async () => {
    const { inputs } = await run({ job: report({ namespace: "batch", connection: { context: "c" } }) });
    expect(inputs).toMatchObject({ namespace: "batch", connection: { context: "c" } });
  });

  test("[U] may say itself where it is", async () => {
    const { inputs } = await run({ job: report({ namespace: "batch" }), namespace: "other" });
    expect(inputs["namespace"]).toBe("other");
  });

  test("[U] known by its name takes nothing along", async () => {
    expect(visible(await run({ job: "report" }))).toEqual({ job: "report" });
  });

  test("[U] that is another resource, or none, is refused", () => {
    const others = [new JobRun("other", { image: "app:1" }), {}] as unknown as Job[];
    for (const job of others)
      expect(() => new JobRun("tonight", { job })).toThrow("`job` must be a `Job`, or the name of a job");
  });
});
