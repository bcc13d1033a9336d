import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { bed } from "./bed";

/** What a command came to. */
export interface CommandEnded {
  /** The exit code; 128 when a signal ended it. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** The command of the installed package. */
export const jobrunPath = (): string => join(bed().project, "node_modules/.bin/jobrun");

/** The command line in one namespace of the test cluster; the words of a line are apart by spaces. */
export function commandLineIn(namespace: string): (line: string, kubeconfig?: string) => Promise<CommandEnded> {
  return (line, kubeconfig) => endOf(start(jobrunPath(), ["-n", namespace, ...line.split(" ")], kubeconfig));
}

/** Starts a command; nobody sits at its terminal. */
export function start(command: string, args: readonly string[], kubeconfig = bed().kubeconfig): ChildProcess {
  const { NO_COLOR: _none, FORCE_COLOR: _forced, ...env } = process.env;
  return spawn(command, args, { env: { ...env, KUBECONFIG: kubeconfig }, stdio: ["ignore", "pipe", "pipe"] });
}

/** Resolves when the command has ended. */
export function endOf(child: ChildProcess): Promise<CommandEnded> {
  let [out, err] = ["", ""];
  child.stdout?.on("data", (data: Buffer) => (out += data.toString()));
  child.stderr?.on("data", (data: Buffer) => (err += data.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 128, out, err }));
  });
}

/** Ages, times and what is made up by Kubernetes, put out of sight; columns are one space apart. Pods are told by their run and index. */
export function masked(text: string, runs: readonly string[]): string {
  const pods = new RegExp(String.raw`\b((?:${runs.join("|")})-\d+)(?:-[a-f0-9]{6,10})?-[a-z0-9]{5}\b`, "g");
  return text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, "UID")
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME")
    .replaceAll(pods, "$1-POD")
    .replaceAll(/(?<= )(?<!CPU: +)(\d+[smh])+(?= |$)/gm, "AGE")
    .replaceAll(/(?<=\S) +/g, " ");
}
