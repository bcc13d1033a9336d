import { openCluster } from "./cluster/client";
import type { ClusterClient } from "./cluster/port";
import { stableJson } from "./core/kube/hash";
import { connectEngine, engineAddress } from "./doors/engine";
import { onCancel } from "./doors/dynamic/cancel";
import { type Host, toDynamicProvider } from "./doors/dynamic/host";
import { interruption } from "./doors/interruption";
import type { Clusters, Settings } from "./resources/clusters";
import { jobHooks } from "./resources/job";
import { jobRunHooks } from "./resources/jobRun";
import { plannedJobs } from "./resources/planned";

const configured = Promise.withResolvers<Settings>();
const clients = new Map<string, Promise<ClusterClient>>();

const clusters: Clusters = {
  // The host calls other hooks before `configure` has ended: they wait for it here.
  settings: () => configured.promise,
  open: (connection) => {
    const key = stableJson(connection);
    const client = clients.get(key) ?? openCluster(connection);
    clients.set(key, client);
    // A kubeconfig that could not be read may be mended before the next resource asks.
    client.catch(() => clients.delete(key));
    return client;
  },
};

const planned = plannedJobs();
const engine = connectEngine(engineAddress(process.argv.slice(2)));
const host: Host = { engine, interruption: interruption(), configure: (settings) => configured.resolve(settings) };
onCancel(host.interruption.interrupt);
// Nobody is left to tell anything to, and the next `up` takes over: whatever is done from now on would be in its way.
engine.onGone(() => process.exit(1));

/** What the state of a `Job` refers to. */
export const job = toDynamicProvider(jobHooks(clusters, planned), host);
/** What the state of a `JobRun` refers to. */
export const jobRun = toDynamicProvider(jobRunHooks(clusters, planned), host);
