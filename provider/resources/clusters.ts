import type { ClusterClient } from "../cluster/port";
import type { Connection } from "../core/spec/types";

/** Settings of the stack or provider, read when a hook runs. */
export interface Settings {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly keepAliveImage?: string;
  /** Whether Code Engine's own limits hold as well. */
  readonly strict?: boolean;
}

/** The way from a resource's inputs to its cluster. */
export interface Clusters {
  readonly settings: () => Promise<Settings>;
  /** The client of a cluster; the same one for equal options, so that its sockets and watches are shared. */
  readonly open: (connection: Connection) => Promise<ClusterClient>;
}

/** Whether Code Engine's own limits hold, as `check` asks. */
export async function strictness(clusters: Clusters): Promise<{ strict: boolean }> {
  const { strict = false } = await clusters.settings();
  return { strict };
}

/** The cluster that the inputs name, and the namespace in it. */
export async function openPlace(
  clusters: Clusters,
  inputs: { connection?: Connection; namespace?: string },
): Promise<{ client: ClusterClient; namespace: string; settings: Settings }> {
  const settings = await clusters.settings();
  const client = await clusters.open(connectionOf(inputs.connection, settings));
  return { client, settings, namespace: inputs.namespace ?? settings.namespace ?? client.namespace };
}

/** A connection of the resource's own stands alone: mixing its kubeconfig with the stack's context helps nobody. */
function connectionOf(own: Connection | undefined, { kubeconfig, context }: Settings): Connection {
  if (own?.kubeconfig !== undefined || own?.context !== undefined)
    return {
      ...(own.context === undefined ? {} : { context: own.context }),
      ...kubeconfigOf(own.kubeconfig ?? kubeconfig),
    };
  return { ...kubeconfigOf(kubeconfig), ...(context !== undefined && { context }) };
}

const kubeconfigOf = (kubeconfig: string | undefined): { kubeconfig?: string } =>
  kubeconfig === undefined ? {} : { kubeconfig };

/** Whether the new inputs put the resource elsewhere: another cluster, or another namespace that they or the stack name. */
export async function movesTo(
  clusters: Clusters,
  at: { server: string; namespace: string },
  inputs: { connection?: Connection; namespace?: string },
): Promise<string[]> {
  const settings = await clusters.settings();
  const namespace = inputs.namespace ?? settings.namespace ?? at.namespace;
  const server = await serverOf(clusters, connectionOf(inputs.connection, settings));
  return [
    ...(namespace === at.namespace ? [] : ["namespace"]),
    ...(server === undefined || server === at.server ? [] : ["connection"]),
  ];
}

/** A kubeconfig that cannot be read now says nothing about where the cluster is; whoever needs the cluster will report it. */
async function serverOf(clusters: Clusters, connection: Connection): Promise<string | undefined> {
  try {
    return (await clusters.open(connection)).server;
  } catch {
    return undefined;
  }
}
