import { setTimeout as delay } from "node:timers/promises";
import type { ServerResponse } from "node:http";
import { clientOf } from "../../../provider/cluster/client";
import { taskCarrier } from "../../../provider/core/backend/carrier";
import { toRecord, toResultPatch } from "../../../provider/core/manifest/record";
import { printLines } from "../../../provider/core/status/logLines";
import { runStatus } from "../../../provider/core/status/runStatus";
import type { RunSpec } from "../../../provider/core/spec/types";
import { followLogs, type Followed } from "../../../provider/resources/followLogs";
import { refusal, type Received } from "../../support/fakeApiServer";
import { serverForEach, until } from "../cluster/support";
import { condition, ended, kubeJob, pod, running, waiting } from "../support/cluster";
import { owner, runSpec } from "../support/specs";

const each = serverForEach();

/** A line as the kubelet writes it, printed that many milliseconds after the test's noon. */
const line = (ms: number, words: string): string =>
  `${new Date(Date.UTC(2026, 0, 5, 12, 0, 0, ms)).toISOString().replace("Z", "000000Z")} ${words}\n`;

/** What a log is asked for. */
interface LogRequest {
  readonly pod: string;
  readonly query: Received["query"];
  readonly response: ServerResponse;
}

/** Plays the kubelet; every request for a log goes to it. */
let kubelet: (request: LogRequest) => void;
let asked: LogRequest[];
let interrupt: AbortController;
afterEach(() => interrupt.abort());
beforeEach(() => {
  asked = [];
  kubelet = ({ response }) => response.flushHeaders();
  interrupt = new AbortController();
  each.api.answersItself = ({ path, query }, response) => {
    const [, name] = /\/pods\/([^/]+)\/log$/.exec(path) ?? [];
    if (name === undefined) return false;
    const request = { pod: name, query, response };
    asked.push(request);
    response.writeHead(200, { "content-type": "text/plain" });
    kubelet(request);
    return true;
  };
});

const collection = (plural: string, group = "/api/v1") => each.api.collection(`${group}/namespaces/jobs/${plural}`);
const pods = () => collection("pods");
const jobs = () => collection("jobs", "/apis/batch/v1");

interface Going {
  readonly ended: Promise<Followed>;
  /** What has been shown so far, each line with the name of its pod. */
  readonly shown: () => string;
}

function follow(said: Partial<RunSpec> = {}, wanted: { index?: number; lines?: number } = {}): Going {
  const spec = { ...runSpec(), ...said };
  const record = toRecord(spec, { owner, carrier: taskCarrier });
  collection("configmaps").put({ ...record, metadata: { ...record.metadata, uid: "run-1", namespace: "jobs" } });
  collection("deployments", "/apis/apps/v1");
  jobs();
  pods();
  let shown = "";
  const place = { client: clientOf(each.connection), namespace: "jobs", settings: {} };
  const tell = (): void => undefined;
  const caller = {
    signal: interrupt.signal,
    log: { status: tell, info: tell, warn: tell },
    show: (from: { pod: string }, lines: Parameters<typeof printLines>[0]) => {
      shown += printLines(lines, { timestamps: false }).replaceAll(/^(?=.)/gm, `${from.pod}: `);
      return Promise.resolve();
    },
  };
  return { ended: followLogs(place, { name: "nightly", ...wanted }, caller), shown: () => shown };
}

const end = (success: boolean): void => {
  const verdict = success ? condition("Complete") : condition("Failed", { reason: "FailedIndexes", message: "no" });
  jobs().put(kubeJob({ conditions: [verdict], ...(success ? { completed: "0" } : { failed: "0" }) }));
};

test("[U] one that prints is shown as it prints, and the end of the run is the end", async () => {
  jobs().put(kubeJob());
  pods().put(pod(0, { state: running(), phase: "Running" }));
  const going = follow();
  await until(() => asked.length === 1);
  expect(asked[0]?.query).toEqual({ container: "nightly", previous: "false", timestamps: "true", follow: "true" });
  asked[0]?.response.write(line(1, "one") + line(2, "two").slice(0, 20));
  await until(() => going.shown() === "nightly-0-0: one\n");
  asked[0]?.response.write(line(2, "two").slice(20));
  await until(() => going.shown() === "nightly-0-0: one\nnightly-0-0: two\n");
  kubelet = ({ response }) => response.end(line(2, "two") + line(3, "last"));
  pods().put(pod(0, { state: ended(0), phase: "Succeeded" }));
  asked[0]?.response.end();
  end(true);
  await expect(going.ended).resolves.toMatchObject({ count: 1, missing: [], status: { status: "completed" } });
  expect(going.shown()).toBe("nightly-0-0: one\nnightly-0-0: two\nnightly-0-0: last\n");
});

