import { isUnreachable, messageOf } from "../cluster/errors";
import type { ClusterClient } from "../cluster/port";
import type { Connection } from "../core/spec/types";
import { hasUnknown, isUnknown, UNKNOWN } from "../core/spec/unknown";
import type { Hidden } from "./contract";

/** Inputs that say where a resource is. */
interface Placed {
  readonly connection?: Connection;
  readonly namespace?: string;
}

/** Where a resource is made. */
export interface Place {
  readonly client: ClusterClient;
  readonly namespace: string;
  readonly settings: Settings;
}

/** Settings of the stack or provider, read when a hook runs. */
export interface Settings {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly keepAliveImage?: string;
  /** Whether Code Engine's own limits hold as well. */
  readonly strict?: boolean;
  /** Variables of Code Engine's platform that runs get, by name. */
  readonly platform?: Readonly<Record<string, string>>;
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
): Promise<Place> {
  const settings = await clusters.settings();
  const client = await clusters.open(connectionFor(inputs.connection, settings));
  return { client, settings, namespace: inputs.namespace ?? settings.namespace ?? client.namespace };
}

/** The cluster in which a resource was made. One that is reached by the same settings but is another one is not touched. */
export async function openKept(
  clusters: Clusters,
  hidden: Hidden<Placed>,
): Promise<{ client: ClusterClient; settings: Settings }> {
  const { client, settings } = await openPlace(clusters, hidden.inputs);
  if (client.server === hidden.server) return { client, settings };
  throw new Error(
    `the resource is in the cluster ${hidden.server}, and the connection now leads to ${client.server}: set \`connection\`, \`jobrun:context\` or KUBECONFIG to the old cluster; if that is gone for good, take the resource out of the state with \`pulumi state delete\``,
  );
}

/** Removes something from a cluster. When the cluster cannot be found or reached, the error also says how to forget the resource. */
export async function orForget(removal: Promise<void>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    const advice = `if the cluster is gone for good, take the resource out of the state with \`pulumi state delete\``;
    throw new Error(`${messageOf(error)}; ${advice}`, { cause: error });
  }
}

/** A connection of the resource's own stands alone: mixing its kubeconfig with the stack's context helps nobody. */
export function connectionFor(own: Connection | undefined, { kubeconfig, context }: Settings): Connection {
  if (isUnknown(own)) return { kubeconfig: UNKNOWN };
  if (own?.kubeconfig !== undefined || own?.context !== undefined)
    return {
      ...(own.context === undefined ? {} : { context: own.context }),
      ...kubeconfigOf(own.kubeconfig ?? kubeconfig),
    };
  return { ...kubeconfigOf(kubeconfig), ...(context !== undefined && { context }) };
}

const kubeconfigOf = (kubeconfig: string | undefined): { kubeconfig?: string } =>
  kubeconfig === undefined ? {} : { kubeconfig };

/** Which of the new inputs put the resource elsewhere. What is not known yet is taken to stay: it may, and the deployment will tell. */
export async function movesTo(
  clusters: Clusters,
  at: { server: string; namespace: string },
  inputs: Placed,
): Promise<string[]> {
  const settings = await clusters.settings();
  const namespace = inputs.namespace ?? settings.namespace ?? at.namespace;
  const moved = namespace === at.namespace || isUnknown(namespace) ? [] : ["namespace"];
  const connection = connectionFor(inputs.connection, settings);
  if (hasUnknown(connection)) return moved;
  const server = await serverOf(clusters, connection);
  return server === undefined || server === at.server ? moved : [...moved, "connection"];
}

/** A kubeconfig that cannot be read now says nothing about where the cluster is; whoever needs the cluster will report it. */
async function serverOf(clusters: Clusters, connection: Connection): Promise<string | undefined> {
  try {
    return (await clusters.open(connection)).server;
  } catch {
    return undefined;
  }
}
