import { spawn, type SpawnOptions } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const LAST_LINES = 15;

/** Runs a program to its end and returns what it wrote on stdout; a failure shows the last lines it wrote. */
export async function run(command: string[], options: SpawnOptions = {}): Promise<string> {
  const { code, stdout, output } = await capture(command, options);
  if (code === 0) return stdout;
  throw new Error(`${command.slice(0, 3).join(" ")} … must end with 0, got ${code}:\n${lastLines(output)}`);
}

export function lastLines(text: string, count = LAST_LINES): string {
  return text.trimEnd().split("\n").slice(-count).join("\n");
}

export function findProgram(name: string): string | undefined {
  const folders = `${process.env.PATH ?? ""}${delimiter}/usr/sbin${delimiter}/sbin`.split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Where a program is, or one sentence that says what it is wanted for. */
export function getProgram(name: string, purpose: string): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is needed ${purpose} and is not on PATH: install it`);
  return path;
}

type Captured = { code: number; stdout: string; output: string };

function capture([program = "", ...args]: string[], options: SpawnOptions): Promise<Captured> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      ...options,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? 128, stdout, output: output || String(signal) }));
  });
}
