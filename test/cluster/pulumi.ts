import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { chmod, copyFile, link, mkdtemp, rename, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { toolPaths } from "./build.ts";
import { moduleSource } from "./goModule.ts";
import { withLock } from "./lock.ts";
import { bedFile, cacheFolder, repositoryRoot } from "./paths.ts";

/** What a folder with pulumi may hold besides what a program in TypeScript needs. */
type Extra = "pulumi-language-yaml" | "pulumi-language-python" | "pulumi-resource-kubernetes";

/**
 * A folder with pulumi, its language host for Node and the script that dynamic resources want, and with
 * the other hosts and providers that are asked for. It serves on PATH and as the Automation API's `root`,
 * which looks for bin/pulumi.
 */
export async function pulumiPath(...extras: Extra[]): Promise<string> {
  const binaries = Object.values(await toolPaths(["pulumi", "pulumi-language-nodejs", ...extras]));
  const scripts = [join(repositoryRoot(), "node_modules/@pulumi/pulumi/pulumi-resource-pulumi-nodejs")];
  if (extras.includes("pulumi-language-python")) scripts.push(await pythonScript());
  const folder = join(cacheFolder("pulumi"), keyOf(binaries, scripts));
  if (!existsSync(folder)) await withLock("pulumi", () => furnish(folder, binaries, scripts));
  return folder;
}

/** The script with which the host for Python starts a program. */
async function pythonScript(): Promise<string> {
  const source = await moduleSource("github.com/pulumi/pulumi/sdk/v3", bedFile("tools", "pulumi-languages"));
  return join(source, "python/cmd/pulumi-language-python-exec");
}

// Hard links, because pulumi looks for its hosts beside the file that its own symbolic link leads to.
async function furnish(folder: string, binaries: string[], scripts: string[]): Promise<void> {
  if (existsSync(folder)) return;
  const temporary = await mkdtemp(join(dirname(folder), ".new-"));
  await chmod(temporary, 0o755);
  for (const binary of binaries) await link(binary, join(temporary, basename(binary)));
  for (const script of scripts) await copyScript(script, join(temporary, basename(script)));
  await symlink(".", join(temporary, "bin"));
  await rename(temporary, folder);
}

async function copyScript(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  await chmod(to, 0o755);
}

function keyOf(binaries: string[], scripts: string[]): string {
  const hash = createHash("sha256").update(binaries.join("\n"));
  for (const script of scripts) hash.update(readFileSync(script));
  return hash.digest("hex").slice(0, 10);
}
