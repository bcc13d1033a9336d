import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { providerText } from "../../provider/doors/dynamic/text";
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
      "schema.json",
      "docs/rbac.yaml",
      "README.md",
      "LICENSE",
      "provider/bin/pulumi-resource-jobrun",
      "../.bin/pulumi-resource-jobrun",
    ]) {
      expect(existsSync(installed(path))).toBe(true);
    }
    for (const path of ["test", "examples", "provider/core", "provider/plugin.ts", "sdk/job.ts"])
      expect(existsSync(installed(path))).toBe(false);
    const { scripts } = JSON.parse(readFileSync(installed("package.json"), "utf8")) as { scripts: object };
    expect(Object.keys(scripts).filter((name) => /^(pre|post)?(install|prepare)$/.test(name))).toEqual([]);
  });

  it("asks for no plugin: it does not bring packages along that do", () => {
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
