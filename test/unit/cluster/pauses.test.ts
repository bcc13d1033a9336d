import { refusal } from "../../support/fakeApiServer";
import { pod } from "../support/cluster";
import { followedForEach } from "./followed";
import { pauses } from "./pauses";
import { until } from "./support";

jest.mock("node:timers/promises", () => jest.requireActual<typeof import("./pauses")>("./pauses").shortTimers());

const each = followedForEach();
const never = new AbortController().signal;
afterEach(() => {
  pauses.length = 0;
  jest.restoreAllMocks();
});

const expired = () => refusal(410, "Expired", "too old resource version");

/** Follows a run for its pods alone, so that every pause is one of theirs. */
const followPods = () => each.follow({ needed: "Pod", helpful: [] });

describe("a pause", () => {
  test("[U] comes when a version is too old right after the list that gave it, and grows", async () => {
    each.pods.watchAnswers.push(...Array.from({ length: 5 }, expired));
    await followPods().ready(never);
    await until(() => each.pods.openWatches === 1);
    expect(pauses).toHaveLength(5);
    for (const [i, pause] of pauses.entries()) expect(pause).toBeGreaterThanOrEqual(500 * 2 ** i);
    expect(each.pods.lists).toHaveLength(6);
  });

  test("[U] does not come when a version has become too old", async () => {
    const feed = followPods();
    await feed.ready(never);
    await until(() => each.pods.openWatches === 1);
    each.pods.put(pod(0));
    while (feed.view().pods.length === 0) await feed.changed(never, 4);
    each.pods.error(410);
    await until(() => each.pods.watches.length === 2);
    expect([pauses, each.pods.lists.length]).toEqual([[], 2]);
  });

  test.each([
    ["a list", "listAnswers"],
    ["a watch", "watchAnswers"],
  ] as const)("[U] is as long as the server wants it, for %s", async (_title, answers) => {
    each.pods[answers].push(refusal(429, "TooManyRequests", "later", "17"));
    await followPods().ready(never);
    await until(() => each.pods.openWatches === 1);
    expect(pauses).toEqual([17_000]);
  });

  test("[U] is as long as the server wants it, when it says so within the watch", async () => {
    await followPods().ready(never);
    await until(() => each.pods.openWatches === 1);
    const object = { kind: "Status", code: 504, message: "too large", details: { retryAfterSeconds: 9 } };
    each.pods.raw(`${JSON.stringify({ type: "ERROR", object })}\n`);
    await until(() => each.pods.watches.length === 2);
    expect(pauses).toEqual([9_000]);
  });

  test("[U] ends at a date where the server names one", async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    each.pods.listAnswers.push(refusal(503, "ServiceUnavailable", "later", date));
    await followPods().ready(never);
    expect(pauses[0]).toBeGreaterThan(50_000);
    expect(pauses[0]).toBeLessThanOrEqual(60_000);
  });

  test("[U] is no longer than five minutes, whatever a proxy wants", async () => {
    each.pods.listAnswers.push(refusal(503, "ServiceUnavailable", "tomorrow", "86400"));
    await followPods().ready(never);
    expect(pauses).toEqual([300_000]);
  });

  test("[U] is short again after a watch that told something", async () => {
    each.pods.watchAnswers.push(...Array.from({ length: 4 }, () => refusal(500, "InternalError", "etcd")));
    const feed = followPods();
    await feed.ready(never);
    await until(() => each.pods.openWatches === 1);
    each.pods.bookmark();
    each.pods.put(pod(0));
    while (feed.view().pods.length === 0) await feed.changed(never, 4);
    each.pods.error(500);
    await until(() => each.pods.watches.length === 6);
    expect(pauses.at(-2)).toBeGreaterThanOrEqual(4_000);
    expect(pauses.at(-1)).toBeLessThanOrEqual(1_000);
  });
});

test("[U] a watch from before the machine slept is opened again, though nobody has ended it", async () => {
  const feed = followPods();
  await feed.ready(never);
  await until(() => each.pods.openWatches === 1);
  each.pods.silence();
  each.pods.put(pod(0));
  const { now } = Date;
  jest.spyOn(Date, "now").mockImplementation(() => now() + 3_600_000);
  while (feed.view().pods.length === 0) await feed.changed(never, 4);
  expect([each.pods.lists.length, each.pods.watches.length]).toEqual([1, 2]);
});

describe("a list", () => {
  test("[U] whose pages expire half-way starts again from the first page", async () => {
    each.pods.pageSize = 1;
    each.pods.put(pod(0), pod(1));
    each.pods.listAnswers.push(
      { status: 200, body: { metadata: { resourceVersion: "1", continue: "1" }, items: [pod(7)] } },
      expired(),
    );
    const feed = followPods();
    await feed.ready(never);
    expect(feed.view().pods.map(({ index }) => index)).toEqual([0, 1]);
    expect(each.pods.lists.map(({ query }) => query["continue"])).toEqual([undefined, "1", undefined, "1"]);
  });

  test("[U] comes again after minutes of watching, and finds what the watch has missed", async () => {
    each.pods.put(pod(0));
    const feed = followPods();
    await feed.ready(never);
    await until(() => each.pods.openWatches === 1);
    each.pods.silence();
    each.pods.put(pod(1));
    const { now } = performance;
    jest.spyOn(performance, "now").mockImplementation(() => now.call(performance) + 241_000);
    each.pods.endSilent();
    while (feed.view().pods.length < 2) await feed.changed(never, 4);
    expect(each.pods.lists).toHaveLength(2);
    expect(each.pods.watches[0]?.query["timeoutSeconds"]).toMatch(/^(2[4-9]|3[0-6])\d$/);
  });

  test("[U] that is no JSON is told once, with what was asked for, and asked for again", async () => {
    each.pods.listAnswers.push(...Array.from({ length: 6 }, () => ({ status: 200, body: "<html>" })));
    await expect(followPods().ready(never)).resolves.toBe(true);
    expect(each.notes).toEqual([
      expect.stringMatching(/^cannot list \/api\/v1\/namespaces\/jobs\/pods: .*; it is asked again until it answers$/),
    ]);
  });

  test("[U] that has no answer is told once, and asked for again", async () => {
    each.pods.listAnswers.push(...Array.from({ length: 6 }, () => refusal(500, "InternalError", "etcd is away")));
    await expect(followPods().ready(never)).resolves.toBe(true);
    expect(each.notes).toEqual([
      "cannot list /api/v1/namespaces/jobs/pods: 500 InternalError - etcd is away; it is asked again until it answers",
    ]);
  });
});
