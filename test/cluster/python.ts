import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run } from "./command.ts";
import { withLock } from "./lock.ts";
import { ensurePython } from "./packages.ts";
import { bedFile, cacheFolder } from "./paths.ts";
import { withProgress } from "./progress.ts";

/** A virtual environment with Pulumi's SDK for Python and what it needs, in pinned versions; made once. */
export async function pythonEnvironment(): Promise<string> {
  const requirements = bedFile("python", "requirements.txt");
  const key = createHash("sha256").update(readFileSync(requirements)).digest("hex").slice(0, 10);
  const folder = join(cacheFolder("python"), key);
  if (!existsSync(folder)) await withLock("python", () => makeOnce(folder, requirements));
  return folder;
}

async function makeOnce(folder: string, requirements: string): Promise<void> {
  if (existsSync(folder)) return;
  await ensurePython();
  await withProgress("making an environment for Python", () => make(folder, requirements));
}

// Programs in an environment name its path in their first line, so it is pip that is called as a module.
async function make(folder: string, requirements: string): Promise<void> {
  const temporary = await mkdtemp(join(dirname(folder), ".new-"));
  await run(["python3", "-m", "venv", temporary]);
  const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement", requirements];
  await run([join(temporary, "bin/python"), ...install]);
  await rename(temporary, folder);
}
