import * as pulumi from "@pulumi/pulumi";
import {
  getJob,
  getJobOutput,
  getJobRun,
  getJobRunLogs,
  getJobRunLogsOutput,
  getJobRunOutput,
  JobRun,
} from "../../../sdk";

interface Called {
  readonly token: string;
  readonly args: unknown;
}

const called: Called[] = [];
let secret = false;

/** Answers with what it was asked. */
const answer =
  (token: string) =>
  (args: unknown): Promise<object> => {
    called.push({ token, args });
    if ((args as { name?: string }).name === "absent") return Promise.reject(new Error("name must be that of a job"));
    return Promise.resolve({ result: { asked: args }, secret });
  };

jest.mock("../../../provider/program.ts", () => ({
  functions: new Proxy({}, { get: (_target, token: string) => answer(token) }),
}));

/** Whether a preview knows ids of resources that are not made yet: the engine leaves them open. */
async function asPreview(preview: boolean): Promise<void> {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => ({
        id: preview ? undefined : `jobs/${name}`,
        state: { ...(inputs as object), name: `${name}-1a2b3c4` },
      }),
      call: () => ({}),
    },
    "shop",
    "dev",
    preview,
  );
}

beforeEach(async () => {
  called.length = 0;
  secret = false;
  await asPreview(false);
});

/** What an output comes to, and what is known of it. */
async function settled<T>(
  output: pulumi.Output<T>,
): Promise<{ value: T | undefined; known: boolean; secret: boolean }> {
  const { isKnown, isSecret } = output as unknown as { isKnown: Promise<boolean>; isSecret: Promise<boolean> };
  const known = await isKnown;
  const value = known ? await new Promise<T>((resolve) => output.apply((got) => resolve(got))) : undefined;
  return { value, known, secret: await isSecret };
}

describe("a function of the SDK", () => {
  test.each([
    ["jobrun:index:getJob", getJob, getJobOutput],
    ["jobrun:index:getJobRun", getJobRun, getJobRunOutput],
    ["jobrun:index:getJobRunLogs", getJobRunLogs, getJobRunLogsOutput],
  ] as const)("[U] calls %s, plain or as an output", async (token, plain, asOutput) => {
    expect(await plain({ name: "a" })).toEqual({ asked: { name: "a" } });
    const { value } = await settled(asOutput({ name: pulumi.output("b") }) as pulumi.Output<unknown>);
    expect(value).toEqual({ asked: { name: "b" } });
    expect(called).toEqual([
      { token, args: { name: "a" } },
      { token, args: { name: "b" } },
    ]);
  });

  test("[U] says by its name what was wrong, without a trace", async () => {
    const refused = getJob({ name: "absent" });
    await expect(refused).rejects.toThrow("getJob: name must be that of a job");
    await expect(refused).rejects.toBeInstanceOf(pulumi.RunError);
  });

  test("[U] depends on the resources that its arguments are made of", async () => {
    const run = new JobRun("tonight", { image: "app:1" });
    const output = getJobRunOutput({ name: run.name });
    expect((await settled(output)).value).toEqual({ asked: { name: "tonight-1a2b3c4" } });
    const resources = await (output as unknown as { allResources(): Promise<Set<pulumi.Resource>> }).allResources();
    expect([...resources]).toContain(run);
  });

  test("[U] does not ask the cluster for a run that a preview only plans, though its name is known", async () => {
    await asPreview(true);
    const run = new JobRun("tonight", { image: "app:1" });
    expect((await settled(run.name)).known).toBe(true);
    expect((await settled(getJobRunOutput({ name: run.name }))).known).toBe(false);
    expect(called).toEqual([]);
  });

  test("[U] whose argument is unknown is unknown", async () => {
    await asPreview(true);
    const { id } = new JobRun("tonight", { image: "app:1" });
    expect((await settled(getJobRunLogsOutput({ name: "a", namespace: id }))).known).toBe(false);
    expect(called).toEqual([]);
  });

  test("[U] asks the cluster in a preview, too, when all is known", async () => {
    await asPreview(true);
    expect((await settled(getJobOutput({ name: "a" }))).known).toBe(true);
  });

  test.each([
    ["the answer is", true, "a", true],
    ["an argument is", false, pulumi.secret("a"), true],
    ["neither is", false, "a", false],
  ])("[U] is a secret when %s", async (_title, ofAnswer, name, expected) => {
    secret = ofAnswer;
    expect((await settled(getJobRunLogsOutput({ name }))).secret).toBe(expected);
  });
});
