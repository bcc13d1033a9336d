import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";

/** The programs that the README shows. */
export function readmePrograms(): string[] {
  const readme = readFileSync(join(repositoryRoot(), "README.md"), "utf8");
  return [...readme.matchAll(/```typescript\n([^]*?)```/g)].map(([, program = ""]) => program);
}

/** Copies an example to where a user would have it: beside an installed package, which it finds by name. */
export function copyExample(name: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of ["index.ts", "Pulumi.yaml"]) {
    cpSync(join(repositoryRoot(), "examples", name, file), join(folder, file));
  }
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true, main: "index.ts" }));
}