test("[U] a stream that breaks is opened again, and no line is lost or shown twice", async () => {
  jobs().put(kubeJob());
  pods().put(pod(0, { state: running(), phase: "Running" }));
  const going = follow();
  await until(() => asked.length === 1);
  asked[0]?.response.write(line(1_500, "a") + line(1_600, "b") + line(1_600, "b") + line(1_700, "half").slice(0, 35));
  await until(() => going.shown().endsWith("b\nnightly-0-0: b\n"));
  asked[0]?.response.destroy();
  // Kubernetes takes the time by the second: what has been shown since then comes once more.
  kubelet = ({ response }) =>
    response.write(line(1_500, "a") + line(1_600, "b") + line(1_600, "b") + line(1_600, "b") + line(1_700, "half"));
  await until(() => asked.length === 2 && going.shown().includes("half"));
  expect(asked[1]?.query).toMatchObject({ sinceTime: "2026-01-05T12:00:01.600000000Z" });
  expect(going.shown()).toBe(["a", "b", "b", "b", "half"].map((words) => `nightly-0-0: ${words}\n`).join(""));
  asked[1]?.response.end();
  kubelet = ({ response }) => response.end();
  pods().put(pod(0, { state: ended(0), phase: "Succeeded" }));
  end(true);
  await going.ended;
}, 15_000);

test("[U] through restarts in place, the last lines of each start are shown before those of the next", async () => {
  jobs().put(kubeJob());
  pods().put(pod(0, { state: running(), phase: "Running" }));
  const going = follow();
  await until(() => asked.length === 1);
  asked[0]?.response.write(line(1, "first"));
  await until(() => going.shown() !== "");
  kubelet = ({ query, response }) => {
    if (query["previous"] === "true") response.end(line(1, "first") + line(2, "dies"));
    else response.write(line(9, "second"));
  };
  pods().put(pod(0, { state: running(9), phase: "Running", restarts: 1, lastState: ended(1) }));
  asked[0]?.response.end();
  await until(() => going.shown().includes("second"));
  expect(going.shown()).toBe("nightly-0-0: first\nnightly-0-0: dies\nnightly-0-0: second\n");
  kubelet = ({ response }) => response.end(line(9, "second"));
  pods().put(pod(0, { state: waiting("CrashLoopBackOff"), phase: "Running", restarts: 1, lastState: ended(1) }));
  asked.at(-1)?.response.end();
  await until(() => asked.length === 4);
  pods().put(pod(0, { state: ended(1), phase: "Failed", restarts: 1 }));
  end(false);
  await expect(going.ended).resolves.toMatchObject({ status: { status: "failed" } });
  expect(going.shown()).toBe("nightly-0-0: first\nnightly-0-0: dies\nnightly-0-0: second\n");
}, 15_000);

test("[U] of each index the newest pod is the first, and those of later attempts follow", async () => {
  jobs().put(kubeJob());
  pods().put(pod(0, { state: ended(1), phase: "Failed" }));
  pods().put(pod(0, { attempt: 1, created: 5, state: ended(1), phase: "Failed" }));
  kubelet = ({ pod: name, response }) => response.end(line(1, `by ${name}`));
  const going = follow();
  await until(() => going.shown() !== "");
  pods().put(pod(0, { attempt: 2, created: 9, state: waiting("ContainerCreating") }));
  pods().put(pod(0, { attempt: 2, created: 9, state: ended(0), phase: "Succeeded" }));
  end(true);
  await expect(going.ended).resolves.toMatchObject({ count: 2 });
  expect(going.shown()).toBe("nightly-0-1: by nightly-0-1\nnightly-0-2: by nightly-0-2\n");
});

test("[U] a limit to the last lines is for what was there before, and not for what comes after", async () => {
  jobs().put(kubeJob());
  pods().put(pod(0, { state: ended(1), phase: "Failed" }));
  kubelet = ({ response }) => response.end();
  const going = follow({}, { lines: 3 });
  await until(() => asked.length === 1);
  pods().put(pod(0, { attempt: 1, created: 9, state: ended(0), phase: "Succeeded" }));
  end(true);
  await going.ended;
  expect(asked.map(({ query }) => query["tailLines"])).toEqual(["3", undefined]);
});

