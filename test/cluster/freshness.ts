import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bedFile } from "./paths.ts";
import type { Settings } from "./settings.ts";

/** Whether the cluster was last brought up by these very files: pins, images, arguments. */
export function isCurrent(settings: Settings): boolean {
  const file = markFile(settings);
  return existsSync(file) && readFileSync(file, "utf8") === hashOfBed();
}

export function markCurrent(settings: Settings): void {
  writeFileSync(markFile(settings), hashOfBed());
}

function hashOfBed(): string {
  const hash = createHash("sha256");
  for (const file of filesBelow(bedFile()).sort()) hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map(({ name, parentPath }) => join(parentPath, name));
}

function markFile({ folder }: Settings): string {
  return join(folder, "bed-hash");
}
