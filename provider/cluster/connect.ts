import type { KubeConfig } from "@kubernetes/client-node";
import { Agent, type Dispatcher, interceptors, ProxyAgent } from "undici";
import type { ConnectionOptions as TlsOptions } from "node:tls";
import { ClusterError, messageOf } from "./errors";

/** Where a cluster is and how to get in; every part has a default. */
export interface ConnectOptions {
  /** Path of a kubeconfig file, or its content. */
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** A cluster that can be reached, and the credentials for it. */
export interface Connection {
  readonly server: string;
  readonly namespace: string;
  /** Opened with the first request, so that naming a cluster runs no credential plugin. */
  pools(): Promise<Pools>;
  headers(): Promise<Record<string, string>>;
}

interface Pools {
  /** For requests that end: repeated when the server is overloaded or the connection breaks. */
  readonly requests: Dispatcher;
  /** For streams, which are never repeated from the start. */
  readonly streams: Dispatcher;
}

/** Reads the kubeconfig. Nothing is sent yet. */
export async function connect(options: ConnectOptions): Promise<Connection> {
  const config = await loadConfig(options);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new ClusterError(missingCluster(config, options));
  return {
    server: cluster.server,
    namespace: config.getContextObject(config.getCurrentContext())?.namespace ?? "default",
    pools: remembered(() => openPools(config, cluster.proxyUrl)),
    headers: async () => (await credentialsOf(config)).headers,
  };
}

/** Does the work once; a failure is not remembered, so that the next one tries again. */
function remembered<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work().catch((error: unknown) => {
      result = undefined;
      throw error;
    });
    return result;
  };
}

async function openPools(config: KubeConfig, proxyUrl: string | undefined): Promise<Pools> {
  const { tls } = await credentialsOf(config);
  const open = (more: object): Dispatcher =>
    proxyUrl === undefined
      ? new Agent({ connect: tls, ...more })
      : new ProxyAgent({ ...more, uri: proxyUrl, requestTls: tls });
  // Watches hold their connections: they must not take those of the requests.
  const requests = open({ connections: 32, keepAliveTimeout: 30_000 });
  return { streams: open({}), requests: requests.compose(interceptors.retry(repetition)) };
}

/**
 * A write that was answered with a broken connection may have been done: repeating it is safe because names are ours
 * and "already exists" is looked at. 429 and 503 say when to come again.
 */
const repetition = {
  maxRetries: 5,
  minTimeout: 250,
  maxTimeout: 10_000,
  methods: ["GET", "POST", "PUT", "PATCH", "DELETE"] satisfies Dispatcher.HttpMethod[],
  statusCodes: [429, 502, 503, 504],
  throwOnError: false,
};

async function loadConfig({ kubeconfig, context }: ConnectOptions): Promise<KubeConfig> {
  // Loaded late: it costs 0.3 s, and checks and diffs do without.
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else if (/[\n{]/.test(kubeconfig)) config.loadFromString(kubeconfig);
    else config.loadFromFile(kubeconfig);
  } catch (error) {
    throw new ClusterError(`the kubeconfig cannot be read: ${messageOf(error)}`, { cause: error });
  }
  if (context !== undefined) config.setCurrentContext(context);
  return config;
}

function missingCluster(config: KubeConfig, { context }: ConnectOptions): string {
  const known = config.getContexts().map(({ name }) => name);
  if (context !== undefined)
    return `there is no context "${context}" in the kubeconfig; it has ${known.join(", ") || "none"}`;
  return "no cluster is named: set KUBECONFIG, `jobrun:kubeconfig` and `jobrun:context` in the stack configuration, or `connection`";
}

interface Credentials {
  readonly headers: Record<string, string>;
  readonly tls: Pick<TlsOptions, "ca" | "cert" | "key" | "servername" | "rejectUnauthorized">;
}

async function credentialsOf(config: KubeConfig): Promise<Credentials> {
  const options: Record<string, unknown> = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw new ClusterError(`no credentials for the cluster: ${messageOf(error)}`, { cause: error });
  }
  const { headers = {}, ca, cert, key, servername, rejectUnauthorized } = options;
  const given = Object.entries({ ca, cert, key, servername, rejectUnauthorized }).filter(
    ([, value]) => value !== undefined,
  );
  return { headers: headers as Record<string, string>, tls: Object.fromEntries(given) };
}
