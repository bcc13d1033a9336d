import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { isProgramRunning } from "./processes.ts";
import type { Settings } from "./settings.ts";

// Places outside the cluster's folder that containerd's shim and the kubelet have built in.
const CONTAINER_LOGS = "/var/log/containers";
const DEVICE_PLUGINS = "/var/lib/kubelet/device-plugins";

/** The sockets of the shims; to be asked before they end, because they are noted beside the containers. */
export function shimSockets({ folder }: Settings): string[] {
  const tasks = join(folder, "containerd/state/io.containerd.runtime.v2.task/k8s.io");
  const notes = entriesOf(tasks).map((id) => join(tasks, id, "bootstrap.json"));
  const addresses = notes.filter(existsSync).map((note) => JSON.parse(readFileSync(note, "utf8")) as { address: string });
  return addresses.map(({ address }) => address.replace(/^unix:\/\//, ""));
}

/** Removes what the cluster's programs left elsewhere, and folders that are empty then. */
export function removeLeftovers({ folder }: Settings, sockets: string[]): void {
  const links = entriesOf(CONTAINER_LOGS).map((name) => join(CONTAINER_LOGS, name));
  const ours = links.filter((link) => lstatSync(link).isSymbolicLink() && readlinkSync(link).startsWith(`${folder}/`));
  for (const file of [...sockets, ...ours]) rmSync(file, { force: true });
  // All kubelets of a machine share this folder; the last one's files are nobody's.
  if (!isProgramRunning("kubelet")) for (const file of ["kubelet.sock", "kubelet_internal_checkpoint"]) rmSync(join(DEVICE_PLUGINS, file), { force: true });
  for (const place of [CONTAINER_LOGS, DEVICE_PLUGINS, dirname(DEVICE_PLUGINS), "/run/containerd/s", "/run/containerd"]) removeIfEmpty(place);
}

function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && entriesOf(folder).length === 0) rmdirSync(folder);
}

function entriesOf(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
