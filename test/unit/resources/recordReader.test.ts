import { toResultPatch } from "../../../provider/core/manifest/record";
import type { RunStatus } from "../../../provider/core/status/types";
import { recordReader } from "../../../provider/resources/recordReader";
import { FakeCluster } from "./fakeCluster";

const SELECTOR = "pulumi-jobrun/kind=run";
const ended = toResultPatch({ status: "completed" } as RunStatus);

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});

/** Puts the records of runs there, named from `run-0` on. */
function put(count: number, more: object = ended): void {
  for (let run = 0; run < count; run++)
    cluster.put({
      ...{ apiVersion: "v1", kind: "ConfigMap", ...more },
      metadata: { name: `run-${run.toString()}.jobrun`, labels: { "pulumi-jobrun/kind": "run" } },
    });
}

async function readAll(count: number, find = recordReader()): Promise<(string | undefined)[]> {
  const names = Array.from({ length: count }, (_, run) => `run-${run.toString()}`);
  const found = await Promise.all(names.map((name) => find(cluster, { namespace: "jobs", name })));
  return found.map((record) => record?.metadata.name);
}

const requests = (): Readonly<Record<string, number>> => ({
  get: cluster.calls.filter((call) => call.startsWith("get ConfigMap ")).length,
  list: cluster.calls.filter((call) => call === `list ConfigMap ${SELECTOR}`).length,
});

test("[U] a few records are read one by one: a list brings everybody's", async () => {
  put(8);
  expect(await readAll(8)).toEqual(Array.from({ length: 8 }, (_, run) => `run-${run.toString()}.jobrun`));
  expect(requests()).toEqual({ get: 8, list: 0 });
});

test("[U] many records of runs that have ended cost one list", async () => {
  put(500);
  expect(new Set(await readAll(500))).toHaveProperty("size", 500);
  expect(requests()).toEqual({ get: 8, list: 1 });
});

test("[U] a run that had not ended at the time of the list is read when it is asked for", async () => {
  put(20, {});
  const find = recordReader();
  await readAll(20, find);
  await cluster.patch({ kind: "ConfigMap", namespace: "jobs", name: "run-19.jobrun" }, ended);
  expect(await find(cluster, { namespace: "jobs", name: "run-19" })).toMatchObject(ended);
});

test("[U] a record that is not there is none", async () => {
  put(10);
  const find = recordReader();
  await readAll(10, find);
  expect(await find(cluster, { namespace: "jobs", name: "other" })).toBeUndefined();
});

test("[U] without the right to list, each record is read by itself", async () => {
  put(20);
  cluster.refuse(`list ConfigMap ${SELECTOR}`, 403, "Forbidden");
  expect((await readAll(20)).filter((name) => name === undefined)).toEqual([]);
  expect(requests().get).toBe(20);
});

test("[U] namespaces do not share", async () => {
  put(10);
  const find = recordReader();
  await readAll(10, find);
  cluster.calls.length = 0;
  expect(await find(cluster, { namespace: "others", name: "run-0" })).toBeUndefined();
  expect(requests()).toEqual({ get: 1, list: 0 });
});
