import { awaitRun, type Outcome } from "../../../provider/cluster/awaitRun";
import type { Feed } from "../../../provider/cluster/port";
import { refusal } from "../../support/fakeApiServer";
import { condition, kubeJob, pod, running } from "../support/cluster";
import { runSpec } from "../support/specs";
import { followedForEach } from "./followed";
import { pauses } from "./pauses";
import { until } from "./support";

jest.mock("node:timers/promises", () => jest.requireActual<typeof import("./pauses")>("./pauses").shortTimers());

// Silence is taken for a dead connection five hundred times sooner.
jest.mock("undici", () => {
  const real = jest.requireActual<typeof import("undici")>("undici");
  const request: typeof real.request = (url, options = {}) =>
    real.request(url, { ...options, ...(options.bodyTimeout && { bodyTimeout: options.bodyTimeout / 500 }) });
  return { ...real, request };
});

const each = followedForEach();
afterEach(() => {
  pauses.length = 0;
});

const spec = runSpec({ arraySize: 2, retryLimit: 0 });
const started = kubeJob();
const completed = kubeJob({ completed: "0,1", conditions: [condition("SuccessCriteriaMet")] });
const failed = kubeJob({
  completed: "0",
  failed: "1",
  conditions: [condition("FailureTarget", { reason: "FailedIndexes", message: "1 failed" })],
});

/** The run's Job with the verdict that the test is about. */
let end = completed;

function wait(feed: Feed): Promise<Outcome> {
  return awaitRun(feed, {
    spec,
    until: "completion",
    stableSeconds: 10,
    deadlineSeconds: 4,
    startedBefore: false,
    signal: new AbortController().signal,
    unschedulableSeconds: 120,
    isBehind: () => false,
    listEvents: () => Promise.resolve([]),
    warn: () => undefined,
    report: () => undefined,
  });
}

/** A run that is waited for, with its watches open. */
async function waiting(): Promise<{ outcome: Promise<Outcome> }> {
  each.jobs.put(started);
  each.pods.put(pod(0, { state: running() }), pod(1, { state: running() }));
  const outcome = wait(each.follow());
  await until(() => each.jobs.openWatches === 1 && each.pods.openWatches === 1);
  return { outcome };
}

const refusals = (count: number, ...facts: Parameters<typeof refusal>) =>
  Array.from({ length: count }, () => refusal(...facts));

/** What goes wrong; each ends with the verdict on the run's Job. */
const faults: readonly [title: string, fault: () => Promise<void> | void][] = [
  ["nothing is wrong", () => each.jobs.put(end)],
  [
    "the watch breaks, and the verdict comes meanwhile",
    () => {
      each.jobs.cut();
      each.jobs.put(end);
    },
  ],
  ["the watch breaks in the middle of the verdict", () => each.jobs.putAndCut(end)],
  [
    "the watch breaks after the verdict's last byte but one",
    async () => {
      each.jobs.putAndCut(end, -1);
      await until(() => each.jobs.watches.length === 2);
    },
  ],
  [
    "the server ends the watch, and the verdict comes meanwhile",
    () => {
      each.jobs.end();
      each.jobs.put(end);
    },
  ],
  [
    "the version is too old, as the watch says when it is opened",
    () => {
      each.jobs.cut();
      each.jobs.put(end);
      each.jobs.compact();
    },
  ],
  [
    "the version is too old, as the open watch says",
    () => {
      each.jobs.error(410, "too old resource version");
      each.jobs.silence();
      each.jobs.put(end);
      each.jobs.compact();
    },
  ],
  [
    "every list is followed by a watch whose version is too old, several times",
    () => {
      each.jobs.watchAnswers.push(...refusals(3, 410, "Expired", "too old resource version"));
      each.jobs.cut();
      each.jobs.put(end);
    },
  ],
  [
    "the watch ends with an error of the server",
    () => {
      each.jobs.error(500, "etcdserver: leader changed");
      each.jobs.silence();
      each.jobs.put(end);
    },
  ],
  [
    "something between sends a page of its own",
    () => {
      each.jobs.raw("<html>504 Gateway Time-out</html>\n");
      each.jobs.silence();
      each.jobs.put(end);
    },
  ],
  [
    "an event of an unknown type comes first",
    () => {
      each.jobs.raw(`${JSON.stringify({ type: "PONDERED", object: { ...started, spec: 1 } })}\n`);
      each.jobs.put(end);
    },
  ],
  [
    "events come twice",
    () => {
      each.jobs.put(started);
      each.jobs.put(end);
      each.jobs.put(end);
    },
  ],
  [
    "the server asks for patience when the watch is opened again",
    () => {
      each.jobs.watchAnswers.push(...refusals(2, 429, "TooManyRequests", "later", "1"));
      each.jobs.cut();
      each.jobs.put(end);
    },
  ],
  [
    "the server is away for a while",
    () => {
      each.server.api.answers.push(...Array.from({ length: 12 }, () => ({ status: 200, breaks: "before" }) as const));
      each.jobs.cut();
      each.pods.cut();
      each.jobs.put(end);
    },
  ],
  [
    "the server restarts, and refuses everybody at first",
    () => {
      each.server.api.answers.push(
        ...refusals(2, 403, "Forbidden", "not yet"),
        ...refusals(1, 401, "Unauthorized", ""),
      );
      each.jobs.cut();
      each.pods.cut();
      each.jobs.put(end);
    },
  ],
  [
    "watches may not be opened any more",
    () => {
      each.jobs.watchAnswers.push(...refusals(1_000, 403, "Forbidden", "jobs is forbidden"));
      each.jobs.cut();
      each.jobs.put(end);
    },
  ],
  [
    "pods may not be read any more",
    () => {
      each.pods.watchAnswers.push(...refusals(1_000, 403, "Forbidden", "pods is forbidden"));
      each.pods.listAnswers.push(...refusals(1_000, 403, "Forbidden", "pods is forbidden"));
      each.pods.cut();
      each.jobs.put(end);
    },
  ],
  [
    "the version is one of before a restored backup, which the server does not know yet",
    () => {
      each.jobs.watchAnswers.push(...refusals(5, 504, "Timeout", "Too large resource version", "1"));
      each.jobs.cut();
      each.jobs.put(end);
    },
  ],
  [
    "the connection is dead, and nobody says so",
    () => {
      each.jobs.silence();
      each.jobs.put(end);
    },
  ],
  [
    "the Job is deleted as soon as it has its verdict",
    () => {
      each.jobs.putAndRemove(end);
    },
  ],
];

describe.each([
  ["completes", completed, ["reached", "completed", "0-1", ""]],
  ["fails", failed, ["failed", "failed", "0", "1"]],
])("a run that %s", (_title, job, expected) => {
  test.each(faults)("[U] is waited for to the right verdict although %s", async (_title, fault) => {
    const { outcome } = await waiting();
    end = job;
    await fault();
    const { outcome: verdict, seen } = await outcome;
    const { succeededIndices, failedIndices } = seen.statusDetails;
    expect([verdict, seen.status, succeededIndices, failedIndices]).toEqual(expected);
  });
});
