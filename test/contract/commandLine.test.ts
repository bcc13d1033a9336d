import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { taskCarrier } from "../../provider/core/backend/carrier";
import { toRecord } from "../../provider/core/manifest/record";
import { label } from "../../provider/core/kube/labels";
import { endOf, jobrunPath, start } from "../support/commandLine";
import { type FakeApiServer, startFakeApiServer } from "../support/fakeApiServer";
import { kubeJob, pod, running } from "../unit/support/cluster";
import { owner, runSpec } from "../unit/support/specs";

jest.setTimeout(120_000);

let api: FakeApiServer;
let folder: string;
beforeEach(async () => {
  api = await startFakeApiServer();
  folder = mkdtempSync(join(tmpdir(), "command-line-"));
  const clusters = [{ name: "c", cluster: { server: api.url } }];
  const contexts = [{ name: "c", context: { cluster: "c", user: "u", namespace: "jobs" } }];
  const users = [{ name: "u", user: { token: "of-the-test" } }];
  const config = { apiVersion: "v1", kind: "Config", "current-context": "c", clusters, contexts, users };
  writeFileSync(join(folder, "config"), JSON.stringify(config));
  for (const path of ["/api/v1/namespaces/jobs/pods", "/apis/apps/v1/namespaces/jobs/deployments"])
    api.collection(path);
});
afterEach(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

const jobrun = (...words: string[]) => start(jobrunPath(), words, join(folder, "config"));

function putRun(name: string, uid: string): void {
  const record = toRecord(runSpec({ name }), { owner, carrier: taskCarrier });
  const metadata = { ...record.metadata, uid, namespace: "jobs", annotations: { ...record.metadata.annotations } };
  api.collection("/api/v1/namespaces/jobs/configmaps").put({ ...record, metadata });
}

const MEGABYTES = 100;

/** Lines of a hundred bytes, until all is written. */
function writeLog(response: NodeJS.WritableStream): void {
  const megabyte = `${"x".repeat(99)}\n`.repeat(10_000);
  let left = MEGABYTES;
  const more = (): void => {
    while (left-- > 0) if (!response.write(megabyte)) return void response.once("drain", more);
    response.end();
  };
  more();
}

/** What the process has held at most, in megabytes. */
const peakOf = (pid: number): number =>
  Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;

test.each([
  ["logs", "nightly"],
  ["logs", "-f", "nightly"],
])("[C] %s %s of a hundred megabytes takes the memory of a few", async (...words) => {
  putRun("nightly", "run-1");
  api.collection("/apis/batch/v1/namespaces/jobs/jobs").put(kubeJob());
  api.collection("/api/v1/namespaces/jobs/pods").put(pod(0, { state: running(), phase: "Running" }));
  api.answersItself = ({ path }, response) => {
    if (!path.endsWith("/log")) return false;
    writeLog(response.writeHead(200));
    return true;
  };
  const child = jobrun(...words.filter(Boolean));
  let [bytes, peak] = [0, 0];
  const { stdout } = child as { stdout: Readable };
  for await (const chunk of stdout) {
    const before = bytes;
    bytes += (chunk as Buffer).length;
    if (Math.floor(before / 10_000_000) === Math.floor(bytes / 10_000_000)) continue;
    peak = peakOf(child.pid ?? 0);
    // What is followed goes on for ever.
    if (bytes >= MEGABYTES * 1_000_000) child.kill();
  }
  expect(bytes).toBeGreaterThanOrEqual(MEGABYTES * 1_000_000);
  expect(peak).toBeGreaterThan(20);
  expect(peak).toBeLessThan(250);
});

test("[C] a list of five hundred runs takes no more requests than one of a single run", async () => {
  const jobs = api.collection("/apis/batch/v1/namespaces/jobs/jobs");
  const count = async (runs: number): Promise<number> => {
    for (let i = 0; i < runs; i++) {
      putRun(`run-${i}`, `uid-${i}`);
      const { metadata, ...job } = kubeJob();
      const labels = { ...metadata.labels, [label.runUid]: `uid-${i}` };
      jobs.put({ ...job, metadata: { ...metadata, name: `run-${i}`, uid: `job-${i}`, labels } });
    }
    api.requests.length = 0;
    const { code, out } = await endOf(jobrun("list", "-o", "name"));
    expect({ code, lines: out.trimEnd().split("\n").length }).toEqual({ code: 0, lines: runs });
    return api.requests.length;
  };
  const single = await count(1);
  expect(await count(500)).toBe(single);
  expect(single).toBeLessThanOrEqual(4);
});
