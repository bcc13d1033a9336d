import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clientOf } from "../../provider/cluster/client";
import { pathOf } from "../../provider/cluster/kinds";
import type { ClusterClient } from "../../provider/cluster/port";
import { openStream, requestJson } from "../../provider/cluster/request";
import type { ConfigMap } from "../../provider/core/kube/types";
import { bed } from "../support/bed";
import { type FakeApiServer, startFakeApiServer } from "../support/fakeApiServer";
import { kubectl, makeNamespace, removeNamespace } from "../support/kubectl";
import { type KubectlProxy, kubectlProxy } from "../support/kubectlProxy";
import { connectionTo } from "../unit/cluster/support";

jest.setTimeout(60_000);

const namespace = "contract-watch";
const path = pathOf("ConfigMap", namespace);

/** What the promises are asked of. */
interface Subject {
  readonly client: ClusterClient;
  readonly connection: ReturnType<typeof connectionTo>;
}

let fake: FakeApiServer;
let proxy: KubectlProxy;

/** A kind that is younger than the cluster: a server that was never restarted may remember all that happened to the others. */
const youngKind = "youngs.contract.pulumi-jobrun.test";

async function makeYoungKind(): Promise<void> {
  const [plural = "", ...group] = youngKind.split(".");
  const version = { name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } };
  const names = { plural, singular: "young", kind: "Young" };
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: youngKind },
    spec: { group: group.join("."), scope: "Namespaced", names, versions: [version] },
  };
  const folder = mkdtempSync(join(tmpdir(), "jobrun-young-"));
  writeFileSync(join(folder, "definition.json"), JSON.stringify(definition));
  await kubectl("apply", "--filename", join(folder, "definition.json"));
  rmSync(folder, { recursive: true });
  await kubectl("wait", "--for=condition=Established", `crd/${youngKind}`, "--timeout=60s");
}

const subjects: readonly [title: string, open: () => Promise<string>, close: () => Promise<void>, young: string][] = [
  [
    "the real API server",
    async () => {
      const { kubectl: program, kubeconfig, context } = bed();
      await makeNamespace(namespace);
      await makeYoungKind();
      proxy = await kubectlProxy(program, ["--kubeconfig", kubeconfig, "--context", context]);
      return proxy.url;
    },
    async () => {
      await proxy.close();
      await kubectl("delete", "crd", youngKind);
      await removeNamespace(namespace);
    },
    `/apis/contract.pulumi-jobrun.test/v1/namespaces/${namespace}/youngs`,
  ],
  [
    "the API server of the unit tests",
    async () => {
      fake = await startFakeApiServer();
      fake.collection(path);
      return fake.url;
    },
    () => fake.close(),
    path,
  ],
];

interface Told {
  readonly type: string;
  readonly object: ConfigMap & { readonly code?: number };
}

