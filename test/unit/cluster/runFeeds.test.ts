import { kubernetes, label } from "../../../provider/core/kube/labels";
import { pathOf } from "../../../provider/cluster/kinds";
import type { Feed } from "../../../provider/cluster/port";
import { runFeeds } from "../../../provider/cluster/runFeeds";
import type { Pod } from "../../../provider/core/kube/types";
import type { Collection } from "../../support/fakeApiServer";
import { refusal } from "../../support/fakeApiServer";
import { ended, kubeJob, OURS, pod, running } from "../support/cluster";
import { pauses } from "./pauses";
import { serverForEach, until } from "./support";

jest.mock("node:timers/promises", () => jest.requireActual<typeof import("./pauses")>("./pauses").shortTimers());

const each = serverForEach();
const never = new AbortController().signal;
const opened: Feed[] = [];
const notes: string[] = [];
let jobs: Collection;
let deployments: Collection;
let pods: Collection;
let follow: (runUid?: string, namespace?: string) => Feed;

beforeEach(() => {
  jobs = each.api.collection(pathOf("Job", "jobs"));
  deployments = each.api.collection(pathOf("Deployment", "jobs"));
  pods = each.api.collection(pathOf("Pod", "jobs"));
  const feeds = runFeeds(each.connection);
  follow = (runUid = "run-1", namespace = "jobs") => {
    const note = (message: string) => notes.push(message);
    const feed = feeds(namespace, runUid, { needed: "Job", helpful: ["Deployment", "Pod"], note });
    opened.push(feed);
    return feed;
  };
});

afterEach(() => {
  for (const feed of opened.splice(0)) feed.close();
  pauses.length = 0;
  notes.length = 0;
});

/** A pod of the run of that UID. */
function podOf(runUid: string, index = 0): Pod {
  const { metadata, ...rest } = pod(index, { uid: `${runUid}-${index}` });
  return {
    ...rest,
    metadata: { ...metadata, name: `${runUid}-${index}`, labels: { ...OURS, [label.runUid]: runUid } },
  };
}

const names = (feed: Feed): string[] => feed.view().pods.map(({ name }) => name);

/** A feed that is ready, with its watches open. */
async function ready(runUid?: string): Promise<Feed> {
  const feed = follow(runUid);
  await feed.ready(never);
  await until(() => [jobs, deployments, pods].every(({ openWatches }) => openWatches === 1));
  return feed;
}

/** Waits until the feed shows it. */
async function shows(feed: Feed, condition: () => boolean): Promise<void> {
  while (!condition()) await feed.changed(never, 4);
}

describe("what is there at the start", () => {
  test("[U] is listed page by page", async () => {
    pods.pageSize = 2;
    pods.put(...[0, 1, 2, 3, 4].map((index) => podOf("run-1", index)));
    expect(names(await ready())).toEqual(["run-1-0", "run-1-1", "run-1-2", "run-1-3", "run-1-4"]);
    expect(pods.lists.map(({ query }) => query["continue"])).toEqual([undefined, "2", "4"]);
  });

  test("[U] is only what carries our labels, and of that each run sees its own", async () => {
    jobs.put(kubeJob({ completed: "0" }));
    pods.put(podOf("run-1"), podOf("run-2"));
    const feed = await ready();
    expect(names(feed)).toEqual(["run-1-0"]);
    expect(feed.view().jobs).toMatchObject([{ name: "nightly", completedIndexes: "0" }]);
    for (const { query } of each.api.requests)
      expect(query["labelSelector"]).toBe("app.kubernetes.io/managed-by=pulumi-jobrun,pulumi-jobrun/kind=instance");
  });

  test("[U] is watched from the version of the list", async () => {
    pods.put(podOf("run-1"));
    await ready();
    expect(pods.watches[0]?.query).toMatchObject({ resourceVersion: "101", allowWatchBookmarks: "true" });
  });

  test("[U] is asked for again when the server cannot tell", async () => {
    pods.listAnswers.push(refusal(500, "InternalError", "etcd"), refusal(500, "InternalError", "etcd"));
    pods.put(podOf("run-1"));
    expect(names(await ready())).toEqual(["run-1-0"]);
    expect(pods.lists).toHaveLength(3);
    expect(pauses).toHaveLength(2);
  });

  test("[U] is not waited for once the signal is aborted", async () => {
    pods.listAnswers.push(...Array.from({ length: 1_000 }, () => refusal(500, "InternalError", "etcd")));
    const stop = new AbortController();
    const isReady = follow().ready(stop.signal);
    stop.abort();
    await expect(isReady).resolves.toBe(false);
  });
});

