import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { toolPath } from "../cluster/build.ts";
import { run } from "../cluster/command.ts";
import { repositoryRoot } from "../cluster/paths.ts";
import { pulumiPath } from "../cluster/pulumi.ts";
import { bed } from "../support/bed";
import { pulumiEnvironment } from "../support/environment";
import { kubectl } from "../support/kubectl";
import { pythonSdk } from "../support/pythonSdk";
import { changes, plain, pluginLines, type TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";
import { textsBelow } from "../support/texts";

jest.setTimeout(600_000);

const namespace = "e2e-languages";
const stacks = stacksIn(namespace);
/** For the CLI: language hosts besides that for Node, and what a program in Python imports. */
let environment: Record<string, string> = {};

beforeAll(async () => {
  const hosts = await pulumiPath("pulumi-language-yaml", "pulumi-language-python");
  const { bin, packages } = await pythonSdk();
  const path = [bin, hosts, process.env["PATH"] ?? ""].join(delimiter);
  environment = { PATH: path, PYTHONPATH: packages, PYTHONDONTWRITEBYTECODE: "1" };
  await stacks.open();
});
afterAll(stacks.close);

describe.each([
  ["yaml", "Pulumi.yaml", "reportRun"],
  ["python", "__main__.py", "report-run"],
])("[E] the example in %s", (language, program, runName) => {
  let stack: TestStack;

  beforeAll(() => {
    stack = stacks.example(language);
    stack.setEnvironment(environment);
  });

  it("runs the job and tells the daemon what the run has done", async () => {
    const ended = await stack.up();
    expect(plain(ended.output)).not.toMatch(/error/i);
    expect(changes(ended)).toEqual({ create: 3 });
    const { succeeded, status, reader } = await stack.outputs();
    expect({ succeeded, status }).toEqual({ succeeded: "0-2", status: "running" });
    const log = await kubectl("logs", "--namespace", namespace, `deployment/${String(reader)}-0`);
    expect(log.trim()).toBe("reading the parts 0-2");
  });

  it("is no change when nothing has changed, also after a refresh", async () => {
    expect((await stack.refresh()).ok).toBe(true);
    expect((await stack.preview({ expectNoChanges: true })).ok).toBe(true);
  });

  it("makes a new run when its job has changed, and leaves the daemon alone", async () => {
    const names = (): Promise<unknown[]> =>
      Promise.all([runName, "reader"].map(async (name) => (await stack.stored(name)).outputs["name"]));
    const [before, readerBefore] = await names();
    stack.edit(program, "echo part", "echo piece");
    const ended = await stack.up();
    expect(plain(ended.output)).not.toMatch(/error/i);
    const [after, readerAfter] = await names();
    expect(after).not.toBe(before);
    expect(readerAfter).toBe(readerBefore);
  });
});

describe("[E] a stack that has used the dynamic provider", () => {
  it("is no change for the plugin, which takes its resources over", async () => {
    const program = `
      const env = [{ name: "A", value: pulumi.secret("b") }];
      const job = new Job("job", { ...small, command: ["true"], env });
      new JobRun("run", { job });`;
    const stack = stacks.makeAt({ door: "dynamic" }, "mover", program);
    const types = async (): Promise<string[]> => (await stack.resources()).map(({ type }) => type).sort();
    const ids = async (): Promise<unknown[]> => (await stack.resources()).map(({ outputs }) => outputs["uid"]).sort();
    expect((await stack.up()).ok).toBe(true);
    expect(await types()).toEqual(["pulumi-nodejs:dynamic/jobrun:Job", "pulumi-nodejs:dynamic/jobrun:JobRun"]);
    const before = await ids();
    stack.edit("index.js", '"pulumi-jobrun"', '"pulumi-jobrun/plugin"');
    stack.edit("Pulumi.yaml", "runtime: nodejs\n", `runtime: nodejs\n${pluginLines()}`);
    const moved = await stack.up();
    expect(moved.ok).toBe(true);
    expect(changes(moved)).toEqual({ same: 2 });
    expect(await types()).toEqual(["jobrun:index:Job", "jobrun:index:JobRun"]);
    expect(await ids()).toEqual(before);
  });
});

describe("[E] the executable of the installed package", () => {
  let folder = "";

  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "schema-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** What the generators make of a schema: whatever the CLI reorders or drops makes no difference to them. */
  async function sdksOf(name: string, schemaFile: string): Promise<Map<string, string>> {
    await run([await toolPath("generate-sdks"), schemaFile, join(folder, name)]);
    return textsBelow(join(folder, name));
  }

  it("gives the CLI a schema of which the same SDKs are made as of schema.json", async () => {
    const executable = join(bed().project, "node_modules/pulumi-jobrun/provider/bin/pulumi-resource-jobrun");
    const env = { ...process.env, ...pulumiEnvironment({ ...bed(), state: folder }) };
    const served = await run([join(bed().pulumi, "pulumi"), "package", "get-schema", executable], { env });
    writeFileSync(join(folder, "served.json"), served);
    const made = await sdksOf("served", join(folder, "served.json"));
    expect(made.size).toBeGreaterThan(30);
    expect(made).toEqual(await sdksOf("ours", join(repositoryRoot(), "schema.json")));
  });
});
