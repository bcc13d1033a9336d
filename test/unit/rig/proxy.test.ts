import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { connect, type Connection } from "../../../provider/cluster/connect";
import { openStream, requestJson } from "../../../provider/cluster/request";
import { refusal } from "../../rig/faults";
import { type Proxy, startProxy } from "../../rig/proxy";
import { type FakeApiServer, startFakeApiServer } from "../../support/fakeApiServer";
import { until } from "../cluster/support";

// Every test makes certificates, in processes of their own.
jest.setTimeout(60_000);

const path = "/api/v1/namespaces/jobs/configmaps";
const machine = { env: {}, home: "/nonexistent", serviceAccount: "/nonexistent" };

let api: FakeApiServer;
let proxy: Proxy;
let one: Connection;
let other: Connection;
/** Version of the collection when a test begins. */
let beginning: string;

beforeEach(async () => {
  api = await startFakeApiServer();
  beginning = api.collection(path).version;
  proxy = await startProxy({ url: api.url });
  [one, other] = await Promise.all([
    connect({ kubeconfig: proxy.kubeconfig("one") }, machine),
    connect({ kubeconfig: proxy.kubeconfig("other") }, machine),
  ]);
});
afterEach(async () => {
  await proxy.close();
  await api.close();
});

const configMap = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
const create = (connection: Connection, name: string, query: Record<string, string> = {}) =>
  requestJson(connection, { method: "POST", path, query, body: configMap(name), deed: `create ${name}` });
const read = (connection: Connection, name: string) =>
  requestJson<ReturnType<typeof configMap>>(connection, { method: "GET", path: `${path}/${name}`, deed: "read" });
const list = (connection: Connection) => requestJson(connection, { method: "GET", path, deed: "list" });
const namesIn = () =>
  api.requests
    .filter(({ method }) => method === "POST")
    .map(({ body }) => (body as ReturnType<typeof configMap>).metadata.name);

/** A watch from the beginning, and the text that has come. */
async function watch(connection: Connection): Promise<{ text: () => string; ended: Promise<string> }> {
  const query = { watch: "true", resourceVersion: beginning };
  const request = { method: "GET", path, query, deed: "watch" } as const;
  const stream = await openStream(connection, request, new AbortController().signal);
  let text = "";
  const ended = (async () => {
    try {
      for await (const chunk of stream) text += chunk.toString();
      return "ended";
    } catch {
      return "broken";
    }
  })();
  return { text: () => text, ended };
}

const typesIn = (text: string): string[] =>
  text
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const { type, object } = JSON.parse(line) as {
        type: string;
        object: { metadata?: { name: string }; code?: number };
      };
      return `${type} ${object.metadata?.name ?? object.code ?? ""}`;
    });

