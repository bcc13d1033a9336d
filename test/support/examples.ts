import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";

/** Copies an example to where a user would have it: beside an installed package, which it finds by name. */
export function copyExample(name: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of ["index.ts", "Pulumi.yaml"]) {
    cpSync(join(repositoryRoot(), "examples", name, file), join(folder, file));
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true, main: "index.ts" }));
}
