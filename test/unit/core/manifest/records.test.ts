import type { ConfigMap, KubeObject } from "../../../../provider/core/kube/types";
import { readDefinition, toDefinition, toDefinitionSecret } from "../../../../provider/core/manifest/definition";
import { isOwnedBy, ownerOf, sameOwner } from "../../../../provider/core/manifest/owner";
import { readRecord, toRecord, toResultPatch, toRunSecret } from "../../../../provider/core/manifest/record";
import type { EnvVar } from "../../../../provider/core/spec/types";
import { seen } from "../../support/cluster";
import { allObjects } from "../../support/objects";
import { taskCarrier } from "../../../../provider/core/backend/carrier";
import { owner, runSpec } from "../../support/specs";

const password: EnvVar = { name: "PASSWORD", value: "hunter2", secret: true };
const HASHED = "env-n13zs3pg";
const encoded = Buffer.from("hunter2").toString("base64");
const options = { owner, carrier: taskCarrier };
const bare = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "theirs" } } satisfies ConfigMap;

/** The object with what the base64 of its Secrets says. */
const decoded = (object: KubeObject & { data?: object }): string =>
  Object.values(object.data ?? {})
    .map((text) => Buffer.from(String(text), "base64").toString())
    .join("\n");

describe("secret values", () => {
  const template = { image: "a", env: [{ name: "PLAIN", value: "seen" }, password] };
  const said = [
    ["of a job", { job: { name: "report", template } }],
    ["of a run of a job", { job: { name: "report", template: { image: "a" } }, run: { env: [password] } }],
    ["of a stand-alone run", { run: template }],
    ["of a daemon", { run: { ...template, mode: "daemon" } }],
    ["of a sparse task", { run: { ...template, arrayIndices: "1,3" } }],
  ] as const;

  test.each(said)("[U] %s stand in a Secret and nowhere else", (_title, declared) => {
    const objects = allObjects(declared);
    const secrets = objects.filter(({ kind }) => kind === "Secret");
    expect(secrets).not.toEqual([]);
    for (const secret of secrets) expect(decoded(secret)).toBe("hunter2");
    const rest = JSON.stringify(objects.filter(({ kind }) => kind !== "Secret"));
    expect(rest).not.toContain("hunter2");
    expect(rest).not.toContain(Buffer.from("hunter2").toString("base64"));
  });

  test("[U] are kept by the variable's name, or by a hash of it where it is no key", () => {
    const spec = runSpec({ env: [{ name: "PLAIN" }, password, { ...password, name: "not a key!" }] });
    const record = toRecord(spec, options);
    expect(readRecord(record).spec.env).toEqual([
      { name: "PLAIN" },
      { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "nightly.jobrun", key: "PASSWORD" } } },
      { name: "not a key!", valueFrom: { secretKeyRef: { name: "nightly.jobrun", key: HASHED } } },
    ]);
    expect(toRunSecret(spec, record)?.data).toEqual({ PASSWORD: encoded, [HASHED]: encoded });
  });

  test("[U] an empty one is a secret too, and umlauts survive", () => {
    const spec = runSpec({
      env: [
        { ...password, value: "" },
        { ...password, name: "B", value: "Schlüssel" },
      ],
    });
    expect(toRunSecret(spec, bare)?.data).toEqual({ PASSWORD: "", B: "U2NobMO8c3NlbA==" });
  });

  test("[U] without any, no Secret is made", () => {
    expect(toRunSecret(runSpec({ env: [{ name: "A", value: "a" }] }), bare)).toBeUndefined();
    expect(toDefinitionSecret("report", { image: "a" }, bare)).toBeUndefined();
  });

  test("[U] of a run are a snapshot; of a job they follow the job", () => {
    expect(toRunSecret(runSpec({ env: [password] }), bare)).toMatchObject({ immutable: true });
    expect(toDefinitionSecret("report", { image: "a", env: [password] }, bare)).not.toHaveProperty("immutable");
  });
});

