import type { Kind } from "../../../provider/cluster/kinds";
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
    "list Pod pulumi-jobrun/run-uid=run-1",
    "list Job pulumi-jobrun/run-uid=run-1",
    "list Deployment pulumi-jobrun/run-uid=run-1",
    "get Secret nightly.jobrun",
    "delete ConfigMap nightly.jobrun",
    "get ConfigMap nightly.jobrun",
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

  /** The pods end one after the other; the clock goes that far each time it is looked at. */
  async function remove(millisecondsALook: number) {
    const context = hookContext();
    let now = 0;
    jest.spyOn(performance, "now").mockImplementation(() => (now += millisecondsALook));
    const follow = cluster.follow.bind(cluster);
    const kept: boolean[] = [];
    jest.spyOn(cluster, "follow").mockImplementation((namespace, uid) => {
      for (const [i, name] of ["nightly-0-0", "nightly-1-0"].entries())
        setTimeout(() => {
          kept.push(cluster.names.includes("ConfigMap nightly.jobrun"));
          cluster.drop("Pod", name);
        }, 20 * i);
      return follow(namespace, uid);
    });
    await removeRun(cluster, ref, context);
    return { statuses: context.statuses, kept };
  }

  test("[U] are waited for, with the number of those left, and the record stays so long", async () => {
    const { statuses, kept } = await remove(3_000);
    expect(statuses).toEqual(["2 pods left", "1 pod left"]);
    expect(kept).toEqual([true, true]);
    expect(cluster.names).toEqual([]);
  });

  test("[U] that end fast are not all counted: in a pipeline every message is a line", async () => {
    expect((await remove(1)).statuses).toEqual(["2 pods left"]);
  });

  test("[U] are named when the time is over, with node and time, and the record stays for the next try", async () => {
    const removed = removeRun(cluster, ref, hookContext({ timeouts: { delete: 0.01 } }));
    await expect(removed).rejects.toThrow(
      `job run "nightly" is not removed yet: the time is over, and there is still
  Pod nightly-0-0 on node node-1, deleted at 2026-01-05T12:01:00Z, should have ended by 2026-01-05T12:01:00Z: see whether the node is up
  Pod nightly-1-0 on node node-1, deleted at`,
    );
    expect(cluster.names).toContain("ConfigMap nightly.jobrun");
    expect(cluster.calls).toContain("close run-1");
  });

  test("[U] are waited for no longer when the user interrupts", async () => {
    const stop = new AbortController();
    const removed = removeRun(cluster, ref, hookContext({ signal: stop.signal }));
    setTimeout(() => stop.abort(), 10);
    await expect(removed).rejects.toThrow("the wait was interrupted, and there is still\n  Pod nightly-0-0");
    expect(cluster.names).toContain("ConfigMap nightly.jobrun");
  });

  test("[U] are named, the first five of them", async () => {
    for (const index of [2, 3, 4, 5, 6]) cluster.put(pod(index));
    const removed = removeRun(cluster, ref, hookContext({ timeouts: { delete: 0.01 } }));
    await expect(removed).rejects.toThrow(/nightly-4-0[^]*\n {2}and 2 more\n/);
  });
});

describe("what is held by somebody's finalizer", () => {
  const held = (object: KubeObject): KubeObject => ({
    ...object,
    metadata: { ...object.metadata, finalizers: ["example.com/hold"] },
  });
  const secret: KubeObject = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "nightly.jobrun", labels: { [label.runUid]: "run-1" } },
  };

  test.each<[string, KubeObject]>([
    ["a Job", ofRun("Job", "nightly")],
    ["a Deployment", ofRun("Deployment", "nightly-0")],
    ["the Secret", secret],
    ["a pod", pod(0)],
    ["the record", record()],
  ])("[U] is named with the finalizer, and the next removal goes on when it is off: %s", async (_title, object) => {
    for (const each of object.kind === "ConfigMap" ? [] : [record()]) cluster.put(each);
    cluster.put(held(object));
    const { kind, metadata } = object;
    await expect(removeRun(cluster, ref, hookContext({ timeouts: { delete: 0.01 } }))).rejects.toThrow(
      new RegExp(`${kind} ${metadata.name}[^\n]* is held by finalizer example.com/hold`),
    );
    expect(cluster.names).toContain("ConfigMap nightly.jobrun");
    cluster.drop(kind as Kind, metadata.name);
    await removeRun(cluster, ref, hookContext());
    expect(cluster.names).toEqual([]);
  });

  test("[U] shows on the row, once", async () => {
    for (const object of [record(), held(ofRun("Job", "nightly"))]) cluster.put(object);
    const context = hookContext();
    setTimeout(() => cluster.drop("Job", "nightly"), 1_200);
    await removeRun(cluster, ref, context);
    expect(context.statuses).toEqual([expect.stringContaining("Job nightly, deleted at ")]);
  });
});

test("[U] a Secret of the same name that is another run's is not waited for", async () => {
  cluster.put(record());
  cluster.put({ apiVersion: "v1", kind: "Secret", metadata: { name: "nightly.jobrun" } });
  await removeRun(cluster, ref, hookContext());
  expect(cluster.names).toEqual(["Secret nightly.jobrun"]);
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
