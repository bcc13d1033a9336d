import { existsSync, rmSync } from "node:fs";
import { hasServiceAccount, isApiReady, isNodeReady } from "./api.ts";
import { componentNames, portOf, runningProcesses, type ComponentName } from "./components.ts";
import { kubeconfigFile } from "./kubeconfig.ts";
import { isCurrent } from "./freshness.ts";
import { withLock } from "./lock.ts";
import { clusterFolder, findSettings, type Settings } from "./settings.ts";
import { startCluster } from "./start.ts";
import { stopCluster } from "./stop.ts";

export type Cluster = { name: string; kubeconfig: string };

export type ComponentStatus = {
  name: ComponentName;
  pid: number | undefined;
  port: number | undefined;
};

export type Status = {
  ok: boolean;
  components: ComponentStatus[];
  /** Whether the API server answers and its node takes pods. */
  ready: boolean;
};

const DEFAULT = "default";

/** Makes sure that the cluster runs: creates it, repairs it after a crash, or leaves it as it is. */
export async function up(name = DEFAULT): Promise<Cluster> {
  const settings = findSettings(name);
  if (settings !== undefined && isCurrent(settings) && (await status(name)).ok) return clusterOf(settings);
  return clusterOf(await withLock(`cluster-${name}`, () => startCluster(name)));
}

/** Ends the cluster and removes every trace of it; one that does not exist is down already. */
export async function down(name = DEFAULT): Promise<void> {
  if (!existsSync(clusterFolder(name))) return;
  await withLock(`cluster-${name}`, async () => {
    const settings = findSettings(name);
    // The settings are written first, so without them there is nothing but the folder.
    if (settings === undefined) rmSync(clusterFolder(name), { recursive: true, force: true });
    else await stopCluster(settings);
  });
}

export async function status(name = DEFAULT): Promise<Status> {
  const settings = findSettings(name);
  if (settings === undefined) return { ok: false, ready: false, components: componentNames.map(stopped) };
  const components = componentNames.map((part) => componentStatus(settings, part));
  const running = components.every(({ pid }) => pid !== undefined);
  const ready = existsSync(kubeconfigFile(settings, "admin")) && (await isReady(settings));
  return { ok: running && ready, components, ready };
}

/** The administrator's kubeconfig of a cluster that is up. */
export async function kubeconfig(name = DEFAULT): Promise<string> {
  const settings = findSettings(name);
  if (settings !== undefined && isCurrent(settings) && (await status(name)).ok)
    return kubeconfigFile(settings, "admin");
  throw new Error(`cluster ${name} must be up, and it is not: npm run cluster -- up --name ${name}`);
}

async function isReady(settings: Settings): Promise<boolean> {
  const answers = [isApiReady(settings), isNodeReady(settings), hasServiceAccount(settings)];
  return (await Promise.all(answers)).every(Boolean);
}

function stopped(name: ComponentName): ComponentStatus {
  return { name, pid: undefined, port: undefined };
}

function componentStatus(settings: Settings, name: ComponentName): ComponentStatus {
  const pid = runningProcesses(settings, name)[0]?.pid;
  return { name, pid, port: portOf(settings, name) };
}

function clusterOf(settings: Settings): Cluster {
  return { name: settings.name, kubeconfig: kubeconfigFile(settings, "admin") };
}