describe.each(subjects)("[C] %s", (_title, open, close, young) => {
  let subject: Subject;
  let stop = new AbortController();

  beforeAll(async () => {
    const connection = connectionTo(await open());
    subject = { client: clientOf(connection), connection };
  });
  afterAll(async () => {
    await subject.connection.destroy();
    await close();
  });
  afterEach(() => {
    stop.abort();
    stop = new AbortController();
  });

  const configMap = (name: string, group: string, data: Record<string, string> = {}): ConfigMap => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, labels: { "contract/group": group, "contract/kind": "test" } },
    data,
  });
  const refOf = (name: string) => ({ kind: "ConfigMap", namespace, name }) as const;
  const create = (object: ConfigMap) => subject.client.create(namespace, object);
  const namesOf = (objects: readonly ConfigMap[]) => objects.map(({ metadata }) => metadata.name).toSorted();
  const listOf = (selector: string) => subject.client.list<ConfigMap>({ kind: "ConfigMap", namespace, selector });

  interface Page {
    readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
    readonly items: readonly ConfigMap[];
  }

  const page = (query: Record<string, string>) =>
    requestJson<Page>(subject.connection, { method: "GET", path, query, deed: "list" });
  const versionNow = async (): Promise<string> =>
    (await page({ labelSelector: "contract/kind=none" })).metadata.resourceVersion;

  /** Everything that a watch tells, line by line. */
  async function* watch(
    resourceVersion: string,
    query: Record<string, string> = {},
    of: string = path,
  ): AsyncGenerator<Told> {
    const all = { watch: "true", resourceVersion, ...query };
    const stream = await openStream(
      subject.connection,
      { method: "GET", path: of, query: all, deed: "watch" },
      stop.signal,
    );
    let rest = "";
    for await (const chunk of stream) {
      const lines = (rest + chunk.toString()).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield JSON.parse(line) as Told;
    }
  }

  async function first(count: number, events: AsyncGenerator<Told>): Promise<Told[]> {
    const seen: Told[] = [];
    for await (const event of events) if (seen.push(event) === count) break;
    return seen;
  }

  const summary = (events: readonly Told[]) =>
    events.map(({ type, object }) => `${type} ${object.metadata.name} ${object.data?.["step"] ?? ""}`.trim());

  describe("a list", () => {
    it("holds what the selector takes, and nothing else", async () => {
      await create(configMap("list-a", "list"));
      await create(configMap("list-b", "list"));
      await create(configMap("list-c", "other"));
      expect(namesOf(await listOf("contract/group=list"))).toEqual(["list-a", "list-b"]);
      expect(namesOf(await listOf("contract/group=list,contract/kind=test"))).toEqual(["list-a", "list-b"]);
      expect(await listOf("contract/group=list,contract/kind=none")).toEqual([]);
    });

    it("comes in pages, the last of which names no further one", async () => {
      for (const name of ["page-a", "page-b", "page-c"]) await create(configMap(name, "pages"));
      const labelSelector = "contract/group=pages";
      const one = await page({ labelSelector, limit: "2" });
      const two = await page({ labelSelector, limit: "2", continue: one.metadata.continue ?? "" });
      expect(namesOf(one.items)).toEqual(["page-a", "page-b"]);
      expect(namesOf(two.items)).toEqual(["page-c"]);
      expect(two.metadata.continue ?? "").toBe("");
    });
  });

  describe("a watch", () => {
    it("from a list's version tells everything that came after, in order, the last state of a deleted object too", async () => {
      const version = await versionNow();
      const created = await create(configMap("story", "story", { step: "1" }));
      await subject.client.patch(refOf("story"), { data: { step: "2" } });
      await subject.client.delete(refOf("story"), created.metadata.uid ?? "");
      const events = await first(3, watch(version, { labelSelector: "contract/group=story" }));
      expect(summary(events)).toEqual(["ADDED story 1", "MODIFIED story 2", "DELETED story 2"]);
      const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
      expect(versions).toEqual(versions.toSorted((a, b) => a - b));
      expect(versions[0]).toBeGreaterThan(Number(version));
    });

    it("goes on from the version of any event", async () => {
      const version = await versionNow();
      await create(configMap("resume-a", "resume"));
      await create(configMap("resume-b", "resume"));
      const labelSelector = "contract/group=resume";
      const [event] = await first(1, watch(version, { labelSelector }));
      const rest = await first(1, watch(event?.object.metadata.resourceVersion ?? "", { labelSelector }));
      expect(summary(rest)).toEqual(["ADDED resume-b"]);
    });

    it("tells of what happens while it is open", async () => {
      const events = first(1, watch(await versionNow(), { labelSelector: "contract/group=live" }));
      await create(configMap("live", "live"));
      expect(summary(await events)).toEqual(["ADDED live"]);
    });

    it("sees an object come and go with its labels", async () => {
      const version = await versionNow();
      await create(configMap("labelled", "none"));
      await subject.client.patch(refOf("labelled"), { metadata: { labels: { "contract/group": "labels" } } });
      await subject.client.patch(refOf("labelled"), { metadata: { labels: { "contract/group": null } } });
      const events = await first(2, watch(version, { labelSelector: "contract/group=labels" }));
      expect(summary(events)).toEqual(["ADDED labelled", "DELETED labelled"]);
    });

    it("ends cleanly after its time, and a bookmark before moves the version past what its selector does not take", async () => {
      const query = { labelSelector: "contract/group=quiet", timeoutSeconds: "4", allowWatchBookmarks: "true" };
      const events = watch(await versionNow(), query);
      const opened = events.next();
      await create(configMap("quiet", "quiet"));
      await opened;
      const other = await create(configMap("loud", "elsewhere"));
      const rest: Told[] = [];
      for await (const event of events) rest.push(event);
      expect(new Set(rest.map(({ type }) => type))).toEqual(new Set(["BOOKMARK"]));
      const bookmark = rest.at(-1);
      expect(Number(bookmark?.object.metadata.resourceVersion)).toBeGreaterThanOrEqual(
        Number(other.metadata.resourceVersion),
      );
    });

    it("from a version that is too old is answered with 410, by its status or by its first event", async () => {
      const answer = first(1, watch("1", {}, young)).then(
        ([event]) => event?.object.code,
        (error: unknown) => (error as { status?: number }).status,
      );
      expect(await answer).toBe(410);
    });
  });

  describe("a write", () => {
    it("of an object whose name is taken is answered with AlreadyExists", async () => {
      await create(configMap("taken", "writes"));
      await expect(create(configMap("taken", "writes"))).rejects.toMatchObject({
        status: 409,
        reason: "AlreadyExists",
      });
    });

    it("of an object that has changed meanwhile is a conflict", async () => {
      const old = await create(configMap("replaced", "writes"));
      await subject.client.replace(namespace, { ...old, data: { step: "1" } });
      await expect(subject.client.replace(namespace, { ...old, data: { step: "2" } })).rejects.toMatchObject({
        status: 409,
        reason: "Conflict",
      });
    });

    it("by merge patch sets, keeps and removes keys, and replaces lists", async () => {
      const { metadata } = await create(configMap("patched", "writes", { a: "1", b: "2" }));
      const finalizers = ["contract/one", "contract/two"];
      await subject.client.patch(refOf("patched"), { metadata: { finalizers } });
      await subject.client.patch(refOf("patched"), { metadata: { finalizers: [] }, data: { b: null, c: "3" } });
      const patched = await subject.client.get<ConfigMap>(refOf("patched"));
      expect(patched?.data).toEqual({ a: "1", c: "3" });
      expect(patched?.metadata.labels).toEqual(metadata.labels);
      expect(patched?.metadata.finalizers ?? []).toEqual([]);
    });

    it("by merge patch that names another UID is refused as invalid", async () => {
      await create(configMap("mine", "writes"));
      const patch = { metadata: { uid: "00000000-0000-0000-0000-000000000000" }, data: { step: "1" } };
      await expect(subject.client.patch(refOf("mine"), patch)).rejects.toMatchObject({
        status: 422,
        reason: "Invalid",
      });
    });

    it("of an object that is not there is answered with NotFound, and reading it with nothing", async () => {
      await expect(subject.client.patch(refOf("absent"), { data: {} })).rejects.toMatchObject({ reason: "NotFound" });
      expect(await subject.client.get(refOf("absent"))).toBeUndefined();
    });
  });

  describe("a removal", () => {
    it("with another UID touches nothing, with its own it removes the object", async () => {
      const { metadata } = await create(configMap("removed", "removals"));
      await subject.client.delete(refOf("removed"), "00000000-0000-0000-0000-000000000000");
      expect(await subject.client.get(refOf("removed"))).toBeDefined();
      await subject.client.delete(refOf("removed"), metadata.uid ?? "");
      expect(await subject.client.get(refOf("removed"))).toBeUndefined();
    });

    it("of a selection removes all of it, and nothing else, and the watch tells of each", async () => {
      for (const name of ["gone-a", "gone-b"]) await create(configMap(name, "gone"));
      await create(configMap("stays", "stays"));
      const version = await versionNow();
      await subject.client.deleteAll({ kind: "ConfigMap", namespace, selector: "contract/group=gone" });
      expect(await listOf("contract/group=gone")).toEqual([]);
      expect(namesOf(await listOf("contract/group=stays"))).toEqual(["stays"]);
      const events = await first(2, watch(version, { labelSelector: "contract/group=gone" }));
      expect(summary(events).toSorted()).toEqual(["DELETED gone-a", "DELETED gone-b"]);
    });
  });
});
