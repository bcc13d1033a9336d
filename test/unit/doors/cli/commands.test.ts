import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JobInputs } from "../../../../provider/core/spec/types";
import { label } from "../../../../provider/core/kube/labels";
import { toRecord, toResultPatch } from "../../../../provider/core/manifest/record";
import { taskCarrier } from "../../../../provider/core/backend/carrier";
import { runStatus } from "../../../../provider/core/status/runStatus";
import { jobRunHooks } from "../../../../provider/resources/jobRun";
import { repositoryRoot } from "../../../cluster/paths.ts";
import { FakeCluster } from "../../resources/fakeCluster";
import { clustersOf, endJob, hookContext, putPod, settled } from "../../resources/support";
import { at, condition, ended, kubeJob, pod, running, seen, UNHEARD, waiting } from "../../support/cluster";
import { owner, runSpec } from "../../support/specs";
import { jobrun, makeJob, makeRun, putEvent } from "./support";

/** `UPDATE_GOLDEN=1` rewrites every expected text: read the difference before it is committed. */
const update = process.env["UPDATE_GOLDEN"] === "1";

function golden(name: string, text: string): void {
  const path = join(repositoryRoot(), "test/unit/doors/cli/golden", `${name}.txt`);
  if (update) writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, "utf8"));
}

let cluster: FakeCluster;
beforeEach(() => (cluster = new FakeCluster()));

const secret = { name: "TOKEN", value: "S3CRET-77", secret: true } as const;
const writes = (): string[] => cluster.calls.filter((made) => !/^(get|list|log|follow|close) /.test(made));

const everything: Partial<JobInputs> = {
  ...{ arraySize: 3, retryLimit: 1, command: ["sh", "-c"], args: ["echo 1\necho 2"], imagePullSecrets: ["registry"] },
  env: [
    secret,
    { name: "LEVEL", value: "info" },
    { name: "KEY", valueFrom: { configMapKeyRef: { name: "settings", key: "key" } } },
    { name: "NODE", valueFrom: { fieldRef: { fieldPath: "spec.nodeName" } } },
    { name: "CPUS", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } },
  ],
  envFrom: [{ configMapRef: { name: "all" } }, { prefix: "DB_", secretRef: { name: "database" } }],
  mounts: [
    { mountPath: "/data", persistentVolumeClaim: "disk", subPath: "a" },
    { mountPath: "/etc/settings", configMap: "settings" },
    { mountPath: "/etc/keys", secret: "keys" },
    { mountPath: "/tmp/work", emptyDir: { sizeLimit: "1G" } },
  ],
};

/** A job; a run of it with an index that succeeded, one that failed twice, and one that runs; and a daemon that is on its way. */
async function makeScene(): Promise<void> {
  await makeJob(cluster, everything);
  const { image: _image, ...ofJob } = { job: "report", image: undefined, wait: { until: "nothing" } } as const;
  await jobRunHooks(clustersOf(cluster)).create(hookContext(), { name: "nightly", ...ofJob });
  await makeRun(cluster, { name: "watcher", mode: "daemon" });
  putPod(cluster, 0, { state: ended(0), log: "done\n" });
  putPod(cluster, 1, { state: ended(3), log: "first\n" });
  putPod(cluster, 1, { attempt: 1, created: 30, state: ended(3, { message: "lost S3CRET-77" }), log: "a S3CRET-77\n" });
  putPod(cluster, 2, { state: running(), log: "still" });
  const about = (kind: "Job" | "Pod", name: string) => ({
    kind,
    name,
    uid: cluster.object(kind, name).metadata.uid ?? "",
  });
  putEvent(cluster, "made", {
    ...{ involvedObject: about("Job", "nightly"), reason: "SuccessfulCreate", message: "Created pod: nightly-0-0" },
    ...{ source: { component: "job-controller" }, count: 3, firstTimestamp: at(0) },
  });
  putEvent(cluster, "pulled", {
    ...{ involvedObject: about("Pod", "nightly-0-0"), reason: "Pulled", message: "the image of S3CRET-77" },
    ...{ source: { component: "kubelet", host: "node-1" }, lastTimestamp: at(2) },
  });
  putEvent(cluster, "refused", {
    ...{ involvedObject: about("Pod", "nightly-2-0"), type: "Warning", reason: "Unhealthy", message: "no answer" },
    ...{ reportingComponent: "kubelet", lastTimestamp: null, eventTime: at(90), series: { count: 4 } },
  });
  putEvent(cluster, "elses", { involvedObject: { kind: "Pod", name: "elses", uid: "elses" }, message: "not ours" });
  cluster.calls.length = 0;
}

