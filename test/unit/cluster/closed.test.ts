import { getEventListeners } from "node:events";
import { refusal } from "../../support/fakeApiServer";
import { followedForEach } from "./followed";
import { until } from "./support";

const each = followedForEach();
const never = new AbortController().signal;

const openWatches = () => each.jobs.openWatches + each.pods.openWatches;
const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;

test("[U] a closed feed leaves no watch, no socket and no timer behind, however often it was opened", async () => {
  const before = timers();
  for (let i = 0; i < 5; i++) {
    const feed = each.follow();
    await feed.ready(never);
    await until(() => openWatches() === 2);
    feed.close();
    await until(() => openWatches() === 0);
  }
  // A list's connection may be kept for the next one; a watch's is closed.
  expect(await each.server.api.connections()).toBeLessThanOrEqual(2);
  expect(timers()).toBeLessThanOrEqual(before + 2);
});

test("[U] a feed that is closed while its list is on the way ends the request", async () => {
  const held = each.jobs.hold();
  const feed = each.follow({ helpful: [] });
  await until(() => each.jobs.lists.length === 1);
  feed.close();
  await held;
  await until(() => each.jobs.openWatches === 0);
  expect(each.jobs.watches).toEqual([]);
});

test("[U] a feed that is closed in a pause asks for nothing more", async () => {
  each.jobs.listAnswers.push(refusal(500, "InternalError", "etcd"));
  const feed = each.follow({ helpful: [] });
  await until(() => each.jobs.lists.length === 1);
  feed.close();
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(each.jobs.lists).toHaveLength(1);
});

test("[U] a feed that is closed twice takes nothing from the next one of its run", async () => {
  const first = each.follow();
  first.close();
  const second = each.follow();
  first.close();
  await expect(second.ready(never)).resolves.toBe(true);
});

describe("a signal", () => {
  test.each([
    ["before", () => AbortSignal.abort()],
    ["by the time", () => AbortSignal.timeout(20)],
  ])("[U] that is aborted %s ends the wait for the first view", async (_title, signal) => {
    void each.jobs.hold();
    await expect(each.follow().ready(signal())).resolves.toBe(false);
  });

  test("[U] keeps no listener of a wait that is over, whatever ended it", async () => {
    const { signal } = new AbortController();
    const feed = each.follow();
    await feed.ready(signal);
    await feed.changed(signal, 0.01);
    each.jobs.bookmark();
    await feed.changed(signal, 0.01);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  test("[U] that is aborted while a change is waited for leaves no timer", async () => {
    const feed = each.follow();
    await feed.ready(never);
    await until(() => openWatches() === 2);
    await feed.changed(never, 0);
    const before = timers();
    const stop = new AbortController();
    const changed = feed.changed(stop.signal, 3_600);
    stop.abort();
    await changed;
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
