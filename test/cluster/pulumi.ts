import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  symlinkSync,
} from "node:fs";
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
  if (!existsSync(folder)) await withLock("pulumi", async () => furnish(folder, binaries, script));
  return folder;
}

// Hard links, because pulumi looks for its hosts beside the file that its own symbolic link leads to.
function furnish(folder: string, binaries: string[], script: string): void {
  if (existsSync(folder)) return;
  const temporary = mkdtempSync(join(dirname(folder), ".new-"));
  chmodSync(temporary, 0o755);
  for (const binary of binaries) linkSync(binary, join(temporary, basename(binary)));
  copyFileSync(script, join(temporary, SCRIPT));
  chmodSync(join(temporary, SCRIPT), 0o755);
  symlinkSync(".", join(temporary, "bin"));
  renameSync(temporary, folder);
}

function keyOf(binaries: string[], script: string): string {
  const hash = createHash("sha256").update(binaries.join("\n")).update(readFileSync(script));
  return hash.digest("hex").slice(0, 10);
}
