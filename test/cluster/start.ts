import { connect } from "node:net";
import { hasServiceAccount, isApiReady, isNodeReady } from "./api.ts";
import { forgetEarlierBoot } from "./boot.ts";
import { toolPaths } from "./build.ts";
import { ensureCertificates } from "./certificates.ts";
import { ensureCgroup } from "./cgroups.ts";
import { awaitReady, clusterTools, ensureRunning, runningProcesses, type Binaries } from "./components.ts";
import { writeConfiguration } from "./configuration.ts";
import { containerdSocket } from "./containerd.ts";
import { ensureImages } from "./imageImport.ts";
import { markCurrent } from "./freshness.ts";
import { ensureBridge } from "./network.ts";
import { ensurePackages } from "./packages.ts";
import { endProcesses } from "./processes.ts";
import { ensureSettings, type Settings } from "./settings.ts";

/** Brings up what of the cluster is not running; what runs is left alone, and so is etcd's data. */
export async function startCluster(name: string): Promise<Settings> {
  assertRoot();
  await ensurePackages();
  const binaries = await toolPaths(clusterTools);
  const settings = await ensureSettings(name);
  forgetEarlierBoot(settings);
  await ensureCertificates(settings);
  for (const part of writeConfiguration(settings)) await endProcesses(runningProcesses(settings, part));
  await Promise.all([startControlPlane(settings, binaries), startContainerd(settings, binaries)]);
  await startNode(settings, binaries);
  markCurrent(settings);
  return settings;
}

function assertRoot(): void {
  const user = process.getuid?.();
  if (user === 0) return;
  throw new Error(`the cluster must be started by root, because kubelet and runc need it, got user ${user}: use sudo`);
}

async function startControlPlane(settings: Settings, binaries: Binaries): Promise<void> {
  const { etcd } = settings.ports;
  await ensureRunning(settings, "etcd", binaries);
  await awaitReady(settings, "etcd", () => accepts({ host: "127.0.0.1", port: etcd }));
  await ensureRunning(settings, "kube-apiserver", binaries);
  await awaitReady(settings, "kube-apiserver", () => isApiReady(settings));
  await ensureRunning(settings, "kube-scheduler", binaries);
  await ensureRunning(settings, "kube-controller-manager", binaries);
}

async function startContainerd(settings: Settings, binaries: Binaries): Promise<void> {
  await ensureBridge(settings);
  ensureCgroup(settings);
  await ensureRunning(settings, "containerd", binaries);
  await awaitReady(settings, "containerd", () => accepts({ path: containerdSocket(settings) }));
  await ensureImages(settings, binaries.ctr);
}

async function startNode(settings: Settings, binaries: Binaries): Promise<void> {
  const { kubelet } = settings.ports;
  await ensureRunning(settings, "kubelet", binaries);
  // The API server believes for a while that a kubelet that was killed is ready, hence the question to its port.
  await awaitReady(settings, "kubelet", () => accepts({ host: "127.0.0.1", port: kubelet }));
  await awaitReady(settings, "kubelet", () => isNodeReady(settings));
  await awaitReady(settings, "kube-controller-manager", () => hasServiceAccount(settings));
}

/** Whether somebody listens there. */
function accepts(address: { host: string; port: number } | { path: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once("connect", () => socket.destroy()).once("error", () => resolve(false));
    socket.once("close", (failed) => resolve(!failed));
  });
}