describe("a definition", () => {
  test("[U] is read back complete", () => {
    const definition = toDefinition("report", { image: "a", arraySize: 3, env: [{ name: "A", value: "a" }] }, owner);
    expect(readDefinition(definition)).toMatchObject({ image: "a", arrayIndices: "0-2", retryLimit: 3, cpu: "1" });
  });

  test("[U] of somebody else is no definition", () => {
    expect(() => readDefinition(bare)).toThrow(
      "ConfigMap theirs has no key spec.json: it is not the definition of a job",
    );
  });
});

describe("a record", () => {
  test("[U] is read back as the spec it was made of", () => {
    const spec = runSpec({ job: "report", arrayIndices: "1,3", env: [{ name: "A", value: "a" }] });
    expect(readRecord(toRecord(spec, options))).toEqual({ spec, carrier: taskCarrier });
  });

  test("[U] is read back with its result", () => {
    const spec = runSpec();
    const result = seen(spec, {});
    const { status, statusDetails } = result;
    const record = { ...toRecord(spec, options) };
    const patch = toResultPatch({ status, statusDetails }) as { data: Record<string, string> };
    const patched = { ...record, data: { ...record.data, ...patch.data } };
    expect(readRecord(patched)).toEqual({ spec, carrier: taskCarrier, result: { status, statusDetails } });
  });

  test("[U] of a job's run goes when the definition goes, without being held by it", () => {
    const definition = { ...bare, metadata: { name: "report.job", uid: "d" } };
    expect(toRecord(runSpec(), { ...options, definition }).metadata.ownerReferences).toEqual([
      { apiVersion: "v1", kind: "ConfigMap", name: "report.job", uid: "d" },
    ]);
    expect(toRecord(runSpec(), options).metadata).not.toHaveProperty("ownerReferences");
  });

  test.each([
    ["spec.json", "rubbish", '"rubbish"'],
    ["spec.json", "null", '"null"'],
    ["carrier.json", "[]", '"[]"'],
    ["result.json", "", '""'],
  ])("[U] whose key %s says %j names itself, the key, and what is there", (key, text, shown) => {
    const record = toRecord(runSpec(), options);
    const changed = { ...record, data: { ...record.data, [key]: text } };
    expect(() => readRecord(changed)).toThrow(
      `key ${key} of ConfigMap nightly.jobrun must be a JSON object, which the record of a run is kept as, got ${shown}`,
    );
  });

  test("[U] of somebody else is no record", () => {
    expect(() => readRecord(bare)).toThrow("ConfigMap theirs has no key spec.json: it is not the record of a run");
  });
});

describe("owners", () => {
  test("[U] are read back from what they marked", () => {
    for (const object of [toRecord(runSpec(), options), toDefinition("report", { image: "a" }, owner)])
      expect(ownerOf(object)).toEqual(owner);
  });

  test("[U] objects that were not made here have none", () => {
    expect(ownerOf(bare)).toBeUndefined();
    const half = { "pulumi-jobrun/project": "shop", "pulumi-jobrun/stack": "dev" };
    expect(ownerOf({ ...bare, metadata: { ...bare.metadata, annotations: half } })).toBeUndefined();
  });

  test.each([
    [owner, true],
    [{ ...owner, project: "other" }, false],
    [{ ...owner, stack: "other" }, false],
    [{ ...owner, resource: "other" }, false],
    [undefined, false],
  ])("[U] whether %j is the same: %s", (other, same) => {
    expect(sameOwner(other, owner)).toBe(same);
  });

  test.each([
    ["record-uid", true],
    ["another", false],
  ])("[U] an object hangs on the owner of the UID %s: %s", (uid, owned) => {
    const references = [{ apiVersion: "v1", kind: "ConfigMap", name: "x", uid: "record-uid" }];
    const object = { ...bare, metadata: { ...bare.metadata, ownerReferences: references } };
    expect(isOwnedBy(object, { metadata: { uid } })).toBe(owned);
    expect(isOwnedBy(bare, { metadata: { uid } })).toBe(false);
  });
});
