import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { toolPath } from "./cluster/build.ts";
import { run } from "./cluster/command.ts";
import { repositoryRoot } from "./cluster/paths.ts";

/**
 * Writes the SDKs in `sdk/` from `schema.json`, by Pulumi's own generators: `npm run sdks`.
 * The outcome is committed; `npm run sdks:check` fails when it is stale.
 */

const root = repositoryRoot();
const languages = ["nodejs", "python", "go"];
/** What the generators leave to us: the versions that a Go module is built with. */
const ours = ["go.mod", "go.sum"];

const generated = mkdtempSync(join(tmpdir(), "pulumi-jobrun-sdks-"));
try {
  await run([await toolPath("generate-sdks"), join(root, "schema.json"), generated]);
  makePartOfPackage(join(generated, "nodejs"));
  for (const language of languages) {
    if (process.argv.includes("--check")) check(language);
    else write(language);
  }
} finally {
  rmSync(generated, { recursive: true });
}

/**
 * The SDK for Node is a part of this package. Were its package.json shipped as it is, Pulumi would want the plugin for
 * every program that has this package installed. And our compiler wants `override` said.
 */
function makePartOfPackage(folder: string): void {
  for (const name of [".gitignore", "README.md", "tsconfig.json"]) rmSync(join(folder, name));
  const manifest = join(folder, "package.json");
  const { version } = JSON.parse(readFileSync(manifest, "utf8")) as { version: string };
  writeFileSync(manifest, `${JSON.stringify({ version })}\n`);
  for (const name of filesBelow(folder).filter((file) => file.endsWith(".ts"))) {
    const text = readFileSync(join(folder, name), "utf8");
    writeFileSync(join(folder, name), text.replace("public static isInstance(", "public static override isInstance("));
  }
}

function write(language: string): void {
  const folder = join(root, "sdk", language);
  for (const name of generatedFiles(folder)) rmSync(join(folder, name));
  cpSync(join(generated, language), folder, { recursive: true });
}

function check(language: string): void {
  const [folder, fresh] = [join(root, "sdk", language), join(generated, language)];
  const names = new Set([...generatedFiles(folder), ...filesBelow(fresh)]);
  const stale = [...names].filter((name) => textOf(join(folder, name)) !== textOf(join(fresh, name)));
  for (const name of stale) {
    console.error(`sdk/${language}/${name} is stale: run \`npm run sdks\` and commit the result`);
    process.exitCode = 1;
  }
}

function generatedFiles(folder: string): string[] {
  return filesBelow(folder).filter((name) => !ours.includes(name));
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
