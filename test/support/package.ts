import { createHash } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { run } from "../cluster/command.ts";
import { withLock } from "../cluster/lock.ts";
import { cacheFolder, repositoryRoot } from "../cluster/paths.ts";

/** Builds and packs the package, as `npm publish` would; returns the tarball. */
export async function packTarball(): Promise<string> {
  const root = repositoryRoot();
  rmSync(join(root, "dist"), { recursive: true, force: true });
  await run(["npm", "run", "--silent", "build"], { cwd: root });
  const folder = mkdtempSync(join(cacheFolder("packages"), "pack-"));
  const printed = await run(["npm", "pack", "--silent", "--pack-destination", folder], { cwd: root });
  return join(folder, printed.trim());
}

/** A folder of a user: the packed package is installed there, and projects below find it. */
export async function installedPackage(): Promise<string> {
  const tarball = await packTarball();
  const key = createHash("sha256").update(readFileSync(tarball)).digest("hex").slice(0, 12);
  const folder = join(cacheFolder("packages"), key);
  await withLock("packages", async () => {
    await install(tarball, folder);
    utimesSync(folder, new Date(), new Date());
    forgetOld();
  });
  rmSync(dirname(tarball), { recursive: true });
  return folder;
}

/** An install is 200 MB, and every change of the code makes one: those that nobody has used for an hour go. */
function forgetOld(): void {
  const hourAgo = Date.now() - 3_600_000;
  for (const name of readdirSync(cacheFolder("packages"))) {
    const folder = join(cacheFolder("packages"), name);
    if (statSync(folder).mtimeMs < hourAgo) rmSync(folder, { recursive: true, force: true });
  }
}

async function install(tarball: string, folder: string): Promise<void> {
  if (existsSync(folder)) return;
  const temporary = mkdtempSync(join(cacheFolder("packages"), "new-"));
  writeFileSync(join(temporary, "package.json"), JSON.stringify({ name: "somebodys-project", private: true }));
  const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  await run(["npm", "install", ...quiet, tarball, "@pulumi/pulumi"], { cwd: temporary });
  renameSync(temporary, folder);
}
