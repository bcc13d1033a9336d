import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { base64, makePair } from "../support/certificates.ts";
import { ActiveRule, type Disturbance, type Fault, type Matcher, type Rule } from "./faults.ts";
import { Handling, type Surroundings } from "./handling.ts";
import { History } from "./history.ts";
import { type Target, upstreamOf } from "./target.ts";

/** A way to an API server that counts, remembers and spoils what goes through it. It speaks HTTP/1.1 over TLS, on loopback. */
export interface Proxy {
  readonly port: number;
  readonly history: History;
  /**
   * Path of a kubeconfig for a client of that name; the history tells clients apart by it. The server is asked as the target says,
   * or, where the user has a token or a credential plugin, by what that gives.
   */
  kubeconfig(client: string, user?: object): string;
  /** From now on, what goes wrong with which requests; a request meets every rule that is for it, the oldest first. */
  inject(matcher: Matcher, fault: Fault): Rule;
  /** Disturbs the watches that are open now; returns how many there were. */
  disturb(matcher: Matcher, disturbance: Disturbance): number;
  /** Ports from which a client of that name is connected now. */
  portsOf(client: string): number[];
  /** Breaks every connection, and takes new ones as before; returns how many there were. */
  cut(): number;
  /** Breaks every connection and takes no new ones, as a server that is being started again. */
  stop(): Promise<void>;
  /** Takes connections again, on the same port. */
  start(): Promise<void>;
  close(): Promise<void>;
}

interface Options {
  /** Decides what is left to chance. */
  readonly seed?: string;
  /** Name of the only context in the kubeconfigs. */
  readonly context?: string;
}

/** Starts a proxy before an API server. */
export async function startProxy(target: Target, { seed = "rig", context = "rig" }: Options = {}): Promise<Proxy> {
  const folder = mkdtempSync(join(tmpdir(), "jobrun-rig-"));
  const authority = makePair(folder, { name: "ca" });
  const { cert, key } = makePair(folder, { name: "server", signer: "ca", names: "IP:127.0.0.1" });
  const history = new History();
  const rules = new Set<ActiveRule>();
  let made = 0;
  const around: Surroundings = { history, rules, watches: new Map(), upstream: upstreamOf(target) };
  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    void new Handling(around, clientOf(request), { request, response }).run();
  // Whoever shows no certificate of ours is let in too, without a name.
  const tls = { cert, key, ca: authority.cert, requestCert: true, rejectUnauthorized: false };
  // An API server says nothing of how long it keeps a connection, and neither does this.
  const server = createServer({ ...tls, keepAliveTimeout: 0, requestTimeout: 0 }, listener);
  const sockets = new Set<TLSSocket>();
  /** Those that have not shaken hands yet among them: one that did so after the end would hold it up. */
  const connections = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket)).on("error", () => socket.destroy());
  });
  server.on("secureConnection", (socket) => {
    history.shookHands(nameIn(socket));
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket)).on("error", () => socket.destroy());
  });
  const listen = (port: number): Promise<void> => new Promise((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const cut = (): number => {
    const { size } = sockets;
    for (const socket of sockets) socket.destroy();
    return size;
  };
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    cut();
    for (const socket of connections) socket.destroy();
    await closed;
  };
  return {
    port,
    history,
    kubeconfig: (client, user = {}) => {
      const pair = makePair(folder, { name: client, signer: "ca" });
      const path = join(folder, `${client}.kubeconfig`);
      const identity = { "client-certificate-data": base64(pair.cert), "client-key-data": base64(pair.key), ...user };
      writeFileSync(path, JSON.stringify(kubeconfigOf({ context, port, authority: authority.cert }, identity)));
      return path;
    },
    inject: (matcher, fault) => {
      const rule = new ActiveRule({ matcher, fault, seed: `${seed} ${++made}` }, () => rules.delete(rule));
      rules.add(rule);
      return rule;
    },
    disturb: (matcher, disturbance) => {
      const rule = new ActiveRule(
        { matcher, fault: { does: "disturbs", events: 0, disturbance }, seed },
        () => undefined,
      );
      const open = [...around.watches].filter(([exchange]) => rule.takes(exchange));
      for (const [, stream] of open) stream.disturb(0, disturbance);
      return open.length;
    },
    portsOf: (client) =>
      [...sockets].filter((socket) => nameIn(socket) === client).map(({ remotePort = 0 }) => remotePort),
    cut,
    stop,
    start: () => listen(port),
    close: async () => {
      for (const rule of rules) rule.release();
      if (server.listening) await stop();
      around.upstream.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function clientOf({ socket }: IncomingMessage): string {
  return socket instanceof TLSSocket ? nameIn(socket) : "";
}

function nameIn(socket: TLSSocket): string {
  const certificate = socket.getPeerCertificate();
  return "subject" in certificate ? String(certificate.subject.CN) : "";
}

function kubeconfigOf(
  { context, port, authority }: { context: string; port: number; authority: string },
  user: object,
): object {
  const server = `https://127.0.0.1:${port}`;
  return {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: context, cluster: { server, "certificate-authority-data": base64(authority) } }],
    users: [{ name: "client", user }],
    contexts: [{ name: context, context: { cluster: context, user: "client" } }],
    "current-context": context,
  };
}
