import { label } from "../../../provider/core/kube/labels";
import { removeRun, runRefOf } from "../../../provider/resources/removeRun";
import type { ConfigMap, KubeObject } from "../../../provider/core/kube/types";
import { pod, running } from "../support/cluster";
import { FakeCluster } from "./fakeCluster";
import { hookContext } from "./support";

const ref = { namespace: "jobs", name: "nightly", uid: "run-1" };

const ofRun = (kind: "Job" | "Deployment" | "ReplicaSet", name: string, uid = "run-1"): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name, labels: { [label.runUid]: uid } },
});

const record = (uid = "run-1"): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "nightly.jobrun", uid, labels: { [label.run]: "nightly" } },
});

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});

test("[U] workloads go first, then pods, then the record, each by the record's uid", async () => {
  for (const object of [record(), ofRun("Job", "nightly"), pod(0, { state: running() })]) cluster.put(object);
  await removeRun(cluster, ref, hookContext());
  expect(cluster.names).toEqual([]);
  expect(cluster.calls).toEqual([
    "deleteAll Job pulumi-jobrun/run-uid=run-1",
    "deleteAll Deployment pulumi-jobrun/run-uid=run-1",
    "deleteAll ReplicaSet pulumi-jobrun/run-uid=run-1",
    "deleteAll Pod pulumi-jobrun/run-uid=run-1",
    "deleteAll Secret pulumi-jobrun/run-uid=run-1",
    "follow run-1",
    "close run-1",
    "delete ConfigMap nightly.jobrun",
  ]);
});

test("[U] what belongs to other runs stays", async () => {
  const others = [ofRun("Job", "hourly", "run-2"), ofRun("Deployment", "web", "run-3")];
  for (const object of [record(), ...others]) cluster.put(object);
  await removeRun(cluster, ref, hookContext());
  expect(cluster.names).toEqual(["Job hourly", "Deployment web"]);
});

test("[U] a newer record of the same name stays", async () => {
  cluster.put(record("run-2"));
  await removeRun(cluster, ref, hookContext());
  expect(cluster.names).toEqual(["ConfigMap nightly.jobrun"]);
});

test("[U] a run of which nothing is left is removed without a word", async () => {
  const context = hookContext();
  await removeRun(cluster, ref, context);
  expect(context.statuses).toEqual([]);
});

describe("pods that take their time", () => {
  beforeEach(() => {
    cluster.podsLinger = true;
    for (const object of [record(), pod(0), pod(1)]) cluster.put(object);
  });

  test("[U] are waited for, with the number of those left, and the record stays so long", async () => {
    const context = hookContext();
    const kept: string[][] = [];
    jest.spyOn(context.log, "status").mockImplementation((message) => {
      context.statuses.push(message);
      kept.push(cluster.names);
      setImmediate(() => cluster.drop("Pod", context.statuses.length === 1 ? "nightly-0-0" : "nightly-1-0"));
    });
    await removeRun(cluster, ref, context);
    expect(context.statuses).toEqual(["2 pods left", "1 pod left"]);
    expect(kept.map(([first]) => first)).toEqual(["ConfigMap nightly.jobrun", "ConfigMap nightly.jobrun"]);
    expect(cluster.names).toEqual([]);
  });

  test("[U] are named when the time is over, and the record stays for the next try", async () => {
    const removed = removeRun(cluster, ref, hookContext({ timeouts: { delete: 0.01 } }));
    await expect(removed).rejects.toThrow(
      'JobRun "nightly" cannot be removed yet: pods nightly-0-0, nightly-1-0 of namespace jobs may not have ended; look with `kubectl describe pod`, then run the command again',
    );
    expect(cluster.names).toContain("ConfigMap nightly.jobrun");
    expect(cluster.calls.at(-1)).toBe("close run-1");
  });

  test("[U] are waited for no longer when the user interrupts", async () => {
    const stop = new AbortController();
    const removed = removeRun(cluster, ref, hookContext({ signal: stop.signal }));
    setTimeout(() => stop.abort(), 10);
    await expect(removed).rejects.toThrow("cannot be removed yet");
    expect(cluster.names).toContain("ConfigMap nightly.jobrun");
  });
});

test("[U] a refused step ends it, and the record stays for the next try", async () => {
  cluster.put(record());
  cluster.refuse("deleteAll Pod", 403, "Forbidden");
  await expect(removeRun(cluster, ref, hookContext())).rejects.toThrow("403 Forbidden");
  expect(cluster.names).toEqual(["ConfigMap nightly.jobrun"]);
});

test("[U] a record says which run it stands for", () => {
  expect(runRefOf({ ...record(), metadata: { ...record().metadata, namespace: "jobs" } })).toEqual(ref);
});
