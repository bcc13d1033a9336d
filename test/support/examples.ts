import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";

/** The programs that the README shows. */
export function readmePrograms(): string[] {
  const readme = readFileSync(join(repositoryRoot(), "README.md"), "utf8");
  return [...readme.matchAll(/```typescript\n([^]*?)```/g)].map(([, program = ""]) => program);
}

/** Files of an example that tell how to get the package, which is installed already. */
const about = ["README.md", "package.json", "requirements.txt"];

/** Copies an example to where a user would have it: two folders below an installed package. */
export function copyExample(name: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const source = join(repositoryRoot(), "examples", name);
  const isProgram = (file: string): boolean => !about.includes(file) && statSync(join(source, file)).isFile();
  for (const file of readdirSync(source).filter(isProgram)) {
    const text = readFileSync(join(source, file), "utf8");
    // The example uses the plugin of the repository, a user that of the installed package.
    writeFileSync(
      join(folder, file),
      text.replace("../../provider/bin", "../../node_modules/pulumi-jobrun/provider/bin"),
    );
  }
  if (existsSync(join(folder, "index.ts")))
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name, private: true, main: "index.ts" }));
}
