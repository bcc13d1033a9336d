import { existsSync, mkdirSync, readFileSync, realpathSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** The repository, found upward from the working folder, so that jest and Node agree on it. */
export function repositoryRoot(from = process.cwd()): string {
  if (isRepository(from)) return from;
  if (dirname(from) === from) {
    throw new Error(`must run inside the pulumi-jobrun repository, got ${process.cwd()}: change into it`);
  }
  return repositoryRoot(dirname(from));
}

function isRepository(folder: string): boolean {
  const file = join(folder, "package.json");
  if (!existsSync(file)) return false;
  const { name } = JSON.parse(readFileSync(file, "utf8")) as { name?: string };
  return name === "pulumi-jobrun";
}

/** A folder of the cache, made when missing; its real path, because the kernel's mount table knows no other. */
export function cacheFolder(...parts: string[]): string {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  const folder = join(base, "pulumi-jobrun", ...parts);
  mkdirSync(folder, { recursive: true });
  return realpathSync(folder);
}

export function bedFile(...parts: string[]): string {
  return join(repositoryRoot(), "test", "cluster", ...parts);
}
