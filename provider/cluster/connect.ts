import { type Credential, hasSameCertificate, isSame } from "./access/credential";
import { getCredential } from "./access/credentials";
import { headersOf } from "./access/headers";
import { kept } from "./access/kept";
import type { Target } from "./access/kubeconfig";
import { type Machine, thisMachine } from "./access/machine";
import { openPools, type Pools } from "./access/pools";
import { proxyOf, showProxy } from "./access/proxy";
import { type ConnectOptions, findTarget } from "./access/target";
import { whyRefused } from "./access/whyRefused";

/** A cluster that can be reached, and the credentials for it. */
export interface Connection {
  readonly server: string;
  readonly namespace: string;
  /** How messages call the proxy on the way, if there is one. */
  readonly proxy?: string;
  /** Aborted when the user no longer wants to wait for a server that has gone away. */
  readonly interrupted?: AbortSignal;
  /** What is needed to send. Got with the first request, so that naming a cluster runs no credential plugin. */
  access(): Promise<Access>;
  /** Gets new credentials instead of those that were not accepted; undefined when there are no others. */
  renew(refused: Access): Promise<Access | undefined>;
  /** Why the credentials were not accepted, and what to do. */
  whyRefused(refused: Access): string;
}

/** Credentials, and the sockets and headers that go with them. */
export interface Access {
  readonly credential: Credential;
  readonly pools: Pools;
  readonly headers: Readonly<Record<string, string | string[]>>;
}

/** Finds the cluster. Nothing is sent yet. */
export async function connect(options: ConnectOptions, machine: Machine = thisMachine()): Promise<Connection> {
  const target = await findTarget(options, machine);
  const proxy = proxyOf(target.cluster, machine.env);
  const access = kept(opener(target, machine, proxy), {
    isStale: ({ credential }) => credential.renewAt <= Date.now(),
    isSame: (a, b) => isSame(a.credential, b.credential),
  });
  return {
    server: target.cluster.server,
    namespace: target.namespace,
    ...(proxy !== undefined && { proxy: showProxy(proxy) }),
    access: () => access.current(),
    renew: async (refused) => {
      const next = await access.insteadOf(refused);
      return isSame(refused.credential, next.credential) ? undefined : next;
    },
    whyRefused: ({ credential }) => whyRefused(target, credential),
  };
}

/** Gets credentials. New ones use the same sockets, unless the client certificate is another one. */
function opener(target: Target, machine: Machine, proxy: URL | undefined): () => Promise<Access> {
  let last: Access | undefined;
  return async () => {
    const credential = await getCredential(target, machine);
    const open = last !== undefined && hasSameCertificate(last.credential, credential) ? last.pools : undefined;
    const pools = open ?? (await openPools(target, credential, proxy));
    last = { credential, pools, headers: headersOf(target.user, credential) };
    return last;
  };
}
