import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** The text of every file below the folder, by its path in it; nothing for a folder that is not there. */
export function textsBelow(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return new Map(files.map((file) => [relative(folder, file), readFileSync(file, "utf8")]));
}
