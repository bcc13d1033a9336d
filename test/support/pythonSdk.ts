import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../cluster/command.ts";
import { cacheFolder, repositoryRoot } from "../cluster/paths.ts";
import { pythonEnvironment } from "../cluster/python.ts";
import { textsBelow } from "./texts";

/** Where a program in Python finds what it imports. */
export interface PythonSdk {
  /** Folder with `python`. */
  readonly bin: string;
  /** Folder with the installed SDK of this repository, for PYTHONPATH. */
  readonly packages: string;
}

/** Installs `sdk/python` as a user would, once for each state of its files. */
export async function pythonSdk(): Promise<PythonSdk> {
  const bin = join(await pythonEnvironment(), "bin");
  const source = join(repositoryRoot(), "sdk/python");
  const key = createHash("sha256")
    .update(JSON.stringify([...textsBelow(source)]))
    .digest("hex")
    .slice(0, 10);
  const packages = join(cacheFolder("python-sdks"), key);
  if (!existsSync(packages)) await install(bin, source, packages);
  return { bin, packages };
}

// A copy is installed, because the build leaves its own files beside the sources.
async function install(bin: string, source: string, packages: string): Promise<void> {
  const temporary = mkdtempSync(join(dirname(packages), "new-"));
  cpSync(source, join(temporary, "source"), { recursive: true });
  const options = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"];
  const target = ["--target", join(temporary, "packages"), join(temporary, "source")];
  await run([join(bin, "python"), "-m", "pip", "install", ...options, ...target]);
  if (!existsSync(packages)) renameSync(join(temporary, "packages"), packages);
  rmSync(temporary, { recursive: true });
}
