import { readFileSync } from "node:fs";

/** Ticks a second in which Linux counts the time of processes, on every machine of today. */
const TICKS = 100;

/** What a running process has used so far. */
export interface Usage {
  /** Seconds on a CPU. */
  readonly cpu: number;
  /** Mebibytes of memory, now and at most. */
  readonly memory: number;
  readonly mostMemory: number;
}

/** Asks the kernel. */
export function usageOf(pid: number): Usage {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kibibytes = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? NaN);
  // The name of the program stands in brackets, and may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  const [user = NaN, system = NaN] = [fields[11], fields[12]].map(Number);
  return { cpu: (user + system) / TICKS, memory: kibibytes("VmRSS") / 1_024, mostMemory: kibibytes("VmHWM") / 1_024 };
}
