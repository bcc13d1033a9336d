import { readFileSync, rmSync } from "node:fs";
import { removeCgroup, processesIn } from "./cgroups.ts";
import { runningProcesses, type ComponentName } from "./components.ts";
import { run } from "./command.ts";
import { removeLeftovers, shimSockets } from "./leftovers.ts";
import { removeNetwork } from "./network.ts";
import { endProcesses, findProcesses, processesOf } from "./processes.ts";
import type { Settings } from "./settings.ts";

// The fifth field of a line: https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html
const MOUNT_POINT = 4;

/** Ends all processes of the cluster and removes all that it made, from the kubelet down to etcd. */
export async function stopCluster(settings: Settings): Promise<void> {
  const sockets = shimSockets(settings);
  await end(settings, ["kubelet"]);
  await endContainers(settings);
  await end(settings, ["containerd"]);
  // While it ran, containerd may have started a shim to clean up after one that we ended.
  await endContainers(settings);
  await end(settings, ["kube-scheduler", "kube-controller-manager"]);
  await end(settings, ["kube-apiserver"]);
  await end(settings, ["etcd"]);
  await unmountAll(settings.folder);
  await removeNetwork(settings);
  await removeCgroup(settings);
  removeLeftovers(settings, sockets);
  rmSync(settings.folder, { recursive: true, force: true });
}

async function end(settings: Settings, names: ComponentName[]): Promise<void> {
  await endProcesses(names.flatMap((name) => runningProcesses(settings, name)));
}

// Pods have no state that outlives the cluster, so their processes are not asked; one that starts
// others meanwhile is why they are looked for again.
async function endContainers(settings: Settings): Promise<void> {
  const find = () => processesOf(processesIn(settings));
  for (let found = find(); found.length > 0; found = find()) await endProcesses(found, 0);
  await endProcesses(findProcesses("containerd-shim-runc-v2", settings.folder), 0);
}

/** Unmounts what is mounted below a folder, the last mount first. */
async function unmountAll(folder: string): Promise<void> {
  for (const mount of mountsBelow(folder).reverse()) await run(["umount", mount]);
  const left = mountsBelow(folder);
  if (left.length > 0) throw new Error(`mounts must be gone, got ${left.join(", ")}: unmount them and try again`);
}

function mountsBelow(folder: string): string[] {
  const lines = readFileSync("/proc/self/mountinfo", "utf8").trim().split("\n");
  return lines
    .map((line) => unescape(line.split(" ")[MOUNT_POINT] ?? ""))
    .filter((path) => path.startsWith(`${folder}/`));
}

/** The kernel writes a space in a path as \040. */
function unescape(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(parseInt(code, 8)));
}
