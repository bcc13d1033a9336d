import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import { providerText } from "../../provider/doors/dynamic/text";
import { run } from "../cluster/command.ts";
import { cacheFolder, repositoryRoot } from "../cluster/paths.ts";
import { bed } from "../support/bed";
import { plain } from "../support/stack";
import { stacksIn } from "../support/stacks";

jest.setTimeout(300_000);

const namespace = "contract-package";
const stacks = stacksIn(namespace);
let linked = "";

/** A folder in which the package is a link to the repository, as with `npm link` or a workspace. */
function linkedInstall(): string {
  const home = mkdtempSync(join(cacheFolder("packages"), "linked-"));
  mkdirSync(join(home, "node_modules", "@pulumi"), { recursive: true });
  symlinkSync(repositoryRoot(), join(home, "node_modules", "pulumi-jobrun"));
  symlinkSync(join(repositoryRoot(), "node_modules/@pulumi/pulumi"), join(home, "node_modules/@pulumi/pulumi"));
  return home;
}

beforeAll(async () => {
  await stacks.open();
  linked = linkedInstall();
});
afterAll(async () => {
  await stacks.close();
  rmSync(linked, { recursive: true });
});

const program = `const job = new Job("job", { ...small, command: ["true"] }); new JobRun("run", { job });`;

describe("[C] the installed package", () => {
  const installed = (path: string): string => join(bed().project, "node_modules/pulumi-jobrun", path);

  it("has what users need and nothing else, and installs without a script", () => {
    for (const path of [
      "dist/sdk/index.d.ts",
      "dist/provider/hooks.js",
      "dist/sdk/plugin/index.d.ts",
      "sdk/go/go.mod",
      "sdk/python/pyproject.toml",
      "schema.json",
      "docs/rbac.yaml",
      "README.md",
      "LICENSE",
      "provider/bin/jobrun",
      "../.bin/jobrun",
      "provider/bin/pulumi-resource-jobrun",
      "../.bin/pulumi-resource-jobrun",
    ]) {
      expect(existsSync(installed(path))).toBe(true);
    }
    for (const path of ["test", "examples", "provider/core", "provider/plugin.ts", "sdk/job.ts", "sdk/nodejs"])
      expect(existsSync(installed(path))).toBe(false);
    const { scripts } = JSON.parse(readFileSync(installed("package.json"), "utf8")) as { scripts: object };
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare)$/.test(name))).toEqual([]);
  });

  it("asks for no plugin: neither itself, nor by packages that it brings along", () => {
    const manifests = readdirSync(installed("."), { recursive: true, encoding: "utf8" }).filter(
      (path) => basename(path) === "package.json",
    );
    expect(manifests).toContain("package.json");
    for (const path of manifests)
      expect(JSON.parse(readFileSync(installed(path), "utf8"))).not.toHaveProperty("pulumi");
    expect(existsSync(join(bed().project, "node_modules/@pulumi/kubernetes"))).toBe(false);
    expect(existsSync(join(bed().project, "node_modules/@pulumi/docker"))).toBe(false);
  });
});

describe("[C] the text that stands in state for the provider", () => {
  it.each(["job", "jobRun"] as const)("is short and names the package's hooks (%s)", (hooks) => {
    const text = providerText(hooks);
    expect(text.length).toBeLessThan(1_000);
    expect(text).toContain(`require("pulumi-jobrun/hooks").${hooks}`);
  });

  it.each([
    ["a packed tarball", () => bed().project],
    ["a link to the repository", () => linked],
  ])("is the same from %s, captures nothing, and works", async (kind, home) => {
    const stack = stacks.makeAt({ home: home() }, kind.replaceAll(" ", "-"), program);
    const ended = await stack.up();
    expect(plain(ended.output)).not.toMatch(/error/i);
    const [job, run] = await Promise.all([stack.stored("job"), stack.stored("run")]);
    for (const place of ["inputs", "outputs"] as const) {
      expect(job[place]["__provider"]).toBe(providerText("job"));
      expect(run[place]["__provider"]).toBe(providerText("jobRun"));
    }
  });

  it("says what to do when the package has been removed before the stack was", async () => {
    const stack = stacks.makeAt({ home: linked }, "removed", `new Job("job", small);`);
    expect((await stack.up()).ok).toBe(true);
    const link = join(linked, "node_modules/pulumi-jobrun");
    renameSync(link, `${link}-away`);
    const ended = await stack.destroy();
    renameSync(`${link}-away`, link);
    expect(ended.ok).toBe(false);
    expect(plain(ended.output)).toContain("install it again (npm install pulumi-jobrun)");
  });
});