describe("what happens later", () => {
  test("[U] is shown: what is added, changed and removed", async () => {
    const feed = await ready();
    pods.put(podOf("run-1"));
    await shows(feed, () => names(feed).length === 1);
    const started = podOf("run-1");
    pods.put({ ...started, status: { phase: "Running" } });
    await shows(feed, () => feed.view().pods[0]?.phase === "Running");
    pods.remove("run-1-0");
    await shows(feed, () => names(feed).length === 0);
  });

  test("[U] to a Job that is deleted is shown as its end, also when only a new list tells it", async () => {
    jobs.put(kubeJob({ index: 0 }), kubeJob({ index: 1 }));
    const feed = await ready();
    const left = (): string[] => feed.view().jobs.flatMap(({ name, gone }) => (gone === true ? [] : [name]));
    jobs.remove("nightly-0");
    await shows(feed, () => left().length === 1);
    jobs.forget("nightly-1");
    jobs.end();
    await shows(feed, () => left().length === 0);
    expect(feed.view().jobs).toMatchObject([
      { name: "nightly-0", gone: true },
      { name: "nightly-1", gone: true },
    ]);
  });

  test("[U] is shown, however the bytes are cut into pieces", async () => {
    const feed = await ready();
    const { metadata, ...rest } = podOf("run-1");
    const object = { ...rest, metadata: { ...metadata, name: "größer" } };
    for (const byte of Buffer.from(`${JSON.stringify({ type: "ADDED", object })}\n`)) {
      pods.raw(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    await shows(feed, () => names(feed).length === 1);
    expect(names(feed)).toEqual(["größer"]);
  });

  test("[U] wakes only the run that it is about", async () => {
    const [one, two] = [await ready("run-1"), await ready("run-2")];
    let woken = false;
    const sleeping = one.changed(never, 0.05).then(() => (woken = names(one).length > 0));
    pods.put(podOf("run-2"));
    await shows(two, () => names(two).length === 1);
    await sleeping;
    expect(woken).toBe(false);
  });
});

describe("several runs", () => {
  test("[U] of a namespace share one list and one watch a kind", async () => {
    pods.put(podOf("run-1"), podOf("run-2"), podOf("run-3"));
    const feeds = await Promise.all(["run-1", "run-2", "run-3"].map(ready));
    expect(feeds.map(names)).toEqual([["run-1-0"], ["run-2-0"], ["run-3-0"]]);
    for (const { lists, watches } of [jobs, deployments, pods]) expect([lists.length, watches.length]).toEqual([1, 1]);
  });

  test("[U] of two namespaces do not", async () => {
    await ready();
    const elsewhere = each.api.collection(pathOf("Pod", "other"));
    for (const kind of ["Job", "Deployment"] as const) each.api.collection(pathOf(kind, "other"));
    await follow("run-1", "other").ready(never);
    expect(elsewhere.lists).toHaveLength(1);
  });

  test("[U] keep the watch until the last of them is closed, and the next one starts afresh", async () => {
    const [one, two] = [await ready("run-1"), await ready("run-2")];
    one.close();
    pods.put(podOf("run-2"));
    await shows(two, () => names(two).length === 1);
    expect(pods.openWatches).toBe(1);
    two.close();
    await until(() => [jobs, deployments, pods].every(({ openWatches }) => openWatches === 0));
    pods.remove("run-2-0");
    expect(names(await ready("run-2"))).toEqual([]);
    expect([pods.lists.length, pods.watches.length]).toEqual([2, 2]);
  });
});

describe("a watch", () => {
  test("[U] that ends cleanly goes on from the last version, without a new list", async () => {
    const feed = await ready();
    pods.put(podOf("run-1", 0));
    await shows(feed, () => names(feed).length === 1);
    pods.end();
    await until(() => pods.openWatches === 0);
    pods.put(podOf("run-1", 1));
    await shows(feed, () => names(feed).length === 2);
    expect(pods.watches.map(({ query }) => query["resourceVersion"])).toEqual(["100", "101"]);
    expect(pods.lists).toHaveLength(1);
  });

  test("[U] that has only been told that nothing happened goes on from there", async () => {
    await ready();
    pods.bookmark();
    const { version } = pods;
    pods.end();
    await until(() => pods.watches.length === 2);
    expect(pods.watches[1]?.query["resourceVersion"]).toBe(version);
    expect(pods.lists).toHaveLength(1);
  });

  test("[U] that breaks in the middle of a line loses nothing", async () => {
    pods.put(podOf("run-1"));
    const feed = await ready();
    pods.putAndCut({ ...podOf("run-1"), status: { phase: "Failed" } } as Pod);
    await shows(feed, () => feed.view().pods[0]?.phase === "Failed");
    expect(pods.lists).toHaveLength(1);
  });

  test("[U] that breaks between two lines loses nothing", async () => {
    const feed = await ready();
    pods.cut();
    await until(() => pods.openWatches === 0);
    pods.put(podOf("run-1"));
    await shows(feed, () => names(feed).length === 1);
  });

  test("[U] that says what is no JSON is opened again", async () => {
    const feed = await ready();
    pods.raw("<html>timed out</html>\n");
    await until(() => pods.watches.length === 2);
    pods.put(podOf("run-1"));
    await shows(feed, () => names(feed).length === 1);
  });

  test.each([
    ["by its status", () => pods.end()],
    ["within the stream", () => pods.error(410, "too old resource version")],
  ])("[U] whose version is too old, %s, lists again and drops what has gone", async (_title, expire) => {
    pods.put(podOf("run-1", 0), podOf("run-1", 1));
    const feed = await ready();
    pods.forget("run-1-0");
    expire();
    await shows(feed, () => names(feed).length === 1);
    expect(names(feed)).toEqual(["run-1-1"]);
    expect(pods.lists).toHaveLength(2);
  });

  test("[U] that ends with another error is opened again after a pause", async () => {
    await ready();
    pods.error(500);
    await until(() => pods.watches.length === 2);
    expect(pauses).toHaveLength(1);
    expect(pods.lists).toHaveLength(1);
  });

  test("[U] that is refused again and again is asked for less and less often", async () => {
    pods.watchAnswers.push(...Array.from({ length: 5 }, () => refusal(503, "Unavailable", "later", "1")));
    const feed = follow();
    await feed.ready(never);
    await until(() => pods.openWatches === 1);
    expect(pauses).toHaveLength(5);
    for (const [i, pause] of pauses.entries()) {
      expect(pause).toBeGreaterThanOrEqual(500 * 2 ** i);
      expect(pause).toBeLessThanOrEqual(1_000 * 2 ** i);
    }
  });

  test("[U] that the server ends at once is not opened again without a pause", async () => {
    pods.watchAnswers.push({ status: 200, body: "" }, { status: 200, body: "" });
    await ready();
    expect(pods.watches).toHaveLength(3);
    expect(pauses).toHaveLength(2);
  });
});

describe("changed", () => {
  test("[U] is over after the given time", async () => {
    const feed = await ready();
    await feed.changed(never, 0);
    const start = performance.now();
    await feed.changed(never, 0.03);
    expect(performance.now() - start).toBeGreaterThanOrEqual(28);
  });

  test("[U] is over when the signal is aborted, before or meanwhile", async () => {
    const feed = await ready();
    await feed.changed(never, 0);
    const stop = new AbortController();
    const changed = feed.changed(stop.signal);
    stop.abort();
    await changed;
    await feed.changed(stop.signal);
  });

  test("[U] does not miss what came between the look and the wait", async () => {
    const [feed, other] = [await ready(), await ready()];
    await feed.changed(never, 0);
    expect(names(feed)).toEqual([]);
    pods.put(podOf("run-1"));
    await shows(other, () => names(other).length === 1);
    await feed.changed(never);
    expect(names(feed)).toEqual(["run-1-0"]);
  });

  test("[U] comes once for all that came at once", async () => {
    const feed = await ready();
    await feed.changed(never, 0);
    pods.put(...[0, 1, 2].map((index) => podOf("run-1", index)));
    await shows(feed, () => names(feed).length === 3);
    const start = performance.now();
    await feed.changed(never, 0.03);
    await feed.changed(never, 0.03);
    expect(performance.now() - start).toBeGreaterThanOrEqual(28);
  });
});

test("[U] what is kept of a pod is what the status needs", async () => {
  pods.put(pod(3, { attempt: 1, state: running(), lastState: ended(2), restarts: 1 }));
  const [view] = (await ready()).view().pods;
  expect(view).toMatchObject({ index: 3, attempt: 1, container: { state: "running", lastEnd: { exitCode: 2 } } });
  expect(view).not.toHaveProperty("metadata");
  expect(JSON.stringify(view)).not.toContain(kubernetes.indexFailureCount);
});
