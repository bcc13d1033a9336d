import type { ClusterError } from "../../../provider/cluster/errors";
import { requestJson } from "../../../provider/cluster/request";
import { refusal } from "../../support/fakeApiServer";
import { pauses } from "./pauses";
import { serverForEach } from "./support";

// What matters is how long one would have waited.
jest.mock("node:timers/promises", () => jest.requireActual<typeof import("./pauses")>("./pauses").shortTimers());

const each = serverForEach();
beforeEach(() => {
  pauses.length = 0;
});

const read = () => requestJson(each.connection, { method: "GET", path: "/version", deed: "read the version" });
const away = refusal(503, "Unavailable", "etcd is away");
const gone = { status: 200, breaks: "before" } as const;
const secondsWaited = (): number => pauses.reduce((sum, ms) => sum + ms, 0) / 1_000;

/** Lets the server answer once, as one that is well. */
async function getToKnow(): Promise<void> {
  each.api.answers.push({ status: 200 });
  await read();
}

test.each([
  ["answers that it cannot", away],
  ["breaks every connection", gone],
])("[U] a server that was well, and then %s for three minutes, is waited for", async (_claim, answer) => {
  await getToKnow();
  each.api.answers.push(...Array.from({ length: 16 }, () => answer), { status: 200, body: { ok: true } });
  await expect(read()).resolves.toEqual({ ok: true });
  expect(secondsWaited()).toBeGreaterThan(170);
  expect(each.api.answers).toEqual([]);
});

test("[U] a server that was well, and does not come back, is reported in its own words after five minutes", async () => {
  await getToKnow();
  each.api.answers.push(...Array.from({ length: 40 }, () => away));
  const error = await read().catch((thrown: unknown) => thrown as ClusterError);
  expect(error).toMatchObject({
    message: "cannot read the version: 503 Unavailable - etcd is away",
    wasRepeated: true,
  });
  expect(secondsWaited()).toBeGreaterThan(280);
  expect(secondsWaited()).toBeLessThanOrEqual(300);
});

test("[U] a server that was well, and goes away, is not waited for when the user has interrupted", async () => {
  const interruption = new AbortController();
  const connection = { ...each.connection, interrupted: interruption.signal };
  const ask = () => requestJson(connection, { method: "GET", path: "/version", deed: "read the version" });
  each.api.answers.push({ status: 200 });
  await ask();
  interruption.abort();
  each.api.answers.push(...Array.from({ length: 40 }, () => away));
  await expect(ask()).rejects.toThrow("503 Unavailable - etcd is away");
  expect(secondsWaited()).toBeLessThan(10);
});

test.each([
  ["answers that it cannot", away, /503 Unavailable - etcd is away/],
  ["breaks every connection", gone, /cannot read the version: /],
])("[U] a server that has never been well, and %s, is reported within seconds", async (_claim, answer, words) => {
  each.api.answers.push(...Array.from({ length: 9 }, () => answer));
  await expect(read()).rejects.toThrow(words);
  expect(each.api.requests).toHaveLength(6);
  expect(secondsWaited()).toBeLessThan(10);
});
