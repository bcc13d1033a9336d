import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../../../provider/cluster/connect";
import { openStream, requestJson } from "../../../../provider/cluster/request";
import { type FakeApiServer, startFakeApiServer } from "../../../support/fakeApiServer";
import { type ProxyServer, startHttpProxy, startSocksProxy } from "../../../support/proxyServer";
import { base64, makePair } from "../../../support/certificates";
import { kubeconfig, placeForEach, refusalOf, withEnv } from "./support";

const place = placeForEach();
const read = { method: "GET", path: "/version", deed: "read the version" } as const;

let api: FakeApiServer;
let authority: string;
let open: ProxyServer;
let guarded: ProxyServer;
let socks: ProxyServer;

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "jobrun-tls-"));
  authority = makePair(folder, { name: "ca" }).cert;
  api = await startFakeApiServer(makePair(folder, { name: "server", signer: "ca", names: "IP:127.0.0.1" }));
  rmSync(folder, { recursive: true });
  [open, guarded, socks] = await Promise.all([startHttpProxy(), startHttpProxy("pw"), startSocksProxy()]);
});

afterAll(async () => {
  for (const proxy of [open, guarded, socks]) proxy.close();
  await api.close();
});

async function connectBy(proxyUrl: string | undefined, env: Record<string, string> = {}) {
  const ways = { server: api.url, "certificate-authority-data": base64(authority) };
  const path = place.write(
    "config",
    kubeconfig({}, { ...ways, ...(proxyUrl !== undefined && { "proxy-url": proxyUrl }) }),
  );
  return connect({ kubeconfig: path }, withEnv(place.machine, env));
}

test.each([
  ["an HTTP proxy", () => open, (host: string) => `http://${host}`],
  ["an HTTP proxy with a password", () => guarded, (host: string) => `http://me:pw@${host}`],
  ["a SOCKS proxy", () => socks, (host: string) => `socks5://${host}`],
])("[U] ten requests and a stream go through %s, which the kubeconfig names", async (_claim, proxy, url) => {
  const connection = await connectBy(url(proxy().host));
  api.answers.push(...Array.from({ length: 11 }, () => ({ status: 200 })));
  await Promise.all(Array.from({ length: 10 }, () => requestJson(connection, read)));
  for await (const _chunk of await openStream(connection, read, new AbortController().signal));
  expect(new Set(proxy().targets)).toEqual(new Set([new URL(api.url).host]));
});

test("[U] a cluster on loopback is reached without the proxy of the environment", async () => {
  const before = open.targets.length;
  api.answers.push({ status: 200 });
  await requestJson(await connectBy(undefined, { HTTPS_PROXY: `http://${open.host}` }), read);
  expect(open.targets).toHaveLength(before);
});

test.each([
  [
    "lets nobody in",
    () => `http://me:wrong@${guarded.host}`,
    /cannot be reached through the proxy http:\/\/127.0.0.1:\d+: .*407.*; is the proxy right/,
  ],
  [
    "is not there",
    () => "http://me:wrong@127.0.0.1:1",
    /does not answer through the proxy http:\/\/127.0.0.1:1: connect ECONNREFUSED/,
  ],
])("[U] a proxy that %s is named in the error, without its password", async (_claim, url, message) => {
  const connection = await connectBy(url());
  const error = await refusalOf(openStream(connection, read, new AbortController().signal));
  expect(error.message).toMatch(message);
  expect(error.message).not.toContain("wrong");
});
