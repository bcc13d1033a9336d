import { jest } from "@jest/globals";
import { ClusterError } from "../../../provider/cluster/errors";
import { acknowledge, claim, findAbandoned, ownerFrom, requireName } from "../../../provider/resources/claim";
import type { ConfigMap, KubeObject } from "../../../provider/core/kube/types";
import { type Owner, toOwnerMark } from "../../../provider/core/manifest/owner";
import { FakeCluster } from "./fakeCluster";
import { hookContext } from "./support";

const ours: Owner = { project: "shop", stack: "dev", resource: "nightly" };
const acknowledged = { "pulumi-jobrun/acknowledged": "true" };

const record = (annotations: Readonly<Record<string, string>> = toOwnerMark(ours)): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "nightly.jobrun", annotations },
});

/** Claims the record; what was found is adopted unless said otherwise. */
function take(cluster: FakeCluster, adopts = true) {
  const removed: string[] = [];
  const claimed = claim(cluster, "jobs", {
    object: record(),
    owner: ours,
    what: 'job run "nightly"',
    adopt: (found) => Promise.resolve(adopts ? found : undefined),
    remove: async (found) => {
      removed.push(found.metadata.uid ?? "");
      await cluster.delete(
        { kind: "ConfigMap", namespace: "jobs", name: found.metadata.name },
        found.metadata.uid ?? "",
      );
    },
  });
  return { claimed: claimed.then(({ object }) => object), removed };
}

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});

test("[U] an object that is not there is created", async () => {
  const { metadata } = await take(cluster).claimed;
  expect(metadata).toEqual(cluster.object("ConfigMap", "nightly.jobrun").metadata);
});

test("[U] one of ours that the engine was never told of is adopted", async () => {
  const { metadata } = cluster.put(record());
  const { claimed, removed } = take(cluster);
  expect((await claimed).metadata).toEqual(metadata);
  expect(removed).toEqual([]);
});

test("[U] one of ours that the engine was told of is removed, and created anew", async () => {
  const old = cluster.put(record({ ...toOwnerMark(ours), ...acknowledged })).metadata.uid;
  const { claimed, removed } = take(cluster);
  expect((await claimed).metadata.uid).not.toBe(old);
  expect(removed).toEqual([old]);
  expect(cluster.object("ConfigMap", "nightly.jobrun").metadata.annotations).not.toMatchObject(acknowledged);
});

test("[U] one of ours that cannot be adopted is removed, and created anew", async () => {
  const old = cluster.put(record()).metadata.uid;
  const { claimed, removed } = take(cluster, false);
  expect((await claimed).metadata.uid).not.toBe(old);
  expect(removed).toEqual([old]);
});

test.each([
  [{ ...ours, resource: "hourly" }, 'resource "hourly" of stack dev of project shop'],
  [{ ...ours, stack: "prod" }, 'resource "nightly" of stack prod of project shop'],
  [{ ...ours, project: "bank" }, 'resource "nightly" of stack dev of project bank'],
])("[U] one of another owner, %j, is left alone, and the owner named", async (owner, named) => {
  cluster.put(record(toOwnerMark(owner)));
  const { claimed, removed } = take(cluster);
  await expect(claimed).rejects.toThrow(
    `job run "nightly" cannot be created: ConfigMap jobs/nightly.jobrun exists and belongs to ${named}; choose another name`,
  );
  expect(removed).toEqual([]);
});

test("[U] one that nobody has marked belongs to somebody else", async () => {
  cluster.put(record({}));
  await expect(take(cluster).claimed).rejects.toThrow("belongs to somebody else");
});

test("[U] one that is being deleted is nobody's to go on with: its end is waited for", async () => {
  const { metadata } = cluster.put(record());
  cluster.put({ ...record(), metadata: { ...metadata, deletionTimestamp: "2026-01-05T12:00:00Z" } });
  const { claimed, removed } = take(cluster);
  expect((await claimed).metadata.uid).not.toBe(metadata.uid);
  expect(removed).toEqual([metadata.uid]);
});

test("[U] one that goes between the refusal and the look is created after all", async () => {
  cluster.put(record());
  cluster.at("get ConfigMap", () => cluster.drop("ConfigMap", "nightly.jobrun"));
  expect((await take(cluster).claimed).metadata).toEqual(cluster.object("ConfigMap", "nightly.jobrun").metadata);
});

describe("what a replacement left that crashed", () => {
  const ref = { kind: "ConfigMap", namespace: "jobs", name: "nightly.jobrun" } as const;

  test("[U] is found when it is this resource's and nobody was told of it", async () => {
    const { metadata } = cluster.put(record());
    expect((await findAbandoned(cluster, ref, ours))?.metadata).toEqual(metadata);
  });

  test.each<[string, KubeObject | undefined]>([
    ["not there", undefined],
    ["known to the engine", record({ ...toOwnerMark(ours), ...acknowledged })],
    ["another resource's", record(toOwnerMark({ ...ours, resource: "hourly" }))],
    ["nobody's", record({})],
  ])("[U] is none when the object is %s", async (_title, object) => {
    if (object !== undefined) cluster.put(object);
    expect(await findAbandoned(cluster, ref, ours)).toBeUndefined();
  });
});

test("[U] what else goes wrong comes through", async () => {
  cluster.refuse("create ConfigMap", 403, "Forbidden");
  await expect(take(cluster).claimed).rejects.toThrow("403 Forbidden");
});

describe("that the engine is told", () => {
  test("[U] is written on the object, and nothing else of it changes", async () => {
    const object = cluster.put(record());
    await acknowledge(cluster, object, hookContext());
    expect(cluster.object("ConfigMap", "nightly.jobrun").metadata.annotations).toEqual({
      ...toOwnerMark(ours),
      ...acknowledged,
    });
  });

  test("[U] is true of a mark whose answer was lost", async () => {
    const object = cluster.put(record());
    const patch = cluster.patch.bind(cluster);
    jest.spyOn(cluster, "patch").mockImplementationOnce(async (...asked) => {
      await patch(...asked);
      throw new ClusterError("cannot patch: no answer");
    });
    await acknowledge(cluster, object, hookContext());
    expect(cluster.object("ConfigMap", "nightly.jobrun").metadata.annotations).toMatchObject(acknowledged);
  });

  test("[U] fails when the mark cannot be set", async () => {
    const object = cluster.put(record());
    cluster.refuse("patch ConfigMap", 500, "InternalError");
    await expect(acknowledge(cluster, object, hookContext())).rejects.toThrow("500 InternalError");
  });

  test("[U] needs no mark on an object that has gone", async () => {
    const object = cluster.put(record());
    cluster.drop("ConfigMap", "nightly.jobrun");
    await expect(acknowledge(cluster, object, hookContext())).resolves.toBeUndefined();
  });

  test("[U] is not written when the engine has gone", async () => {
    const object = cluster.put(record());
    const context = hookContext({ isHeard: () => Promise.resolve(false) });
    await expect(acknowledge(cluster, object, context)).rejects.toThrow("the engine has gone");
    expect(cluster.object("ConfigMap", "nightly.jobrun").metadata.annotations).toEqual(toOwnerMark(ours));
  });
});

test("[U] the owner is the resource by its logical name in stack and project, whatever its type", () => {
  expect(ownerFrom(hookContext())).toEqual(ours);
});

test("[U] a name that is not filled in at the end is said to have been unknown", () => {
  expect(requireName("nightly")).toBe("nightly");
  expect(() => requireName(undefined)).toThrow("something that shapes the resource was still unknown");
});