describe("what is shown of a job and its run", () => {
  test.each([
    ["job-list", "job list"],
    ["job-list-wide", "job list -o wide"],
    ["job-list-name", "job list -o name"],
    ["job-get", "job get report"],
    ["job-get-json", "job get report -o json"],
    ["list", "list"],
    ["list-colours", "list -o wide"],
    ["list-wide", "list -o wide --no-color"],
    ["list-name", "list -o name"],
    ["list-of-job", "list --job report"],
    ["list-yaml", "list --status running -o yaml"],
    ["get", "get nightly"],
    ["get-wide", "get nightly -o wide"],
    ["get-json", "get nightly -o json"],
    ["get-name", "get nightly -o name"],
    ["events", "events nightly"],
    ["events-index-yaml", "events nightly --index 0 -o yaml"],
    ["logs", "logs nightly"],
    ["logs-index", "logs nightly --index 2"],
    ["logs-previous", "logs nightly --index 1 --previous"],
    ["logs-json", "logs nightly --tail 2 --index 0 -o json"],
  ])("[U] is the golden text %s, and nothing is written", async (name, line) => {
    await makeScene();
    const coloured = name === "list-colours" ? line : `${line} --no-color`;
    const { code, out, err } = await jobrun(cluster, coloured);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    golden(name, out);
    expect(out).not.toContain("S3CRET");
    expect(writes()).toEqual([]);
  });
});

describe("a run whose pods have gone", () => {
  beforeEach(async () => {
    const { state } = await makeRun(cluster, { arraySize: 2, retryLimit: 0 });
    putPod(cluster, 0, { state: ended(0) });
    putPod(cluster, 1, { state: ended(7) });
    endJob(cluster, { success: false });
    await jobRunHooks(clustersOf(cluster)).read(hookContext(), state);
    for (const name of ["nightly-0-0", "nightly-1-0"]) cluster.drop("Pod", name);
    cluster.drop("Job", "nightly");
  });

  test("[U] of an instance whose node does not answer is that nobody knows how it is", async () => {
    await makeScene();
    putPod(cluster, 2, { state: running(), conditions: UNHEARD });
    const { out } = await jobrun(cluster, "get nightly --no-color");
    expect(out).toMatch(/nightly-2-0 +0\/1 +Unknown/);
    expect(out).toMatch(/Unknown: +1/);
    expect(out).toContain("`npx jobrun wait nightly --namespace jobs` waits for its end.");
  });

  test("[U] is shown by its record", async () => {
    const { code, out, err } = await jobrun(cluster, "get nightly --no-color");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    golden("get-gone", out);
  });

  test("[U] has no logs: that and why is told, and the exit code is 1", async () => {
    expect(await jobrun(cluster, "logs nightly")).toEqual({
      code: 1,
      out: "",
      err: 'job run "nightly" has no log of some of its indices: 0-1: the pod has been removed: after the run\'s `retention`, or by somebody\n',
    });
  });

  test("[U] has no events, and it is told how long Kubernetes keeps them", async () => {
    const { code, out, err } = await jobrun(cluster, "events nightly");
    expect({ code, out }).toEqual({ code: 0, out: "" });
    expect(err).toContain("Kubernetes keeps them for about an hour");
  });

  test("[U] has failed for whoever waits for it", async () => {
    const { code, out } = await jobrun(cluster, "wait nightly");
    expect(code).toBe(1);
    expect(out).toContain('JobRun "nightly" failed: [FailedIndexes] one failed\n');
  });
});

