import type { Deployment, KubeObject } from "../../../../provider/core/kube/types";
import { repairOf, toSettlePatch } from "../../../../provider/core/manifest/repair";
import { condition } from "../../support/cluster";
import { runObjects } from "../../support/objects";
import { runSpec } from "../../support/specs";

const NOW = "2026-01-05T12:00:00Z";
type Said = Parameters<typeof runSpec>[0];

/** The Job or first Deployment of a run. */
function workload(said: Said): KubeObject {
  const found = runObjects(runSpec(said)).find(({ kind }) => kind === "Job" || kind === "Deployment");
  if (found === undefined) throw new Error("the run has no workload");
  return found;
}

const daemon = (said: Said = {}): Deployment => workload({ mode: "daemon", ...said });

/** The Deployment as it is in the cluster, with what others have done to it. */
const live = (said: { annotations?: Record<string, string>; replicas?: number; restartedAt?: string } = {}) => {
  const object = daemon();
  const { metadata, spec } = structuredClone(object);
  const { template } = spec ?? {};
  const restart = said.restartedAt === undefined ? {} : { "kubectl.kubernetes.io/restartedAt": said.restartedAt };
  const podMetadata = { ...template?.metadata, annotations: { ...template?.metadata?.annotations, ...restart } };
  return {
    ...object,
    metadata: {
      ...metadata,
      uid: "uid-1",
      annotations: { ...metadata.annotations, "deployment.kubernetes.io/revision": "4", ...said.annotations },
    },
    spec: { ...spec, replicas: said.replicas ?? 1, template: { ...template, metadata: podMetadata } },
  } as Deployment;
};

const settled = { "pulumi-jobrun/settled": NOW };

describe("the Deployment of an index", () => {
  test.each<[string, Deployment, Said]>([
    ["is as wanted", live(), {}],
    ["has been restarted by kubectl", live({ restartedAt: NOW }), {}],
    ["has ended on purpose and was settled", live({ annotations: settled, replicas: 0 }), {}],
    ["belongs to an array that has grown since", live(), { arraySize: 5 }],
  ])("[U] that %s is left alone", (_title, found, said) => {
    expect(repairOf(found, daemon(said), NOW)).toBeUndefined();
  });

  test.each<[string, Said]>([
    ["the image", { image: "app:2" }],
    ["the command", { command: ["run"] }],
    ["a variable", { env: [{ name: "A", value: "b" }] }],
    ["the size that the user makes up", { arraySizeVariable: 7 }],
    ["the memory", { memory: "1G" }],
  ])("[U] is replaced when %s changes", (_title, said) => {
    const wanted = daemon(said);
    expect(repairOf(live(), wanted, NOW)).toMatchObject({ replace: { metadata: { uid: "uid-1" }, spec: wanted.spec } });
  });

  test("[U] keeps what others have written on it", () => {
    const found = live({ restartedAt: "2026-01-01T00:00:00Z", annotations: { mine: "yes" } });
    expect(repairOf(found, daemon({ image: "app:2" }), NOW)).toMatchObject({
      replace: {
        metadata: { annotations: { mine: "yes", "deployment.kubernetes.io/revision": "4" } },
        spec: {
          template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z" } } },
        },
      },
    });
  });

  test("[U] that has ended on purpose starts again when what it runs has changed", () => {
    const repair = repairOf(live({ annotations: settled, replicas: 0 }), daemon({ image: "app:2" }), NOW);
    expect(repair).toMatchObject({ replace: { spec: { replicas: 1 } } });
    expect(JSON.stringify(repair)).not.toContain("pulumi-jobrun/settled");
  });

  test("[U] that somebody scaled to zero is scaled back", () => {
    expect(repairOf(live({ replicas: 0 }), daemon(), NOW)).toEqual({ patch: { spec: { replicas: 1 } } });
  });

  test("[U] that was refused pods is woken from its back-off", () => {
    const found = { ...live(), status: { conditions: [condition("ReplicaFailure", { reason: "FailedCreate" })] } };
    expect(repairOf(found, daemon(), NOW)).toEqual({
      patch: { metadata: { annotations: { "pulumi-jobrun/nudge": NOW } } },
    });
  });

  test("[U] that is well again is not", () => {
    const found = { ...live(), status: { conditions: [{ type: "ReplicaFailure", status: "False" }] } };
    expect(repairOf(found, daemon(), NOW)).toBeUndefined();
  });

  test("[U] is settled by a patch that says when", () => {
    expect(toSettlePatch(NOW)).toEqual({ metadata: { annotations: settled }, spec: { replicas: 0 } });
  });
});

describe("the Job of a task", () => {
  const job = (said: Said = {}): KubeObject => workload(said);

  test("[U] takes a longer time limit while it runs", () => {
    const repair = { patch: { spec: { activeDeadlineSeconds: 9_000 } } };
    expect(repairOf(job(), job({ maxExecutionTime: 9_000 }), NOW)).toEqual(repair);
  });

  test.each<[string, KubeObject, Said]>([
    ["a shorter time limit", job(), { maxExecutionTime: 60 }],
    ["the same", job(), {}],
    ["another image: that is another run", job(), { image: "app:2" }],
    [
      "a longer one when it has ended",
      { ...job(), ...{ status: { conditions: [condition("Failed")] } } },
      { maxExecutionTime: 9_000 },
    ],
  ])("[U] does not take %s", (_title, found, said) => {
    expect(repairOf(found, job(said), NOW)).toBeUndefined();
  });
});
