import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { containerdConfiguration, podNetwork } from "./containerd.ts";
import { kubeconfigFile, kubeconfigOf } from "./kubeconfig.ts";
import { kubeletConfiguration } from "./kubelet.ts";
import type { Settings } from "./settings.ts";

const USERS = ["admin", "kubelet", "controller-manager", "scheduler"];

/**
 * Writes what the parts of the cluster read at their start, and returns those that would
 * now read something else; the same settings give the same files.
 */
export function writeConfiguration(settings: Settings): Set<"containerd" | "kubelet"> {
  const write = (file: string, text: string) => writeIfChanged(join(settings.folder, file), text);
  for (const user of USERS) writeKubeconfig(settings, user);
  const changed = new Set<"containerd" | "kubelet">();
  const runtime = containerdConfiguration(settings);
  if (write("containerd.toml", runtime)) changed.add("containerd");
  const network = toJson(podNetwork(settings));
  if (write("cni/10-pods.conflist", network)) changed.add("containerd");
  const kubelet = toJson(kubeletConfiguration(settings));
  if (write("kubelet.json", kubelet)) changed.add("kubelet");
  return changed;
}

function writeKubeconfig(settings: Settings, user: string): void {
  const text = toJson(kubeconfigOf(settings, user));
  writeIfChanged(kubeconfigFile(settings, user), text);
}

function writeIfChanged(file: string, text: string): boolean {
  if (existsSync(file) && readFileSync(file, "utf8") === text) return false;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
  return true;
}

function toJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}
