import { spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { waitUntil } from "./wait.ts";

export type Process = { pid: number; argv: string[] };

const GRACE_SECONDS = 5;
const KILL_SECONDS = 10;

/**
 * The running processes of a program that were given a path below the folder. The kernel is asked anew
 * each time: a stored process id means nothing after a crash or a reboot.
 */
export function findProcesses(program: string, folder: string): Process[] {
  const isOurs = ({ argv }: Process) =>
    basename(argv[0]!) === program && argv.slice(1).some((argument) => argument.includes(`${folder}/`));
  return listProcesses().filter(isOurs);
}

/** Whether anybody on this machine runs that program. */
export function isProgramRunning(program: string): boolean {
  return listProcesses().some(({ argv }) => basename(argv[0]!) === program);
}

function listProcesses(): Process[] {
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  return pids
    .map((pid) => ({ pid: Number(pid), argv: commandLine(Number(pid)) }))
    .filter(({ argv }) => argv.length > 0);
}

/** Empty for a process that has ended, also while nobody has asked for its exit code yet. */
function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** Starts a program that goes on after us, with its output added to a log file. */
export async function startProcess(argv: string[], log: string, path: string[]): Promise<void> {
  const output = openSync(log, "a");
  const env = {
    HOME: "/root",
    PATH: [...path, "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"].join(":"),
  };
  const child = spawn(argv[0]!, argv.slice(1), {
    detached: true,
    stdio: ["ignore", output, output],
    cwd: "/",
    env,
  });
  closeSync(output);
  await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  child.unref();
}

/** Asks processes to end, kills those that do not, and returns when all are gone. */
export async function endProcesses(processes: Process[], graceSeconds = GRACE_SECONDS): Promise<void> {
  const allGone = () => !processes.some(isRunning);
  if (graceSeconds > 0) signal(processes, "SIGTERM");
  if (graceSeconds > 0 && (await waitUntil(graceSeconds, allGone))) return;
  signal(processes, "SIGKILL");
  if (await waitUntil(KILL_SECONDS, allGone)) return;
  const left = processes.filter(isRunning).map(({ pid, argv }) => `${pid} (${basename(argv[0]!)})`);
  throw new Error(`processes must end when killed, still there: ${left.join(", ")}; look at /proc/PID/stack`);
}

function signal(processes: Process[], name: NodeJS.Signals): void {
  for (const { pid } of processes.filter(isRunning)) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
}

function isRunning({ pid, argv }: Process): boolean {
  return commandLine(pid).join("\0") === argv.join("\0");
}

/** Processes by number, for those that were found by their cgroup. */
export function processesOf(pids: number[]): Process[] {
  return pids.map((pid) => ({ pid, argv: commandLine(pid) })).filter(({ argv }) => argv.length > 0);
}

/** What the kernel answers about a process or a file that has just gone. */
export function isGone(error: unknown): boolean {
  return ["ENOENT", "ESRCH", "ENODEV"].includes((error as NodeJS.ErrnoException).code ?? "");
}
