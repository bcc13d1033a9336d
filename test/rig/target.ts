import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { run } from "../cluster/command.ts";

/** An API server, and as whom it is asked where a client brings no token of its own. */
export interface Target {
  readonly url: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
}

interface KubeConfig {
  readonly clusters: readonly { cluster: { server: string; "certificate-authority-data"?: string } }[];
  readonly users: readonly {
    user: { "client-certificate-data"?: string; "client-key-data"?: string; token?: string };
  }[];
}

/** The cluster of a kubeconfig's context, whose user has a certificate or a token. */
export async function targetOf(kubectl: string, flags: readonly string[]): Promise<Target> {
  const view = ["config", "view", "--raw", "--flatten", "--minify", "--output=json"];
  const { clusters, users } = JSON.parse(await run([kubectl, ...flags, ...view])) as KubeConfig;
  const [{ cluster } = { cluster: { server: "" } }, { user } = { user: {} }] = [clusters[0], users[0]];
  if (user.token === undefined && user["client-certificate-data"] === undefined)
    throw new Error("the rig's proxy asks with a certificate or a token, and the kubeconfig must hold one of them");
  return {
    url: cluster.server,
    ...decoded("ca", cluster["certificate-authority-data"]),
    ...decoded("cert", user["client-certificate-data"]),
    ...decoded("key", user["client-key-data"]),
    ...(user.token !== undefined && { token: user.token }),
  };
}

function decoded(key: string, base64: string | undefined): Record<string, string> {
  return base64 === undefined ? {} : { [key]: Buffer.from(base64, "base64").toString() };
}

export interface Forwarded {
  readonly method: string;
  readonly path: string;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: Buffer;
  readonly signal: AbortSignal;
}

/** Asks the target. Who brings a token is asked for by that token alone, without the certificate. */
export interface Upstream {
  ask(request: Forwarded): Promise<IncomingMessage>;
  close(): void;
}

export function upstreamOf({ url, ca, cert, key, token }: Target): Upstream {
  const { protocol, hostname, port } = new URL(url);
  const isTls = protocol === "https:";
  const common = { keepAlive: true, maxSockets: Infinity };
  const trust = ca === undefined ? {} : { ca };
  const own = isTls ? new HttpsAgent({ ...common, ...trust, ...(cert && { cert, key }) }) : new HttpAgent(common);
  const others = isTls ? new HttpsAgent({ ...common, ...trust }) : own;
  const send = isTls ? requestHttps : requestHttp;
  return {
    ask: ({ method, path, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const isOwn = headers["authorization"] === undefined;
        const shown = isOwn && token !== undefined ? { ...headers, authorization: `Bearer ${token}` } : headers;
        const agent = isOwn ? own : others;
        const sent = send({ hostname, port, method, path, headers: shown, agent, signal }, resolve);
        sent.on("error", reject);
        sent.end(body);
      }),
    close: () => {
      own.destroy();
      others.destroy();
    },
  };
}
