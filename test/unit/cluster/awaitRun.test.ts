import { setTimeout as delay } from "node:timers/promises";
import { type AwaitOptions, awaitRun, type Outcome } from "../../../provider/cluster/awaitRun";
import type { Waited } from "../../../provider/core/status/progress";
import type { RunView } from "../../../provider/core/status/runStatus";
import type { Feed } from "../../../provider/cluster/port";
import { toEventView } from "../../../provider/core/status/events";
import { condition, daemonPod, ended, kubeJob, pod, running, seen } from "../support/cluster";
import { QUOTA, warning } from "../support/events";
import { runSpec } from "../support/specs";

type Observed = Parameters<typeof seen>[1];

const task = runSpec({ arraySize: 2, retryLimit: 0 });
const daemon = runSpec({ mode: "daemon" });
const completed: Observed = { jobs: [kubeJob({ conditions: [condition("SuccessCriteriaMet")] })] };

/** A feed by hand: shows one thing after the other, a step whenever it is asked for a change or the time is over. */
function feedOf(...looks: readonly Observed[]) {
  const waits: (number | undefined)[] = [];
  let at = 0;
  const feed: Feed = {
    ready: () => Promise.resolve(true),
    view: () => seen(task, looks[Math.min(at, looks.length - 1)] ?? {}),
    changed: async (signal, seconds) => {
      waits.push(seconds);
      at++;
      // Nothing more will happen: the time goes by, or somebody interrupts.
      if (at >= looks.length) await delay((seconds ?? 60) * 1_000, undefined, { signal }).catch(() => undefined);
    },
    close: () => undefined,
  };
  return { feed, waits };
}

function wait(feed: Feed, said: Partial<AwaitOptions> = {}): Promise<Outcome> {
  return awaitRun(feed, {
    spec: task,
    until: "completion",
    stableSeconds: 10,
    unschedulableSeconds: 120,
    startedBefore: false,
    deadlineSeconds: 7_320,
    listEvents: () => Promise.resolve([]),
    warn: () => undefined,
    signal: new AbortController().signal,
    isBehind: () => false,
    report: () => undefined,
    ...said,
  });
}

test("[U] a run that reaches what is waited for ends the wait, with what was seen last", async () => {
  const { feed } = feedOf({}, { jobs: [kubeJob()], pods: [pod(0, { state: running() })] }, completed);
  const { outcome, seen } = await wait(feed);
  expect(outcome).toBe("reached");
  expect(seen).toMatchObject({ status: "completed", statusDetails: { succeeded: 2 }, jobs: [{ name: "nightly" }] });
});

test("[U] a run that fails ends the wait at Kubernetes' first word", async () => {
  const failure = condition("FailureTarget", { reason: "FailedIndexes", message: "1 failed" });
  const { feed } = feedOf(
    {},
    { jobs: [kubeJob({ completed: "0", failed: "1", conditions: [failure] })], pods: [pod(1, { state: ended(3) })] },
  );
  const { outcome, seen } = await wait(feed);
  expect(outcome).toBe("failed");
  expect(seen).toMatchObject({ status: "failed", statusDetails: { reason: "FailedIndexes", failedIndices: "1" } });
});

test("[U] a run that has ended before the first look needs no second one", async () => {
  const { feed, waits } = feedOf(completed);
  expect((await wait(feed, { deadlineSeconds: 0 })).outcome).toBe("reached");
  expect(waits).toEqual([]);
});

test.each([
  ["a narrow run, at every change", 40, 40],
  ["a wide run that changes all the time, now and then", 4_000, 3],
])("[U] looks at %s", async (_words, width, most) => {
  const changes = 40;
  const pods = Array.from({ length: width }, (_, index) => pod(index, { state: running() }));
  const views = [seen(task, { pods }), seen(task, completed)];
  const begun = performance.now();
  const looks: Waited[] = [];
  let changed = 0;
  const feed: Feed = {
    ...feedOf({}).feed,
    view: () => views[changed < changes ? 0 : 1] as RunView,
    // Of a wide run they come while the one who waits rests.
    changed: () => {
      changed = width < 100 ? changed + 1 : Math.floor((performance.now() - begun) / 5);
      return Promise.resolve();
    },
  };
  await wait(feed, { report: (look) => void looks.push(look) });
  expect(looks.length).toBeGreaterThan(0);
  expect(looks.length).toBeLessThanOrEqual(most);
});

test("[U] a wait that takes too long ends, and says how far the run was", async () => {
  const { feed } = feedOf({ pods: [pod(0, { state: running() })] });
  const { outcome, seen } = await wait(feed, { deadlineSeconds: 0.02 });
  expect(outcome).toBe("timeout");
  expect(seen).toMatchObject({ status: "running", statusDetails: { running: 1, pending: 1 } });
});

test("[U] an interrupted wait ends at once", async () => {
  const stop = new AbortController();
  const { feed } = feedOf({});
  const outcome = wait(feed, { signal: stop.signal });
  setImmediate(() => stop.abort());
  expect((await outcome).outcome).toBe("interrupted");
});

test("[U] a run that has ended is no interrupted one", async () => {
  expect((await wait(feedOf(completed).feed, { signal: AbortSignal.abort() })).outcome).toBe("reached");
});