describe("a run", () => {
  test("[U] that cannot start is shown with what stands in its way, and what to do", async () => {
    await makeRun(cluster);
    putPod(cluster, 0, { state: waiting("ImagePullBackOff", "no such image") });
    const { out } = await jobrun(cluster, "get nightly --no-color");
    expect(out).toContain("  In Its Way:\n    index 0: [ImagePullBackOff] no such image\n");
    expect(out).toContain("Pending (ImagePullBackOff)");
    expect(out).toContain("To go on: correct `image` or `imagePullSecrets`, or push the image.\n");
  });

  test("[U] that nobody knows the end of is unknown, and that is told", async () => {
    await makeRun(cluster);
    cluster.drop("Job", "nightly");
    const { code, out, err } = await jobrun(cluster, "list --no-color");
    expect(code).toBe(0);
    expect(out).toMatch(/^nightly {2}0 +0 +1 +0 +0 +1 +2m$/m);
    expect(err).toContain('job run "nightly" has no Jobs or Deployments, and no result is recorded');
  });

  test("[U] whose record somebody has spoilt hides none of the others", async () => {
    await makeRun(cluster);
    await makeRun(cluster, { name: "spoilt" });
    const spoilt = cluster.object("ConfigMap", "spoilt.jobrun");
    cluster.put({ ...spoilt, ...{ data: { "spec.json": "{" } } });
    const { code, out, err } = await jobrun(cluster, "list -o name");
    expect({ code, out }).toEqual({ code: 0, out: "nightly\n" });
    expect(err).toContain("spoilt.jobrun");
  });

  test("[U] has its termination message shown only where its secrets can be masked", async () => {
    await makeRun(cluster, { env: [secret], retryLimit: 0 });
    putPod(cluster, 0, { state: ended(3, { message: "lost S3CRET-77" }) });
    expect((await jobrun(cluster, "get nightly")).out).toContain("lost [secret]");
    for (const line of ["list -o json", "get nightly", "get nightly -o json"]) {
      cluster.refuse("get Secret", 403, "Forbidden");
      const { out } = await jobrun(cluster, line);
      expect(out).toContain("ContainerExitedCode3");
      expect(out).not.toContain("lost");
    }
  });
});

describe("a log", () => {
  test("[U] begins each line with its time where that is asked for, and hides a secret that is spread over lines", async () => {
    await makeRun(cluster, { env: [{ ...secret, value: "S3CRETS3CRET" }] });
    putPod(cluster, 0, { state: running(), log: `${at(1)} a S3CRETS3CRET\n${at(2)} \n` });
    expect((await jobrun(cluster, "logs nightly --timestamps")).out).toBe(
      `nightly-0-0/nightly:\n${at(1)} a [secret]\n${at(2)}\n`,
    );
    cluster.logsOf.set("nightly-0-0", `${at(1)} a S3CRET\n${at(2)} S3CRET\n`);
    expect((await jobrun(cluster, "logs nightly --timestamps")).out).toBe("nightly-0-0/nightly:\na [secret]\n");
  });

  test("[U] of many indices comes in their order, and what is missing is told at the end", async () => {
    await makeRun(cluster, { arraySize: 150 });
    for (let index = 0; index < 149; index++) putPod(cluster, index, { state: running(), log: `part ${index}\n` });
    const { code, out, err } = await jobrun(cluster, "logs nightly");
    expect(code).toBe(0);
    expect(out).toBe(Array.from({ length: 149 }, (_, i) => `nightly-${i}-0/nightly:\npart ${i}\n`).join("\n"));
    expect(err).toMatch(/^job run "nightly" has no log of some of its indices: 149: there is no pod/);
  });

  test("[U] of the start before is that of the same pod where its program was started again", async () => {
    await makeRun(cluster, { mode: "daemon" });
    putPod(cluster, 0, { state: running(), lastState: ended(1), restarts: 1, log: "now" });
    cluster.logsOf.set("nightly-0-0 before", "then");
    expect((await jobrun(cluster, "logs nightly --previous")).out).toBe("nightly-0-0/nightly:\nthen\n");
  });

  test("[U] of an attempt that there never was is missing", async () => {
    await makeRun(cluster);
    putPod(cluster, 0, { state: running(), log: "now" });
    expect(await jobrun(cluster, "logs nightly --previous")).toMatchObject({
      code: 1,
      err: expect.stringContaining("0: there was no attempt before"),
    });
  });
});

describe("waiting", () => {
  test("[U] ends with 0 when the task completes, and tells its progress besides", async () => {
    await makeRun(cluster);
    const waited = jobrun(cluster, "wait nightly");
    while (!cluster.calls.some((call) => call.startsWith("follow"))) await new Promise(setImmediate);
    await settled();
    endJob(cluster, { success: true });
    expect(await waited).toEqual({
      code: 0,
      out: 'JobRun "nightly" completed: 1/1 succeeded\n',
      err: expect.stringContaining("0/1 succeeded, 1 pending"),
    });
    expect(cluster.calls.at(-1)).toMatch(/^close /);
  });

  test("[U] ends with 2 when its time is over", async () => {
    await makeRun(cluster);
    const { code, out } = await jobrun(cluster, "wait nightly --timeout 0s -o json");
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({
      name: "nightly",
      namespace: "jobs",
      outcome: "timeout",
      status: "pending",
    });
  });

  test("[U] ends with 1 when somebody has deleted its Job", async () => {
    await makeRun(cluster);
    cluster.drop("Job", "nightly");
    expect(await jobrun(cluster, "wait nightly")).toMatchObject({
      code: 1,
      out: expect.stringContaining("its Job was deleted before it had ended"),
    });
  });
});

