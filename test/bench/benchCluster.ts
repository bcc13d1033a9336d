import { join } from "node:path";
import { toolPath } from "../cluster/build.ts";
import { type Cluster, up } from "../cluster/clusters.ts";
import { argumentsOf, runningProcesses } from "../cluster/components.ts";
import { endProcesses, isSameCommand, startProcess } from "../cluster/processes.ts";
import { ensureSettings } from "../cluster/settings.ts";

const NAME = "bench";
const CONTROLLERS = "kube-controller-manager";

/** By default the controllers send 20 requests a second, and nothing but that limit would be measured. */
export const TUNED = ["--kube-api-qps=200", "--kube-api-burst=400", "--concurrent-job-syncs=50"];

/** A cluster for benchmarks alone, whose controllers are as fast as a large cluster's. It stays up for the next time. */
export async function benchCluster(): Promise<Cluster> {
  const cluster = await up(NAME);
  const settings = await ensureSettings(NAME);
  const args = [...argumentsOf[CONTROLLERS](settings), ...TUNED];
  const command = { program: await toolPath(CONTROLLERS), args };
  const running = runningProcesses(settings, CONTROLLERS);
  if (running.some((one) => isSameCommand(one, command))) return cluster;
  await endProcesses(running);
  await startProcess(command, join(settings.folder, "log", `${CONTROLLERS}.log`), []);
  return cluster;
}

/** Does the work while nothing is scheduled: pods that are to go nowhere cost nothing more. */
export async function unscheduled<T>(work: () => Promise<T>): Promise<T> {
  const schedulers = runningProcesses(await ensureSettings(NAME), "kube-scheduler");
  const signal = (name: NodeJS.Signals): void => schedulers.forEach(({ pid }) => process.kill(pid, name));
  signal("SIGSTOP");
  try {
    return await work();
  } finally {
    signal("SIGCONT");
  }
}