/** What a program registers, as the engine would see it; secrets are told by path. */
const observer = `
const pulumi = require("@pulumi/pulumi");
const SECRET = "4dabf18193072939515e22adb298388d";
const plain = (value) =>
  typeof value !== "object" || value === null ? value
  : Array.isArray(value) ? value.map(plain)
  : SECRET in value ? { secret: plain(value.value) }
  : Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
const seen = {};
const newResource = ({ name, type, id, inputs, provider }) => {
  seen[name] = { type, ...(id && { id }), ...(provider && { provider: provider.split("::").at(-2) }), inputs: plain(inputs) };
  return { id: id || "made/" + name, state: { name, namespace: "live", connection: undefined, revision: "r1", ...inputs } };
};
pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "stack");
process.on("beforeExit", () => { console.log(JSON.stringify(seen)); process.exit(); });
const { Job, JobRun, Provider } = require("pulumi-jobrun/plugin");
`;

describe("[C] pulumi-jobrun/plugin", () => {
  let folder = "";

  beforeAll(() => void (folder = mkdtempSync(join(bed().project, "plugin-"))));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function registered(text: string): Promise<unknown> {
    writeFileSync(join(folder, "program.js"), observer + text);
    return JSON.parse(await run([process.execPath, join(folder, "program.js")]));
  }

  it("registers the plugin's types, without what only the dynamic provider needs", async () => {
    const seen = await registered(`
      const provider = new Provider("provider", { context: "there", kubeconfig: "apiVersion: v1" });
      new Job("job", { image: "app:1", arraySize: 3 }, { provider });
      new JobRun("run", { image: "app:1", wait: { until: "nothing" } });`);
    expect(seen).toEqual({
      provider: {
        type: "pulumi:providers:jobrun",
        inputs: { context: "there", kubeconfig: { secret: "apiVersion: v1" } },
      },
      job: { type: "jobrun:index:Job", provider: "provider", inputs: { image: "app:1", arraySize: 3 } },
      run: { type: "jobrun:index:JobRun", inputs: { image: "app:1", wait: { until: "nothing" } } },
    });
  });

  it("gives a run of a job its name, its place and its own inputs", async () => {
    const seen = await registered(`
      const job = new Job("job", { image: "app:1", namespace: "here", connection: { kubeconfig: "credentials" } });
      new JobRun("run", { job, retryLimit: 1 });
      new JobRun("named", { job: "job" });`);
    const connection = { secret: { kubeconfig: "credentials" } };
    expect(seen).toMatchObject({
      job: { inputs: { image: "app:1", namespace: "here", connection } },
      run: { inputs: { job: "job", namespace: "here", connection, retryLimit: 1, jobDefinition: { image: "app:1" } } },
      named: { inputs: { job: "job" } },
    });
  });

  it("gives a run of a job that was looked up what the cluster knows of the job", async () => {
    const seen = await registered(`new JobRun("run", { job: Job.get("found", "live/nightly") });`);
    expect(seen).toEqual({
      found: { type: "jobrun:index:Job", id: "live/nightly", inputs: {} },
      run: { type: "jobrun:index:JobRun", inputs: { job: "found", jobRevision: "r1", namespace: "live" } },
    });
  });

  it("has types with which a program compiles that changes only where it imports from", async () => {
    const program = (from: string): string => `
      import * as pulumi from "@pulumi/pulumi";
      import { getJobOutput, Job, JobRun, type JobArgs, type JobRunArgs } from "${from}";
      const args: JobArgs = { image: "app:1", mode: "daemon", env: [{ name: "A", value: pulumi.secret("b") }] };
      const job = new Job("job", args);
      const more: JobRunArgs = { job, arrayIndices: "1-3", wait: { until: "running" } };
      const run = new JobRun("run", more, { customTimeouts: { create: "5m" } });
      export const status: pulumi.Output<"pending" | "running" | "completed" | "failed" | "unknown"> = run.status;
      export const succeeded: pulumi.Output<string> = run.statusDetails.succeededIndices;
      export const revision: pulumi.Output<string> = getJobOutput({ name: job.name }).revision;
      export const mode: pulumi.Output<"task" | "daemon"> = job.mode;
      // @ts-expect-error: a run is no job
      new JobRun("wrong", { job: run });
      // @ts-expect-error: it is an integer
      new JobRun("wrong", { retryLimit: "1" });`;
    const files = Object.entries({ dynamic: "pulumi-jobrun", plugin: "pulumi-jobrun/plugin" });
    for (const [name, from] of files) writeFileSync(join(folder, `${name}.ts`), program(from));
    const options = ["--strict", "--module", "nodenext", "--target", "es2022", "--noEmit"];
    const tsc = join(repositoryRoot(), "node_modules/typescript/bin/tsc");
    const names = files.map(([name]) => join(folder, `${name}.ts`));
    await expect(run([process.execPath, tsc, ...options, ...names], { cwd: folder })).resolves.toBe("");
  });
});
