import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Measures what runs that are waited for cost in memory and watches, and prints it: `npm run bench:waiting`. */

const require = createRequire(import.meta.url);
const { openCluster } =
  require("../../dist/provider/cluster/client.js") as typeof import("../../provider/cluster/client.ts");

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const RUNS = 200;
const PODS = 10;
const EVENTS = 5_000;
const padding = "x".repeat(3_000);
const conditions = ["Initialized", "Ready", "ContainersReady", "PodScheduled"].map((type) => ({
  type,
  status: "True",
}));

/** A pod of a real cluster is about this large, most of it of no interest here. */
function podOf(run: number, index: number, restarts: number): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `run-${run}-${index}`,
      uid: `${run}-${index}`,
      resourceVersion: "7",
      creationTimestamp: "2026-01-05T12:00:00Z",
      labels: { "pulumi-jobrun/run-uid": `uid-${run}` },
      annotations: { "kubectl.kubernetes.io/default-container": "run", padding },
    },
    spec: { nodeName: "node-1" },
    status: {
      phase: "Running",
      conditions,
      containerStatuses: [
        { name: "run", restartCount: restarts, state: { running: { startedAt: "2026-01-05T12:00:01Z" } } },
      ],
    },
  };
}

function jobOf(run: number): object {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name: `run-${run}`,
      uid: `job-${run}`,
      resourceVersion: "7",
      labels: { "pulumi-jobrun/run-uid": `uid-${run}` },
    },
    status: { startTime: "2026-01-05T12:00:00Z" },
  };
}

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const jobs = numbers(RUNS).map(jobOf);
const pods = numbers(RUNS).flatMap((run) => numbers(PODS).map((index) => podOf(run, index, 0)));

const watches = new Set<ServerResponse>();
let podWatch: ServerResponse | undefined;
const server = createServer((request, response) => {
  const url = new URL(request.url ?? "", "http://server");
  const isPods = url.pathname.endsWith("/pods");
  response.setHeader("content-type", "application/json");
  if (url.searchParams.get("watch") === "true") {
    watches.add(response);
    if (isPods) podWatch = response;
    response.on("close", () => watches.delete(response));
    response.flushHeaders();
  } else response.end(JSON.stringify({ metadata: { resourceVersion: "7" }, items: isPods ? pods : jobs }));
});
server.listen(0, "127.0.0.1");
await once(server, "listening");

const cluster = {
  server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  "insecure-skip-tls-verify": true,
};
const kubeconfig = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  clusters: [{ name: "bench", cluster }],
  users: [{ name: "nobody", user: {} }],
  contexts: [{ name: "bench", context: { cluster: "bench", user: "nobody" } }],
  "current-context": "bench",
});

function heap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

async function untilOpen(count: number): Promise<void> {
  while (watches.size !== count) await delay(5);
}

const never = new AbortController().signal;
const client = await openCluster({ kubeconfig });
const follow = (run: number) =>
  client.follow("jobs", `uid-${run}`, { needed: "Job", helpful: ["Pod"], note: (message) => console.log(message) });

// The first run loads what every run shares.
const first = follow(0);
await first.ready(never);
await untilOpen(2);
first.close();
await untilOpen(0);
const before = heap();

const feeds = numbers(RUNS).map(follow);
await Promise.all(feeds.map((feed) => feed.ready(never)));
await untilOpen(2);
const waiting = heap();

const start = performance.now();
for (const event of numbers(EVENTS)) {
  const object = podOf(event % RUNS, 0, 1 + Math.floor(event / RUNS));
  if (podWatch?.write(`${JSON.stringify({ type: "MODIFIED", object })}\n`) === false) await once(podWatch, "drain");
}
const restarts = () => feeds.at(-1)?.view().pods[0]?.container?.restarts;
while (restarts() !== EVENTS / RUNS) await feeds.at(-1)?.changed(never, 1);
const seconds = (performance.now() - start) / 1_000;
const after = heap();

const kilobytes = (bytes: number): string => `${(bytes / 1_024).toFixed(1)} KiB`;
console.log(`${RUNS} runs with ${PODS} pods each: ${watches.size} watches`);
console.log(
  `memory: ${kilobytes((waiting - before) / RUNS)} a run, ${kilobytes((waiting - before) / RUNS / (PODS + 1))} an object`,
);
console.log(
  `${EVENTS} pod events in ${seconds.toFixed(2)} s; memory after them: ${kilobytes(after - waiting)} more in all`,
);

for (const feed of feeds) feed.close();
await untilOpen(0);
console.log(`closed: ${kilobytes(heap() - before)} left in all`);
server.closeAllConnections();
server.close();
