import { spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { basename } from "node:path";
import { waitUntil } from "./wait.ts";

/** A running program: its process id, its path as it was called, and its arguments. */
export type Process = { pid: number; program: string; args: string[] };

type Command = Pick<Process, "program" | "args">;

const SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const EXEC_SECONDS = 30;
const GRACE_SECONDS = 5;
const KILL_SECONDS = 10;

/**
 * The running processes of a program that were given a path below the folder. The kernel is asked anew
 * each time: a stored process id means nothing after a crash or a reboot.
 */
export function findProcesses(program: string, folder: string): Process[] {
  const named = listProcesses().filter((candidate) => basename(candidate.program) === program);
  return named.filter(({ args }) => args.some((argument) => argument.includes(`${folder}/`)));
}

/** Whether anybody on this machine runs that program. */
export function isProgramRunning(program: string): boolean {
  return listProcesses().some((candidate) => basename(candidate.program) === program);
}

function listProcesses(): Process[] {
  const pids = readdirSync("/proc").filter((entry) => /^\d+$/.test(entry));
  return processesOf(pids.map(Number));
}

/** Processes by number; those that have ended are left out. */
export function processesOf(pids: number[]): Process[] {
  return pids.flatMap((pid) => {
    const [program, ...args] = commandLine(pid).split("\0").slice(0, -1);
    return program === undefined ? [] : [{ pid, program, args }];
  });
}

/** Empty for a process that has ended, also while nobody has asked for its exit code yet. */
function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch (error) {
    if (isGone(error)) return "";
    throw error;
  }
}

/** Whether two processes, or one and a plan for one, are the same program with the same arguments. */
export function isSameCommand(one: Command, other: Command): boolean {
  return [one.program, ...one.args].join("\0") === [other.program, ...other.args].join("\0");
}

/**
 * Starts a program that goes on after us, with its output added to a log file. Returns when it can be found by
 * its arguments, or has ended again: between the call of exec and the first instruction the kernel shows none,
 * which looks like a process that has ended.
 */
export async function startProcess(command: Command, log: string, path: string[]): Promise<void> {
  const output = openSync(log, "a");
  const env = { HOME: homedir(), PATH: [...path, SYSTEM_PATH].join(":") };
  const own = { detached: true, cwd: "/", env };
  const child = spawn(command.program, command.args, { ...own, stdio: ["ignore", output, output] });
  closeSync(output);
  await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  const hasEnded = () => child.exitCode !== null || child.signalCode !== null;
  const isShown = () => isRunning({ ...command, pid: child.pid ?? 0 });
  const inTime = await waitUntil(EXEC_SECONDS, () => isShown() || hasEnded());
  child.unref();
  if (!inTime) throw new Error(`${command.program} must start, got: not loaded in ${EXEC_SECONDS} s`);
}

/** Asks processes to end, kills those that do not, and returns when all are gone. */
export async function endProcesses(processes: Process[], graceSeconds = GRACE_SECONDS): Promise<void> {
  const allGone = () => !processes.some(isRunning);
  if (graceSeconds > 0) signal(processes, "SIGTERM");
  if (graceSeconds > 0 && (await waitUntil(graceSeconds, allGone))) return;
  signal(processes, "SIGKILL");
  if (await waitUntil(KILL_SECONDS, allGone)) return;
  const left = processes.filter(isRunning).map(({ pid, program }) => `${pid} (${basename(program)})`);
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

/** A number that another program has by now is not taken for the one that had it. */
function isRunning(known: Process): boolean {
  return processesOf([known.pid]).some((current) => isSameCommand(current, known));
}

/** What the kernel answers about a process or a file that has just gone. */
export function isGone(error: unknown): boolean {
  return ["ENOENT", "ESRCH", "ENODEV"].includes((error as NodeJS.ErrnoException).code ?? "");
}
