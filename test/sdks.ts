import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toolPath } from "./cluster/build.ts";
import { run } from "./cluster/command.ts";
import { repositoryRoot } from "./cluster/paths.ts";
import { textsBelow } from "./support/texts.ts";

/**
 * Writes the SDKs in `sdk/` from `schema.json`, by Pulumi's own generators: `npm run sdks`.
 * The outcome is committed; `npm run sdks:check` fails when it is stale.
 */

const root = repositoryRoot();
/** What the generators leave to us: the versions that a Go module is built with. */
const ours = ["go.mod", "go.sum"];

const generated = mkdtempSync(join(tmpdir(), "pulumi-jobrun-sdks-"));
try {
  await run([await toolPath("generate-sdks"), join(root, "schema.json"), generated]);
  makePartOfPackage(join(generated, "nodejs"));
  for (const language of ["nodejs", "python", "go"]) {
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
  for (const [name, text] of textsBelow(folder)) {
    if (name === "package.json") writeFileSync(join(folder, name), onlyVersion(text));
    else
      writeFileSync(
        join(folder, name),
        text.replace("public static isInstance(", "public static override isInstance("),
      );
  }
}

function onlyVersion(manifest: string): string {
  const { version } = JSON.parse(manifest) as { version: string };
  return `${JSON.stringify({ version })}\n`;
}

function write(language: string): void {
  const folder = join(root, "sdk", language);
  for (const name of committed(folder).keys()) rmSync(join(folder, name));
  cpSync(join(generated, language), folder, { recursive: true });
}

function check(language: string): void {
  const [old, fresh] = [committed(join(root, "sdk", language)), textsBelow(join(generated, language))];
  const stale = [...new Set([...old.keys(), ...fresh.keys()])].filter((name) => old.get(name) !== fresh.get(name));
  for (const name of stale) {
    console.error(`sdk/${language}/${name} is stale: run \`npm run sdks\` and commit the result`);
    process.exitCode = 1;
  }
}

function committed(folder: string): Map<string, string> {
  const texts = textsBelow(folder);
  for (const name of ours) texts.delete(name);
  return texts;
}