describe("[U] the rig's proxy", () => {
  it("passes requests and answers on, and remembers who asked what and what came of it", async () => {
    await create(one, "a");
    await create(other, "b", { dryRun: "All" });
    await expect(read(other, "absent")).rejects.toMatchObject({ status: 404 });
    await requestJson(one, { method: "DELETE", path: `${path}/a`, deed: "delete a" });
    expect(
      proxy.history.exchanges.map(({ client, verb, resource, namespace, name, status, told, dryRun }) =>
        [client, verb, resource, namespace, name, status, told, dryRun].join(" "),
      ),
    ).toEqual([
      "one create configmaps jobs a 201 201 false",
      "other create configmaps jobs b 201 201 true",
      "other get configmaps jobs absent 404 404 false",
      "one delete configmaps jobs a 200 200 false",
    ]);
    expect(proxy.history.writes("one").map(({ answer }) => answer)).toMatchObject([{ metadata: { name: "a" } }, {}]);
    expect(proxy.history.writes("other")).toEqual([]);
  });

  it("counts requests, bytes, handshakes and open watches for each client", async () => {
    await create(one, "a");
    await create(one, "b");
    const told = await watch(one);
    await until(() => typesIn(told.text()).length === 2);
    await read(other, "a");
    const counts = proxy.history.counts("one");
    expect(counts).toMatchObject({
      requests: 3,
      byVerb: { "create configmaps": 2, "watch configmaps": 1 },
      watches: { now: 1, most: 1 },
    });
    expect(counts.handshakes).toBeGreaterThan(0);
    expect(counts.sentBytes).toBeGreaterThan(300);
    expect(counts.receivedBytes).toBeGreaterThan(told.text().length);
    expect(proxy.history.counts("other")).toMatchObject({ requests: 1, watches: { now: 0, most: 0 } });
    proxy.cut();
    await told.ended;
    await until(() => proxy.history.counts("one").watches.now === 0);
  });

  it("answers in the server's place, which sees nothing of it", async () => {
    const rule = proxy.inject({ verb: "create", name: "a", nth: 1 }, refusal(403, "Forbidden"));
    await expect(create(one, "a")).rejects.toMatchObject({ status: 403, reason: "Forbidden" });
    expect(namesIn()).toEqual([]);
    await create(one, "a");
    expect(rule.met).toHaveLength(1);
    expect(proxy.history.exchanges[0]).toMatchObject({ told: 403, faults: ["answers"] });
    expect(proxy.history.exchanges[0]?.status).toBeUndefined();
  });

  it("sends what an overloaded server would, with the time to wait", async () => {
    proxy.inject({ nth: 1 }, refusal(429, "TooManyRequests", { retryAfter: 0 }));
    await create(one, "a");
    expect(proxy.history.exchanges.map(({ told }) => told)).toEqual([429, 201]);
  });

  it.each([
    ["before", 0],
    ["after", 1],
  ] as const)("breaks a connection %s the server has seen the request", async (when, seen) => {
    proxy.inject({ verb: "create", nth: 1 }, { does: "breaks", when });
    const sent = create(one, "a");
    await until(() => proxy.history.exchanges[0]?.abandoned === true);
    expect(namesIn()).toHaveLength(seen);
    // The client tries again; one whose answer was lost finds that it has done it already.
    await (when === "before"
      ? sent
      : expect(sent).rejects.toMatchObject({ reason: "AlreadyExists", wasRepeated: true }));
  });

  it("holds an answer that the server has given until it is released", async () => {
    const rule = proxy.inject({ verb: "create" }, { does: "holds" });
    const sent = create(one, "a");
    expect(await rule.reached).toMatchObject({ status: 201 });
    expect(namesIn()).toEqual(["a"]);
    expect(proxy.history.exchanges[0]?.told).toBeUndefined();
    rule.release();
    await sent;
    await create(one, "b");
  });

  it("asks the server late, or tells late what it said", async () => {
    for (const when of ["before", "after"] as const)
      proxy.inject({ verb: "create" }, { does: "delays", when, ms: 100 });
    const start = performance.now();
    await create(one, "a");
    expect(performance.now() - start).toBeGreaterThan(190);
  });

  it("cuts a watch in the middle of a line", async () => {
    proxy.inject({ verb: "watch" }, { does: "disturbs", events: 1, disturbance: { kind: "cut" } });
    const told = await watch(one);
    await create(other, "a");
    await create(other, "b");
    expect(await told.ended).toBe("broken");
    const [whole = "", half = ""] = told.text().split("\n");
    expect(typesIn(whole)).toEqual(["ADDED a"]);
    expect(half).toMatch(/^\{"type":"ADDED"/);
    expect(() => JSON.parse(half) as unknown).toThrow();
  });

  it("ends a watch with an error, plays events again, and lets one fall silent", async () => {
    const told = await watch(one);
    await create(other, "a");
    await create(other, "b");
    await until(() => typesIn(told.text()).length === 2);
    expect(proxy.disturb({ client: "one" }, { kind: "replay", events: 2 })).toBe(1);
    expect(proxy.disturb({ client: "other" }, { kind: "cut" })).toBe(0);
    proxy.disturb({}, { kind: "error", code: 410 });
    expect(await told.ended).toBe("ended");
    expect(typesIn(told.text())).toEqual(["ADDED a", "ADDED b", "ADDED a", "ADDED b", "ERROR 410"]);

    const silent = await watch(one);
    await until(() => typesIn(silent.text()).length === 2);
    proxy.disturb({}, { kind: "silence" });
    await create(other, "c");
    expect(await Promise.race([silent.ended, list(other).then(() => "nothing")])).toBe("nothing");
    expect(typesIn(silent.text())).toHaveLength(2);
  });

  it("serves an old list when it is told to", async () => {
    const old = await list(one);
    await create(other, "a");
    const rule = proxy.inject({ verb: "list" }, { does: "answers", reply: { status: 200, body: old } });
    expect(await list(one)).toEqual(old);
    rule.remove();
    expect(await list(one)).toMatchObject({ items: [{ metadata: { name: "a" } }] });
  });

  it("is away and comes back as a server that is started again", async () => {
    await create(one, "a");
    await proxy.stop();
    const sent = create(one, "b");
    await proxy.start();
    await sent;
    expect(namesIn()).toEqual(["a", "b"]);
  });

  it("goes away at once, also when somebody is in the middle of connecting", async () => {
    const waiting = connectSocket(proxy.port, "127.0.0.1");
    await once(waiting, "connect");
    const opened = await watch(one);
    await proxy.stop();
    expect(await opened.ended).toBe("broken");
    if (!waiting.closed) await once(waiting, "close");
    await proxy.start();
    await list(one);
  });

  it("lets a client speak for itself that brings a token, and only that one", async () => {
    const client = await connect({ kubeconfig: proxy.kubeconfig("token", { token: "of-its-own" }) }, machine);
    await list(client);
    await list(one);
    expect(api.requests.map(({ headers }) => headers.authorization)).toEqual(["Bearer of-its-own", undefined]);
    expect(proxy.history.of("token")).toMatchObject([{ token: "of-its-own" }]);
  });
});
