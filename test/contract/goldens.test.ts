import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { show } from "../../provider/core/kube/path";
import type { KubeObject } from "../../provider/core/kube/types";
import { editsOf } from "../../provider/core/manifest/edits";
import { kubectl, makeNamespace, objects, removeNamespace, until } from "../support/kubectl";
import { goldens, readInput, readObjects } from "../unit/support/goldens";
import { type Workload, workloads } from "../unit/support/objects";

jest.setTimeout(120_000);

const standards = ["baseline", "restricted"] as const;
type Standard = (typeof standards)[number];
const namespaceOf = (standard: Standard): string => `contract-goldens-${standard}`;

/** What the pods of goldens name, and without which the API server refuses a pod. */
const accounts = ["consumer", "migrator"];
const priorities = ["golden-low", "golden-high"];

const scratch = mkdtempSync(join(tmpdir(), "goldens-"));

beforeAll(async () => {
  await Promise.all(standards.map(openNamespace));
  await Promise.all(priorities.map((name) => kubectl("create", "priorityclass", name, "--value=1")));
});
afterAll(async () => {
  await Promise.all(priorities.map((name) => kubectl("delete", "priorityclass", name)));
  await Promise.all(standards.map((standard) => removeNamespace(namespaceOf(standard))));
  rmSync(scratch, { recursive: true });
});

/** A namespace that refuses what does not keep to the standard, and warns of it. */
async function openNamespace(standard: Standard): Promise<void> {
  const namespace = namespaceOf(standard);
  await makeNamespace(namespace);
  const labels = ["enforce", "warn"].map((mode) => `pod-security.kubernetes.io/${mode}=${standard}`);
  await kubectl("label", "namespace", namespace, ...labels);
  await Promise.all(accounts.map((name) => kubectl("create", "serviceaccount", name, "--namespace", namespace)));
}

/** Creates the objects, or asks the API server what would come of it; it is to know every field, and to warn of nothing. */
async function create(namespace: string, items: readonly object[], ...flags: string[]): Promise<string[]> {
  const file = join(scratch, `${namespace}.json`);
  // Not as a List, which kubectl would check by itself before the API server sees it.
  writeFileSync(file, items.map((item) => JSON.stringify(item)).join("\n"));
  const columns = '{.kind} {.metadata.name} {.status.qosClass}{"\\n"}';
  const strict = ["--validate=strict", "--warnings-as-errors", `--output=jsonpath=${columns}`];
  const printed = await kubectl("create", "--namespace", namespace, "--filename", file, ...strict, ...flags);
  return printed.split(/ *\n/).slice(0, -1);
}

const dryRun = (namespace: string, items: readonly object[]): Promise<string[]> =>
  create(namespace, items, "--dry-run=server");

const isWorkload = (object: KubeObject): object is Workload => object.kind === "Job" || object.kind === "Deployment";

/** The pod that Kubernetes would make of a workload: admission sees it only then. */
function toPod({ metadata: { name }, spec: { template } }: Workload): KubeObject {
  return { apiVersion: "v1", kind: "Pod", ...template, metadata: { ...template.metadata, name } };
}

const inNamespace = <O extends KubeObject>(namespace: string, object: O): O => ({
  ...object,
  metadata: { ...object.metadata, namespace },
});

const standardOf = (golden: string): Standard => {
  const { job, run } = readInput(golden);
  return run?.podSecurity ?? job?.template.podSecurity ?? "baseline";
};

