import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { chmod, copyFile, link, mkdtemp, rename, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { toolPaths } from "./build.ts";
import { withLock } from "./lock.ts";
import { cacheFolder, repositoryRoot } from "./paths.ts";

const PACKAGE = "node_modules/@pulumi/pulumi";
const SCRIPT = "pulumi-resource-pulumi-nodejs";

/**
 * A folder with pulumi, its language host for Node and the script that dynamic resources want, and on
 * request with the host for YAML and the provider for Kubernetes. It serves on PATH and as the
 * Automation API's `root`, which looks for bin/pulumi.
 */
export async function pulumiPath({ yaml = false, kubernetes = false } = {}): Promise<string> {
  const names = ["pulumi", "pulumi-language-nodejs"];
  if (yaml) names.push("pulumi-language-yaml");
  if (kubernetes) names.push("pulumi-resource-kubernetes");
  const binaries = Object.values(await toolPaths(names));
  const script = join(repositoryRoot(), PACKAGE, SCRIPT);
  const folder = join(cacheFolder("pulumi"), keyOf(binaries, script));
  if (!existsSync(folder)) await withLock("pulumi", () => furnish(folder, binaries, script));
  return folder;
}

// Hard links, because pulumi looks for its hosts beside the file that its own symbolic link leads to.
async function furnish(folder: string, binaries: string[], script: string): Promise<void> {
  if (existsSync(folder)) return;
  const temporary = await mkdtemp(join(dirname(folder), ".new-"));
  await chmod(temporary, 0o755);
  for (const binary of binaries) await link(binary, join(temporary, basename(binary)));
  await copyFile(script, join(temporary, SCRIPT));
  await chmod(join(temporary, SCRIPT), 0o755);
  await symlink(".", join(temporary, "bin"));
  await rename(temporary, folder);
}

function keyOf(binaries: string[], script: string): string {
  const hash = createHash("sha256").update(binaries.join("\n")).update(readFileSync(script));
  return hash.digest("hex").slice(0, 10);
}
