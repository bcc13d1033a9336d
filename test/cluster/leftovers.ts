import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { isProgramRunning } from "./processes.ts";
import type { Settings } from "./settings.ts";

// Places outside the cluster's folder that containerd's shim and the kubelet have built in.
const CONTAINER_LOGS = "/var/log/containers";
const DEVICE_PLUGINS = "/var/lib/kubelet/device-plugins";
// Which program makes them, the innermost first.
const SHARED_FOLDERS = {
  kubelet: [CONTAINER_LOGS, DEVICE_PLUGINS, dirname(DEVICE_PLUGINS)],
  containerd: ["/run/containerd/s", "/run/containerd"],
};

/** The sockets of the shims; to be asked before they end, because they are noted beside the containers. */
export function shimSockets({ folder }: Settings): string[] {
  const tasks = join(folder, "containerd/state/io.containerd.runtime.v2.task/k8s.io");
  const notes = entriesOf(tasks).map((id) => join(tasks, id, "bootstrap.json"));
  return notes.filter(existsSync).map(socketOf);
}

function socketOf(note: string): string {
  const { address } = JSON.parse(readFileSync(note, "utf8")) as {
    address: string;
  };
  return address.replace(/^unix:\/\//, "");
}

/** Removes what the cluster's programs left elsewhere, and folders that are empty then. */
export function removeLeftovers(settings: Settings, sockets: string[]): void {
  const files = [...sockets, ...logLinks(settings), ...deviceFiles()];
  for (const file of files) rmSync(file, { force: true });
  for (const [program, folders] of Object.entries(SHARED_FOLDERS)) {
    if (!isProgramRunning(program)) folders.forEach(removeIfEmpty);
  }
}

function logLinks({ folder }: Settings): string[] {
  const files = entriesOf(CONTAINER_LOGS).map((name) => join(CONTAINER_LOGS, name));
  const links = files.filter((file) => lstatSync(file).isSymbolicLink());
  return links.filter((link) => readlinkSync(link).startsWith(`${folder}/`));
}

/** All kubelets of a machine share this folder, so its files are nobody's once the last has ended. */
function deviceFiles(): string[] {
  if (isProgramRunning("kubelet")) return [];
  return ["kubelet.sock", "kubelet_internal_checkpoint"].map((file) => join(DEVICE_PLUGINS, file));
}

function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && entriesOf(folder).length === 0) rmdirSync(folder);
}

function entriesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