describe("[C] the API server", () => {
  it.each(goldens)("takes the objects of %s as they are, and their pods are of class Guaranteed", async (golden) => {
    const namespace = namespaceOf(standardOf(golden));
    const all = readObjects(golden).map((object) => inNamespace(namespace, object));
    const pods = all.filter(isWorkload).map(toPod);
    expect(pods).not.toEqual([]);
    expect(await dryRun(namespace, [...all, ...pods])).toEqual([
      ...all.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      ...pods.map(({ kind, metadata }) => `${kind} ${metadata.name} Guaranteed`),
    ]);
  });

  it.each(goldens)(
    "keeps what was written of %s, so that nothing seems to have been changed by hand",
    async (golden) => {
      const namespace = namespaceOf(standardOf(golden));
      const wanted = readObjects(golden).filter(isWorkload).slice(0, 3);
      expect(wanted).not.toEqual([]);
      // Written by somebody else, whatever came back otherwise would count.
      for (const [i, object] of wanted.entries()) {
        const file = join(scratch, `kept-${golden}-${i}.json`);
        writeFileSync(file, JSON.stringify(inNamespace(namespace, object)));
        const made = ["create", "--filename", file, "--dry-run=server", "--show-managed-fields", "--output=json"];
        const answer = JSON.parse(await kubectl(...made)) as KubeObject;
        const stranger = {
          manager: "somebody",
          fieldsV1: { "f:metadata": { "f:annotations": { "f:pulumi-jobrun/revision": {} } } },
        };
        const found = { ...answer, metadata: { ...answer.metadata, managedFields: [stranger] } };
        expect(editsOf(found, object)).toEqual([]);
      }
    },
  );

  it("says who has changed what: a field that kubectl has written is told from all that it was created with", async () => {
    const namespace = namespaceOf("baseline");
    const [golden] = readObjects("daemon-one-index").filter(isWorkload);
    if (golden === undefined) throw new Error("it has a workload");
    // The owner is not there: the garbage collector would take the object away.
    const { ownerReferences: _owners, ...metadata } = golden.metadata;
    const wanted = { ...golden, metadata };
    const file = join(scratch, "edited.json");
    writeFileSync(file, JSON.stringify(inNamespace(namespace, wanted)));
    await kubectl("create", "--filename", file, "--field-manager=pulumi-jobrun");
    const name = `deployment/${wanted.metadata.name}`;
    const [container] = wanted.spec.template.spec.containers;
    await kubectl("set", "image", name, `${container.name}=other:1`, "--namespace", namespace);
    await kubectl("set", "env", name, `--containers=${container.name}`, "DEBUG=1", "--namespace", namespace);
    const text = await kubectl("get", name, "--namespace", namespace, "--show-managed-fields", "--output=json");
    await kubectl("delete", name, "--namespace", namespace);
    expect(editsOf(JSON.parse(text) as KubeObject, wanted).map(({ path, live }) => [show(path), live])).toEqual([
      [`spec.template.spec.containers[${container.name}].image`, "other:1"],
      [`spec.template.spec.containers[${container.name}].env[DEBUG]`, { name: "DEBUG", value: "1" }],
    ]);
  });

  const longest = "r".repeat(53);

  it.each([
    ["the largest index alone", { arrayIndices: "9999999" }, 1],
    ["1,000 indices that are not contiguous", { arrayIndices: "1-1000" }, 1_000],
    ["10,000 contiguous indices", { arraySize: 10_000 }, 1],
    ["the largest index of a daemon", { mode: "daemon", arrayIndices: "9999999" }, 1],
  ] as const)("takes %s under the longest name", async (_title, said, count) => {
    const all = workloads({ ...said, name: longest });
    expect(all).toHaveLength(count);
    const ends = [...new Set([all[0], all.at(-1)])].filter((object) => object !== undefined);
    const named = ends.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(await dryRun(namespaceOf("baseline"), ends)).toEqual(named);
  });

  it("is asked strictly here: it refuses a field that it does not know, and a warning counts as a refusal", async () => {
    const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "wrong" } };
    const container = { name: "a", image: "a" };
    const misspelt = { ...pod, spec: { containers: [{ ...container, commands: [] }] } };
    const warned = { ...pod, spec: { containers: [{ ...container, env: [{ name: "A" }, { name: "A" }] }] } };
    const namespace = namespaceOf("baseline");
    await expect(dryRun(namespace, [misspelt])).rejects.toThrow('unknown field "spec.containers[0].commands"');
    await expect(dryRun(namespace, [warned])).rejects.toThrow("hides previous definition");
  });
});

/** The object as it can run here: with an image that the test cluster has, and without an owner that it lacks. */
function runnable(object: Workload): object {
  const { ownerReferences: _owners, ...metadata } = object.metadata;
  const [user, ...sidecars] = object.spec.template.spec.containers;
  const program = object.kind === "Job" ? "id -u" : "exec sleep 600";
  const containers = [{ ...user, image: "docker.io/library/busybox:1", command: ["sh", "-c", program] }, ...sidecars];
  const template = { ...object.spec.template, spec: { ...object.spec.template.spec, containers } };
  return { ...object, metadata, spec: { ...object.spec, template } };
}

describe("[C] a namespace that enforces the standard restricted", () => {
  it.each([
    ["restricted-task", "Succeeded"],
    ["restricted-daemon", "Running"],
  ])("runs the pods of %s", async (golden, phase) => {
    const namespace = namespaceOf("restricted");
    const [workload, ...others] = readObjects(golden).filter(isWorkload);
    if (workload === undefined || others.length > 0) throw new Error("it has one workload");
    const { "pulumi-jobrun/run": run = "" } = workload.metadata.labels ?? {};
    await create(namespace, [runnable(workload)]);
    const pods = () => objects(namespace, "pods", `pulumi-jobrun/run=${run}`);
    await until(async () => (await pods()).some(({ status }) => status["phase"] === phase));
    expect((await pods()).map(({ status }) => status["qosClass"])).toEqual(["Guaranteed"]);
  });
});
