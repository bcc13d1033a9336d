import { readLogsSecret, secretOutputsOf, toLogsSecret } from "../../../../provider/core/manifest/logs";
import { toRecord } from "../../../../provider/core/manifest/record";
import type { EnvVar } from "../../../../provider/core/spec/types";
import type { Secret } from "../../../../provider/core/kube/types";
import { carrierOf, owner, runSpec } from "../../support/specs";
import { seen } from "../../support/cluster";

const spec = runSpec({ arraySize: 2 });
const bare = toRecord(spec, { owner, carrier: carrierOf(spec) });
const record = { ...bare, metadata: { ...bare.metadata, uid: "record-uid" } };
const logs = { 0: "ä\nb", 1: "" };

describe("the Secret with the captured logs", () => {
  test("[U] belongs to the run, and goes with it", () => {
    expect(toLogsSecret(spec, record, logs)).toMatchObject({
      kind: "Secret",
      immutable: true,
      metadata: {
        name: "nightly.logs",
        labels: { "pulumi-jobrun/run": "nightly", "pulumi-jobrun/run-uid": "record-uid", "pulumi-jobrun/kind": "run" },
        ownerReferences: [{ kind: "ConfigMap", name: "nightly.jobrun", uid: "record-uid" }],
      },
    });
  });

  test("[U] is another one for each attempt of the run", () => {
    const resumed = { ...spec, resumed: { attempt: 2, indices: "1", before: seen(spec, {}).statusDetails } };
    expect(toLogsSecret(resumed, record, logs).metadata.name).toBe("nightly.logs-2");
  });

  test("[U] gives back what was put in, and nothing to another run of the name", () => {
    const secret: Secret = toLogsSecret(spec, record, logs);
    expect(readLogsSecret(secret, record)).toEqual(logs);
    expect(readLogsSecret(secret, { ...record, metadata: { ...record.metadata, uid: "other" } })).toBeUndefined();
  });
});

describe("captured logs are secret", () => {
  const ofSecret: EnvVar = { name: "A", valueFrom: { secretKeyRef: { name: "nightly.jobrun", key: "A" } } };
  const ofOther: EnvVar = { name: "A", valueFrom: { secretKeyRef: { name: "else", key: "A" } } };
  test.each<[boolean, string, EnvVar[], string[]]>([
    [false, "nothing is", [{ name: "A", value: "a" }], []],
    [false, "only the kubeconfig is, which no program gets", [], ["connection.kubeconfig"]],
    [false, "another Secret is referred to, whose values are not ours", [ofOther], []],
    [true, "a variable is", [{ name: "A", value: "a", secret: true }], ["env[0].value"]],
    [true, "a variable was when the record was written", [ofSecret], []],
    [true, "another field is", [], ["args[0]"]],
    [true, "a field of the job is", [], ["jobDefinition.args[0]"]],
  ])("[U] %s when %s", (secret, _title, env, paths) => {
    expect(secretOutputsOf(runSpec({ env }), paths)).toEqual(secret ? ["capturedLogs"] : []);
  });
});