test("[U] only the wanted index is read", async () => {
  jobs().put(kubeJob());
  for (const index of [0, 1]) pods().put(pod(index, { state: ended(0), phase: "Succeeded" }));
  kubelet = ({ response }) => response.end();
  const going = follow({ arrayIndices: "0-1", arraySize: 2 }, { index: 1 });
  end(true);
  await going.ended;
  expect(asked.map(({ pod: name }) => name)).toEqual(["nightly-1-0"]);
});

test("[U] a thousand programs that print are all shown, with never more than 32 connections for logs", async () => {
  const count = 1_000;
  jobs().put(kubeJob());
  const all = Array.from({ length: count }, (_, index) => index);
  pods().put(...all.map((index) => pod(index, { state: running(), phase: "Running" })));
  let [open, most] = [0, 0];
  kubelet = ({ pod: name, query, response }) => {
    most = Math.max(most, ++open);
    response.on("close", () => open--);
    response.write(line(1, `by ${name}`));
    if (query["follow"] !== "true") response.end();
  };
  const going = follow({ arrayIndices: `0-${count - 1}`, arraySize: count });
  while (going.shown().length < 15_000) await delay(20);
  pods().put(...all.map((index) => pod(index, { state: ended(0), phase: "Succeeded" })));
  jobs().put(kubeJob({ conditions: [condition("Complete")], completed: `0-${count - 1}` }));
  await expect(going.ended).resolves.toMatchObject({ count, missing: [] });
  const lines = going.shown().trimEnd().split("\n").toSorted();
  expect(lines).toEqual(
    Array.from({ length: count }, (_, index) => `nightly-${index}-0: by nightly-${index}-0`).toSorted(),
  );
  expect(most).toBeLessThanOrEqual(32);
}, 60_000);

test("[U] secret values are masked also where a stream breaks in the middle of one", async () => {
  const env = [{ name: "TOKEN", valueFrom: { secretKeyRef: { name: "nightly.jobrun", key: "TOKEN" } } }];
  const data = { TOKEN: Buffer.from("S3CRET-0123456789").toString("base64") };
  collection("secrets").put({ apiVersion: "v1", kind: "Secret", metadata: { name: "nightly.jobrun" }, ...{ data } });
  jobs().put(kubeJob());
  pods().put(pod(0, { state: ended(0), phase: "Succeeded" }));
  end(true);
  kubelet = ({ response }) => {
    response.write(line(1, "a S3CRET-012"));
    setTimeout(() => response.end(line(2, "3456789 b") + line(3, "c")), 50);
  };
  const going = follow({ env });
  await going.ended;
  expect(going.shown()).toBe("nightly-0-0: a [secret] b\nnightly-0-0: c\n");
});

test("[U] of a run that has ended and been collected there is nothing, and the reason is told", async () => {
  const going = follow();
  const record = toRecord(runSpec(), { owner, carrier: taskCarrier });
  await expect(Promise.race([going.ended, until(() => false).catch(() => "goes on")])).resolves.toBe("goes on");
  const result = runStatus(runSpec(), { jobs: [], deployments: [], pods: [] });
  collection("configmaps").put({
    ...record,
    metadata: { ...record.metadata, uid: "run-1" },
    data: { ...record.data, ...toResultPatch(result).data },
  });
  await expect(going.ended).resolves.toMatchObject({
    count: 0,
    missing: [{ index: 0, why: expect.stringContaining("the pod has been removed") }],
  });
}, 20_000);

test("[U] of a run that is deleted meanwhile that is told", async () => {
  jobs().put(kubeJob());
  const going = follow();
  await until(() => jobs().openWatches === 1);
  jobs().remove("nightly");
  collection("configmaps").remove("nightly.jobrun");
  await expect(going.ended).resolves.toMatchObject({ status: undefined, count: 0 });
}, 20_000);

test("[U] without the right to read logs it ends with the rule that is missing", async () => {
  each.api.answersItself = () => false;
  jobs().put(kubeJob());
  pods().put(pod(0, { state: running(), phase: "Running" }));
  const message =
    'pods "nightly-0-0" is forbidden: User "ci" cannot get resource "pods/log" in API group "" in the namespace "jobs"';
  const answer = refusal(403, "Forbidden", message);
  each.api.answersItself = ({ path }, response) => {
    if (!path.endsWith("/log")) return false;
    response.writeHead(403, { "content-type": "application/json" });
    response.end(JSON.stringify(answer.body));
    return true;
  };
  await expect(follow().ended).rejects.toThrow('{apiGroups: [""], resources: ["pods/log"], verbs: ["get"]}');
});
