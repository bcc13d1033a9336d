import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { Agent, type Dispatcher, ProxyAgent } from "undici";
import { ClusterError, messageOf } from "../errors";
import type { Credential } from "./credential";
import type { Target } from "./kubeconfig";
import { readPem } from "./material";

/** The sockets to a cluster, kept open between requests. */
export interface Pools {
  /** For requests that end. */
  readonly requests: Dispatcher;
  /** For streams: watches hold their sockets and must not take those of the requests. */
  readonly streams: Dispatcher;
}

/** Opens pools for a client certificate, if there is one. Nothing is sent yet. */
export async function openPools(target: Target, credential: Credential, proxy: URL | undefined): Promise<Pools> {
  const connect = await tlsOptions(target, credential);
  // In HTTP/2, one connection that breaks takes all requests and watches along.
  const common = { allowH2: false };
  const open = (more: Agent.Options): Dispatcher =>
    proxy === undefined
      ? new Agent({ ...common, ...more, connect })
      : new ProxyAgent({ ...common, ...more, uri: proxy.href, requestTls: connect });
  return { requests: open(REQUESTS), streams: open({}) };
}

const REQUESTS = {
  connections: 32,
  keepAliveTimeout: 30_000,
  // The API server gives up after 60 s itself: longer silence is a dead connection.
  headersTimeout: 70_000,
  bodyTimeout: 70_000,
} satisfies Agent.Options;

/**
 * After so long a silence the system asks whether the other end is still there, and gives it ten more seconds:
 * a network that loses everything without a word is known to be dead well within a minute.
 */
const ASK_AFTER_MS = 30_000;

/** Also finds out whether certificates and key are such. */
async function tlsOptions({ cluster, who }: Target, { cert, key }: Credential): Promise<object> {
  const title = `the certificate-authority of the cluster ${cluster.server}`;
  const ca = await readPem(cluster["certificate-authority"], cluster["certificate-authority-data"], title);
  const servername = cluster["tls-server-name"];
  // A text that is no certificate would be passed over, and every server be a stranger.
  if (ca !== undefined) usable(title, () => new X509Certificate(ca));
  return {
    keepAliveInitialDelay: ASK_AFTER_MS,
    secureContext: usable(`the client certificate or key of ${who}`, () => createSecureContext({ ca, cert, key })),
    ...(servername !== undefined && servername !== "" && { servername }),
    ...(cluster["insecure-skip-tls-verify"] === true && { rejectUnauthorized: false }),
  };
}

function usable<T>(title: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ClusterError(`${title} cannot be used: ${messageOf(error)}`);
  }
}
