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
import { toolPath } from "./build.ts";
import { withLock } from "./lock.ts";
import { cacheFolder, repositoryRoot } from "./paths.ts";

const SCRIPT = "pulumi-resource-pulumi-nodejs";

/**
 * A folder with pulumi, its language hosts and the script that dynamic resources want. It serves on PATH
 * and as the Automation API's `root`, which looks for bin/pulumi.
 */
export async function pulumiPath({ yaml = false } = {}): Promise<string> {
  const names = [
    "pulumi",
    "pulumi-language-nodejs",
    ...(yaml ? ["pulumi-language-yaml"] : []),
  ];
  const binaries: string[] = [];
  for (const name of names) binaries.push(await toolPath(name));
  const script = join(
    repositoryRoot(),
    "node_modules",
    "@pulumi",
    "pulumi",
    SCRIPT,
  );
  const folder = join(cacheFolder("pulumi"), keyOf(binaries, script));
  if (!existsSync(folder))
    await withLock("pulumi", async () => furnish(folder, binaries, script));
  return folder;
}

// Hard links, because pulumi looks for its hosts beside the file that its own symbolic link leads to.
function furnish(folder: string, binaries: string[], script: string): void {
  if (existsSync(folder)) return;
  const temporary = mkdtempSync(join(dirname(folder), ".new-"));
  chmodSync(temporary, 0o755);
  for (const binary of binaries)
    linkSync(binary, join(temporary, basename(binary)));
  copyFileSync(script, join(temporary, SCRIPT));
  chmodSync(join(temporary, SCRIPT), 0o755);
  symlinkSync(".", join(temporary, "bin"));
  renameSync(temporary, folder);
}

function keyOf(binaries: string[], script: string): string {
  const hash = createHash("sha256")
    .update(binaries.join("\n"))
    .update(readFileSync(script));
  return hash.digest("hex").slice(0, 10);
}