describe("where there is nothing", () => {
  test.each([
    ["job list", "", "there are no jobs in namespace jobs\n"],
    ["list", "", "there are no job runs in namespace jobs\n"],
    ["list --status failed -o json", "[]\n", "there are no such job runs in namespace jobs\n"],
    ["list -o yaml -n other", "[]\n", "there are no job runs in namespace other\n"],
  ])("[U] %s prints an empty list, and says so besides", async (line, out, err) => {
    expect(await jobrun(cluster, line)).toEqual({ code: 0, out, err });
  });

  test.each(["job get none", "get none", "events none", "logs none", "wait none"])(
    "[U] %s fails, and names the command that lists all",
    async (line) => {
      const { code, out, err } = await jobrun(cluster, line);
      expect({ code, out }).toEqual({ code: 1, out: "" });
      const list = line.startsWith("job") ? "job list" : "list";
      expect(err).toMatch(/^jobrun: name must be that of a job.*, got "none", and there is none; .*\n$/);
      expect(err).toContain(`\`npx jobrun ${list} --namespace jobs\` lists all`);
    },
  );
});

describe("without a right", () => {
  test.each([
    ["job list", "list ConfigMap"],
    ["list", "list ConfigMap"],
    ["list", "list Job"],
    ["get nightly", "get ConfigMap"],
    ["get nightly", "list Job"],
    ["events nightly", "list Event"],
    ["logs nightly", "list Pod"],
  ])("[U] %s fails when it may not %s", async (line, call) => {
    await makeRun(cluster);
    cluster.refuse(call, 403, "Forbidden");
    const { code, out, err } = await jobrun(cluster, line);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/^jobrun: cannot .* 403 Forbidden - no\n$/);
  });

  test.each([
    ["get nightly", "list Event", "the run is shown without events"],
    ["get nightly", "list Pod", "judged without what its Pods tell"],
    ["list", "list Pod", "judged without what its Pods tell"],
  ])("[U] %s does with less when it may not %s, and says so", async (line, call, told) => {
    await makeRun(cluster);
    cluster.refuse(call, 403, "Forbidden");
    const { code, out, err } = await jobrun(cluster, line);
    expect(code).toBe(0);
    expect(out).toContain("nightly");
    expect(err).toContain(told);
  });
});

describe("500 runs", () => {
  const spec = (n: number) => runSpec({ name: `run-${n}`, arraySize: 2 });

  beforeEach(() => {
    for (let n = 0; n < 500; n++) {
      const own = { [label.runUid]: `uid-run-${n}` };
      const record = toRecord(spec(n), { owner, carrier: taskCarrier });
      const done = seen(spec(n), { jobs: [kubeJob({ completed: "0-1", conditions: [condition("Complete")] })] });
      const data = { ...record.data, ...(n % 2 === 0 && toResultPatch(runStatus(spec(n), done)).data) };
      cluster.put({ ...record, ...{ data }, metadata: { ...record.metadata, uid: `uid-run-${n}` } });
      const { metadata, ...job } = kubeJob();
      cluster.put({ ...job, metadata: { ...metadata, name: `run-${n}`, labels: { ...metadata.labels, ...own } } });
      for (const index of [0, 1]) {
        const { metadata, ...rest } = pod(index, { state: running() });
        const name = `run-${n}-${index}`;
        cluster.put({ ...rest, metadata: { ...metadata, name, uid: name, labels: { ...metadata.labels, ...own } } });
      }
    }
  });

  test("[U] are listed with one list for each kind of object", async () => {
    const { out } = await jobrun(cluster, "list --no-color");
    const lines = out.trimEnd().split("\n").slice(1);
    expect(lines).toHaveLength(500);
    expect(lines.filter((line) => / 0 +0 +2 +2 +0 +0 +2m$/.test(line))).toHaveLength(250);
    expect(lines.filter((line) => / 0 +0 +2 +0 +2 +0 +2m$/.test(line))).toHaveLength(250);
    expect(cluster.calls.map((call) => call.split(" ", 2).join(" ")).toSorted()).toEqual([
      "list ConfigMap",
      "list Job",
      "list Pod",
    ]);
  });

  test("[U] that have all ended are listed by their records alone", async () => {
    for (let n = 1; n < 500; n += 2) cluster.drop("ConfigMap", `run-${n}.jobrun`);
    const { out } = await jobrun(cluster, "list -o name");
    expect(out.trimEnd().split("\n")).toHaveLength(250);
    expect(cluster.calls).toHaveLength(1);
  });
});