describe("the next look", () => {
  test("[U] comes at the deadline when nothing happens before", async () => {
    const { feed, waits } = feedOf({}, completed);
    await wait(feed, { deadlineSeconds: 50 });
    expect(waits).toEqual([expect.closeTo(50, 0)]);
  });

  test("[U] comes as soon as the one who reports asks for it", async () => {
    const { feed, waits } = feedOf({}, {}, completed);
    const wishes = [2, undefined];
    await wait(feed, { deadlineSeconds: 50, report: () => wishes.shift() });
    expect(waits).toEqual([2, expect.closeTo(50, 0)]);
  });

  test("[U] at a daemon that runs comes when it has run long enough", async () => {
    const up = { pods: [daemonPod(0, { state: running() })] };
    const { feed, waits } = feedOf(up, up);
    const stable = { spec: daemon, until: "running", stableSeconds: 0.03 } as const;
    expect((await wait(feed, stable)).outcome).toBe("reached");
    expect(waits[0]).toBeCloseTo(0.03, 2);
  });
});

describe("a run that is held back by a queue", () => {
  const queued: Observed = { jobs: [kubeJob({ suspended: true })] };

  test("[U] does not use up its time", async () => {
    const { feed, waits } = feedOf(queued, {}, completed);
    await wait(feed, { deadlineSeconds: 0.02, report: () => 0.1 });
    expect(waits[0]).toBe(0.1);
  });

  test("[U] has all its time when it is let go", async () => {
    const { feed } = feedOf(queued, { jobs: [kubeJob()] });
    const start = performance.now();
    const slow = { ...feed, changed: later(feed.changed, 60) };
    expect((await wait(slow, { deadlineSeconds: 0.05 })).outcome).toBe("timeout");
    expect(performance.now() - start).toBeGreaterThanOrEqual(100);
  });

  test("[U] fails the wait when it may not be queued that long", async () => {
    const { feed } = feedOf(queued);
    const { outcome, seen } = await wait(feed, { queueSeconds: 0.03 });
    expect(outcome).toBe("failed");
    expect(seen).toMatchObject({ status: "pending", limit: { graceSeconds: 0.03, trouble: { class: "queued" } } });
  });
});

/** The same, some milliseconds later. */
function later(changed: Feed["changed"], ms: number): Feed["changed"] {
  return async (signal, seconds) => {
    await delay(ms);
    await changed(signal, seconds);
  };
}

describe("events", () => {
  const refused = toEventView(warning("job-all", "FailedCreate", { message: QUOTA }));
  const silent: Observed = { jobs: [kubeJob()] };

  test("[U] are asked for after two seconds of silence, and what they tell is seen at once", async () => {
    const { feed } = feedOf(silent);
    const told = Promise.withResolvers<string>();
    const stop = new AbortController();
    const start = performance.now();
    void wait(feed, {
      signal: stop.signal,
      listEvents: (kind) => Promise.resolve(kind === "Job" && refused !== undefined ? [refused] : []),
      report: ({ troubles: [first] }) => {
        if (first !== undefined) told.resolve(first.kind);
        return undefined;
      },
    });
    expect(await told.promise).toBe("FailedCreate");
    expect(performance.now() - start).toBeGreaterThanOrEqual(1_990);
    stop.abort();
  });

  test("[U] are not asked for while all is well", async () => {
    const { feed } = feedOf({ jobs: [kubeJob()], pods: [0, 1].map((index) => pod(index, { state: running() })) });
    const listEvents = jest.fn(() => Promise.resolve([]));
    expect((await wait(feed, { deadlineSeconds: 2.2, listEvents })).outcome).toBe("timeout");
    expect(listEvents).not.toHaveBeenCalled();
  });
});

test("[U] every look that does not end the wait is reported, with what it saw", async () => {
  const { feed } = feedOf({}, { pods: [pod(0, { state: running() })] }, completed);
  const reported: string[] = [];
  await wait(feed, {
    report: ({ status, pods }) => {
      reported.push(`${status} ${pods.length}`);
      return undefined;
    },
  });
  expect(reported).toEqual(["pending 0", "running 1"]);
});

describe("a run whose Job was deleted", () => {
  const lost: Observed = {};
  test("[U] meanwhile is waited for no more, and it is said why", async () => {
    const { feed } = feedOf({ jobs: [kubeJob()] });
    const view = seen(task, { jobs: [kubeJob()] });
    const gone = { ...view, jobs: view.jobs.map((job) => ({ ...job, gone: true as const })) };
    const { outcome, why } = await wait({ ...feed, view: () => gone });
    expect([outcome, why]).toEqual(["failed", expect.stringMatching(/^its Job was deleted before it had ended; /)]);
  });

  test("[U] before, after it had started, is not waited for", async () => {
    const { feed, waits } = feedOf(lost);
    const { outcome, why } = await wait(feed, { startedBefore: true });
    expect([outcome, why, waits]).toEqual([
      "failed",
      expect.stringMatching(/^its Job was deleted before it had ended; /),
      [],
    ]);
  });

  test("[U] is not what a cluster shows that has not answered yet", async () => {
    const { feed } = feedOf(lost);
    const silent = { ...feed, ready: () => Promise.resolve(false) };
    expect((await wait(silent, { startedBefore: true, deadlineSeconds: 0.02 })).outcome).toBe("timeout");
  });
});

test("[U] a feed that fails ends the wait with its error", async () => {
  const { feed } = feedOf({});
  const failing = { ...feed, changed: () => Promise.reject(new Error("pods is forbidden")) };
  await expect(wait(failing)).rejects.toThrow("pods is forbidden");
});
