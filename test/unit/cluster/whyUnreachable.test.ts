import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../../../provider/cluster/connect";
import { openStream, requestJson } from "../../../provider/cluster/request";
import { whyUnreachable } from "../../../provider/cluster/whyUnreachable";
import { type FakeApiServer, startFakeApiServer } from "../../support/fakeApiServer";
import { base64, makePair, type Pair } from "../../support/certificates";
import { kubeconfig, placeForEach, refusalOf } from "./access/support";

const folder = mkdtempSync(join(tmpdir(), "jobrun-tls-"));
const place = placeForEach();
const read = { method: "GET", path: "/version", deed: "read the version" } as const;
const never = new AbortController().signal;

let ca: Pair;
let me: Pair;
let stranger: Pair;
/** A server with a certificate for its address, one for another name, and one whose certificate has expired. */
let good: FakeApiServer;
let misnamed: FakeApiServer;
let expired: FakeApiServer & { readonly authority: string };

beforeAll(async () => {
  ca = makePair(folder, { name: "ca" });
  stranger = makePair(folder, { name: "stranger" });
  me = makePair(folder, { name: "me", signer: "ca" });
  const old = makePair(folder, { name: "old", names: "IP:127.0.0.1", isExpired: true });
  const server = makePair(folder, { name: "server", signer: "ca", names: "IP:127.0.0.1" });
  good = await startFakeApiServer({ ...server, ca: ca.cert, requestCert: true, rejectUnauthorized: false });
  misnamed = await startFakeApiServer(makePair(folder, { name: "misnamed", signer: "ca", names: "DNS:kubernetes" }));
  expired = { ...(await startFakeApiServer(old)), authority: old.cert };
});

afterAll(async () => {
  await Promise.all([good.close(), misnamed.close(), expired.close()]);
  rmSync(folder, { recursive: true });
});

interface Way {
  readonly server: string;
  readonly user?: object;
  readonly [more: string]: unknown;
}

async function connectBy({ user = {}, ...cluster }: Way) {
  return connect({ kubeconfig: place.write("config", kubeconfig(user, cluster)) }, place.machine);
}

const authority = ({ cert }: Pair) => ({ "certificate-authority-data": base64(cert) });

/** Streams are not repeated: the first failure is reported. */
async function failureBy(way: Way): Promise<string> {
  const connection = await connectBy(way);
  return (await refusalOf(openStream(connection, read, never))).message.replace("cannot read the version: ", "");
}

describe("a server with TLS", () => {
  test.each([
    ["by the authority in the kubeconfig", () => ({ server: good.url, ...authority(ca) })],
    ["by the authority in a file", () => ({ server: good.url, "certificate-authority": join(folder, "ca.crt") })],
    ["by another of its names", () => ({ server: misnamed.url, ...authority(ca), "tls-server-name": "kubernetes" })],
    [
      "without a look at its certificate, where that is wished",
      () => ({ server: good.url, "insecure-skip-tls-verify": true }),
    ],
  ])("[U] is trusted %s", async (_claim, way) => {
    for (const { answers } of [good, misnamed]) answers.splice(0, answers.length, { status: 200, body: { a: 1 } });
    await expect(requestJson(await connectBy(way()), read)).resolves.toEqual({ a: 1 });
  });

  test.each([
    ["in the kubeconfig", () => ({ "client-certificate-data": base64(me.cert), "client-key-data": base64(me.key) })],
    ["in files", () => ({ "client-certificate": join(folder, "me.crt"), "client-key": join(folder, "me.key") })],
  ])("[U] is shown the client certificate %s", async (_claim, user) => {
    good.answers.splice(0, good.answers.length, { status: 200 });
    await requestJson(await connectBy({ server: good.url, ...authority(ca), user: user() }), read);
    expect(good.requests.at(-1)?.certificate).toBe("me");
  });

  test("[U] is reached by a new connection when the client certificate is another one", async () => {
    const files = ["cert", "key"] as const;
    const use = (pair: Pair) => files.map((file) => place.write(file, pair[file]));
    const [cert = "", key = ""] = use(me);
    const user = { "client-certificate": cert, "client-key": key };
    const connection = await connectBy({ server: good.url, ...authority(ca), user });
    const other = makePair(folder, { name: "other", signer: "ca" });
    good.answers.splice(0, good.answers.length, {
      status: 401,
      before: () => void use(other),
    });
    good.answers.push({ status: 200 });
    await requestJson(connection, read);
    expect(good.requests.slice(-2).map(({ certificate }) => certificate)).toEqual(["me", "other"]);
  });

  test("[U] that does not accept a certificate which has expired: it is said when it did", async () => {
    const old = makePair(folder, { name: "old-me", isExpired: true });
    good.answers.splice(0, good.answers.length, { status: 401 });
    const user = { "client-certificate-data": base64(old.cert), "client-key-data": base64(old.key) };
    expect(await failureBy({ server: good.url, ...authority(ca), user })).toMatch(
      /^401 .* user "me" of context "here": they expired on 20.*Z; get new ones/,
    );
  });
});

