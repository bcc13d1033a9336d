import type { ConnectOptions } from "./cluster/access/target";
import type { ClusterClient } from "./cluster/port";
import { stableJson } from "./core/kube/hash";
import type { Clusters, Settings } from "./resources/clusters";

/**
 * The clusters that this process talks to, one client for equal options; `settings` say which one where nobody names one.
 * When the user has `interrupted`, a cluster that has gone away is no longer waited for.
 */
export function openClusters(settings: () => Promise<Settings>, interrupted?: AbortSignal): Clusters {
  const clients = new Map<string, Promise<ClusterClient>>();
  return {
    settings,
    open: (connection) => {
      const key = stableJson(connection);
      const client = clients.get(key) ?? openCluster(connection, interrupted);
      clients.set(key, client);
      // A kubeconfig that could not be read may be mended before the next resource asks.
      client.catch(() => clients.delete(key));
      return client;
    },
  };
}

/** What talks to clusters is loaded with the first one: many operations ask none. */
async function openCluster(connection: ConnectOptions, interrupted: AbortSignal | undefined): Promise<ClusterClient> {
  const client = await import("./cluster/client.ts");
  return client.openCluster(connection, interrupted);
}
