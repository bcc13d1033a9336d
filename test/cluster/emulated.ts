import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isApiReady } from "./api.ts";
import { toolPath } from "./build.ts";
import { up } from "./clusters.ts";
import { argumentsOf } from "./components.ts";
import { kubeconfigFile } from "./kubeconfig.ts";
import { ensureSettings, type Settings } from "./settings.ts";
import { waitUntil } from "./wait.ts";

/** A second API server of a cluster, which behaves like an older one. */
export interface Emulated {
  readonly kubeconfig: string;
  readonly context: string;
  readonly stop: () => Promise<void>;
}

const READY_SECONDS = 60;

/**
 * Starts another API server of the embedded cluster that emulates a version such as `1.34`. It stands on the same etcd, so that
 * what is created through it really runs. Its name among the processes is its own: it is no part of the cluster.
 */
export async function startEmulated(version: string): Promise<Emulated> {
  const { name } = await up();
  const settings = await ensureSettings(name);
  const own = { ...settings, ports: { ...settings.ports, apiServer: settings.ports.kubelet + 1 } };
  const log = openSync(join(settings.folder, "log", "emulated-apiserver.log"), "a");
  const args = [...argumentsOf["kube-apiserver"](own), `--emulated-version=${version}`];
  const argv0 = "emulated-apiserver";
  const child = spawn(await toolPath("kube-apiserver"), args, { argv0, stdio: ["ignore", log, log] });
  closeSync(log);
  const isReady = (): Promise<boolean> => isApiReady(own);
  if (
    !(await waitUntil(READY_SECONDS, async () => child.exitCode !== null || (await isReady()))) ||
    child.exitCode !== null
  )
    throw new Error(`the API server that emulates ${version} must come up: see emulated-apiserver.log`);
  const stop = async (): Promise<void> => {
    child.kill();
    await once(child, "exit");
  };
  return { ...writeKubeconfig(settings, own), stop };
}

function writeKubeconfig(settings: Settings, own: Settings): { kubeconfig: string; context: string } {
  const text = readFileSync(kubeconfigFile(settings, "admin"), "utf8");
  const kubeconfig = kubeconfigFile(settings, "emulated");
  writeFileSync(kubeconfig, text.replaceAll(`:${settings.ports.apiServer}`, `:${own.ports.apiServer}`), {
    mode: 0o600,
  });
  const { "current-context": context } = JSON.parse(text) as { "current-context": string };
  return { kubeconfig, context };
}