describe("it is said why there is no answer, and what to do:", () => {
  test.each([
    [
      "the certificate is for another name",
      () => ({ server: misnamed.url, ...authority(ca) }),
      /^the API server https:.* has a certificate for another name: it holds for DNS:kubernetes \(ERR_TLS_CERT_ALTNAME_INVALID\); use .*`tls-server-name`/,
    ],
    [
      "the authority is not the one in the kubeconfig",
      () => ({ server: good.url, ...authority(stranger) }),
      /has a certificate of an unknown authority: .*; set `certificate-authority`/,
    ],
    [
      "the kubeconfig names no authority",
      () => ({ server: good.url }),
      /has a certificate of an unknown authority: .*; set `certificate-authority`/,
    ],
    [
      "the certificate has expired",
      () => ({ server: expired.url, "certificate-authority-data": base64(expired.authority) }),
      /has a certificate that does not hold now: .*CERT_HAS_EXPIRED\); renew it/,
    ],
    [
      "the server speaks no TLS",
      () => ({ server: plain.url.replace("http:", "https:") }),
      /does not agree on TLS: wrong version number \(ERR_SSL_WRONG_VERSION_NUMBER\); is `server` right: https:\/\/ or http:\/\//,
    ],
    [
      "nobody listens",
      () => ({ server: "https://127.0.0.1:1" }),
      /does not answer: connect ECONNREFUSED 127.0.0.1:1; is the cluster running/,
    ],
    [
      "the name is unknown",
      () => ({ server: "https://no-such-host.invalid:6443" }),
      /is not found: getaddrinfo (ENOTFOUND|EAI_AGAIN) no-such-host.invalid; is the name in `server` right/,
    ],
    [
      "the connection breaks",
      () => ({ server: `http://127.0.0.1:${silent.port}` }),
      /^the API server http:.* does not answer: .*\(UND_ERR_SOCKET\)$/,
    ],
  ])("[U] %s", async (_claim, way, message) => {
    expect(await failureBy(way())).toMatch(message);
  });

  test("[U] nothing comes in time", () => {
    const error = Object.assign(new Error("Connect Timeout Error"), { code: "UND_ERR_CONNECT_TIMEOUT" });
    expect(whyUnreachable(error, { server: "https://c", proxy: "http://p:3128" })).toBe(
      "the API server https://c cannot be reached through the proxy http://p:3128: Connect Timeout Error (UND_ERR_CONNECT_TIMEOUT); is a VPN or a proxy needed, or a firewall in between?",
    );
  });

  test.each([
    [
      "certificate-authority",
      () => ({ "certificate-authority-data": "eA==" }),
      /^the certificate-authority of the cluster https:.* cannot be used: /,
    ],
    [
      "client certificate",
      () => ({ user: { "client-certificate-data": "eA==", "client-key-data": "eA==" } }),
      /^the client certificate or key of user "me" of context "here" cannot be used: /,
    ],
    [
      "missing key",
      () => ({ user: { "client-certificate": "/missing.crt" } }),
      /^the client-certificate of user "me" of context "here" cannot be read: ENOENT/,
    ],
  ])("[U] the kubeconfig holds no usable %s", async (_claim, more, message) => {
    expect(await failureBy({ server: good.url, ...more() })).toMatch(message);
  });
});

/** A server without TLS, and one that closes every connection. */
let plain: FakeApiServer;
let silent: { readonly port: number; readonly server: Server };

beforeAll(async () => {
  plain = await startFakeApiServer();
  const server = createServer((socket) => socket.on("data", () => socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  silent = { server, port: (server.address() as { port: number }).port };
});

afterAll(async () => {
  await plain.close();
  silent.server.close();
});
