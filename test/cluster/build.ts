import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { findProgram, run } from "./command.ts";
import { goEnvironment } from "./goModule.ts";
import { withLock } from "./lock.ts";
import { writeOverlay } from "./overlay.ts";
import { bedFile, cacheFolder } from "./paths.ts";
import { withProgress } from "./progress.ts";
import { getTool, type Tool } from "./tools.ts";

/** The path of a tool's binary, built first when this pin of it is not in the cache. */
export async function toolPath(name: string): Promise<string> {
  const tool = getTool(name);
  const binary = binaryOf(tool);
  if (!existsSync(binary)) await withLock("build", () => buildOnce(tool, binary));
  return binary;
}

/** The paths of several tools by name; one is built after the other, because the linker wants memory. */
export async function toolPaths<Name extends string>(names: readonly Name[]): Promise<Record<Name, string>> {
  const paths = {} as Record<Name, string>;
  for (const name of names) paths[name] = await toolPath(name);
  return paths;
}

async function buildOnce(tool: Tool, binary: string): Promise<void> {
  if (existsSync(binary)) return;
  await assertGo(tool);
  await withProgress(`building ${tool.name} ${tool.version}`, () => build(tool, binary));
}

async function build(tool: Tool, binary: string): Promise<void> {
  const target = cacheFolder("tools", dirname(relative(tool)));
  const temporary = join(target, `.${tool.name}.${process.pid}`);
  const folder = moduleFolder(tool);
  const env = { ...process.env, ...goEnvironment };
  const overlay = `${temporary}.overlay.json`;
  if (tool.embeds !== undefined) await writeOverlay(tool.embeds, { file: overlay, folder });
  const more = tool.embeds === undefined ? [] : ["-overlay", overlay];
  const command = ["go", "build", ...flags(tool), ...more, "-o", temporary];
  await run([...command, tool.package], { cwd: folder, env });
  renameSync(temporary, binary);
  rmSync(overlay, { force: true });
}

function flags(tool: Tool): string[] {
  const variables = Object.entries(tool.linkerVariables ?? {}).map(([name, value]) => `-X ${name}=${value}`);
  return ["-mod=readonly", "-trimpath", "-ldflags", ["-s", "-w", ...variables].join(" ")];
}

async function assertGo(tool: Tool): Promise<void> {
  const wanted = wantedGo(tool);
  const purpose = `Go ${wanted} or newer is needed to build ${tool.name}`;
  if (findProgram("go") === undefined) throw new Error(`${purpose}, and go is not on PATH: install it from go.dev/dl`);
  const env = { ...process.env, ...goEnvironment };
  const version = (await run(["go", "env", "GOVERSION"], { cwd: "/", env })).trim().replace(/^go/, "");
  if (isOlder(version, wanted)) throw new Error(`${purpose}, got ${version}: install it from go.dev/dl`);
}

function wantedGo(tool: Tool): string {
  const file = join(moduleFolder(tool), "go.mod");
  const wanted = /^go (.+)$/m.exec(readFileSync(file, "utf8"))?.[1];
  if (wanted === undefined) throw new Error(`${file} must say which Go it wants, got no line "go …": add one`);
  return wanted;
}

/** Compares versions number by number. */
export function isOlder(version: string, wanted: string): boolean {
  return version.localeCompare(wanted, "en", { numeric: true }) < 0;
}

function binaryOf(tool: Tool): string {
  return join(cacheFolder("tools"), relative(tool));
}

function relative(tool: Tool): string {
  return join(`${tool.name}-${tool.version}-${pinHash(tool)}`, tool.name);
}

/** Changes whenever the same name and version would be built from something else. */
function pinHash(tool: Tool): string {
  const hash = createHash("sha256");
  for (const file of readdirSync(moduleFolder(tool)).sort()) hash.update(readFileSync(join(moduleFolder(tool), file)));
  return hash.update(flags(tool).join(" ")).digest("hex").slice(0, 10);
}

function moduleFolder(tool: Tool): string {
  return bedFile("tools", tool.folder);
}
