import { editsOf } from "../../../../provider/core/manifest/edits";
import { repairOf } from "../../../../provider/core/manifest/repair";
import type { JobRunInputs } from "../../../../provider/core/spec/types";
import { condition } from "../../support/cluster";
import { app, type Change, drift, edited, full, inContainer, inPod, made, setEnv } from "../../support/edited";
import { writtenByUs } from "../../support/managedFields";

describe("no change of anybody's", () => {
  const quietly: readonly [what: string, inputs: JobRunInputs, change: Change, by?: string][] = [
    ["nothing", full, () => undefined],
    [
      "defaults of the server",
      full,
      inContainer((c) => Object.assign(c, { terminationMessagePath: "/dev/x" })),
      "kube-apiserver",
    ],
    [
      "a restart by kubectl",
      full,
      ({ spec }) => (spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"] = "now"),
      "kubectl-rollout",
    ],
    [
      "a label more",
      full,
      ({ metadata, spec }) => (metadata.labels["mesh"] = spec.template.metadata.labels["mesh"] = "on"),
    ],
    [
      "an annotation more",
      full,
      ({ metadata, spec }) => (metadata.annotations["x"] = spec.template.metadata.annotations["x"] = "y"),
    ],
    ["a sidecar", full, inPod((p) => p.containers.push({ ...p.containers[0], name: "mesh-proxy" }))],
    ["a volume more", full, inPod((p) => p.volumes?.push({ name: "certificates", emptyDir: {} }))],
    ["a variable that a controller has added", full, setEnv("STAMP", { value: "x" }), "reloader"],
    ["nodes that a controller has chosen", app, inPod((p) => (p.nodeSelector = { zone: "a" })), "queue"],
    [
      "a Job that a queue has suspended",
      { image: "app:1" },
      ({ spec }) => Object.assign(spec, { suspend: true, parallelism: 0 }),
      "kueue",
    ],
    ["a Job that somebody has suspended", { image: "app:1" }, ({ spec }) => (spec.suspend = true)],
    ["nodes that a queue has chosen", { image: "app:1" }, inPod((p) => (p.nodeSelector = { zone: "a" })), "kueue"],
    [
      "a Job that has ended",
      { image: "app:1" },
      (job) =>
        Object.assign(job, {
          spec: { ...job.spec, activeDeadlineSeconds: 1 },
          status: { conditions: [condition("Complete")] },
        }),
    ],
  ];

  test.each(quietly)(
    "[U] is %s: nothing differs, and nothing is put back",
    (_what, inputs, change, by = "kubectl-edit") => {
      expect(drift({ inputs, change, by })).toBeUndefined();
      for (const { wanted, found } of edited({ inputs, change, by }))
        expect(repairOf(found, wanted, "2026-01-05T12:00:00Z")).toBeUndefined();
    },
  );

  const ours: readonly [what: string, change: Change][] = [
    ["has changed requests", inContainer((c) => (c.resources.requests["cpu"] = "50m"))],
    ["has changed the image to a mirror's", inContainer((c) => (c.image = "mirror/app:1"))],
    ["has written quantities in another way", inContainer((c) => (c.resources.limits["memory"] = "4000M"))],
    ["has kept the size that an array had when it was made", setEnv("JOB_ARRAY_SIZE", { value: "9" })],
  ];

  test.each(ours)("[U] is that what we have written %s: by a webhook, or by ourselves before", (_what, change) => {
    const [wanted] = made(full);
    if (wanted === undefined) throw new Error("there is no Deployment");
    const changed = structuredClone(wanted);
    change(changed);
    const found = writtenByUs(changed);
    expect(editsOf(found, wanted)).toEqual([]);
  });

  test("[U] is what an earlier version has not written", () => {
    const [wanted] = made(full);
    if (wanted === undefined) throw new Error("there is no Deployment");
    const older = structuredClone(wanted);
    older.metadata.annotations["pulumi-jobrun/revision"] = "older";
    delete older.spec.template.spec.terminationGracePeriodSeconds;
    expect(editsOf(writtenByUs(older), wanted)).toEqual([]);
  });

  test("[U] is known where somebody has cleared the account of who wrote what", () => {
    const [wanted] = made(full);
    if (wanted === undefined) throw new Error("there is no Deployment");
    const found = structuredClone(wanted);
    found.spec.template.spec.containers[0].image = "app:hand";
    expect(editsOf(found, wanted)).toEqual([]);
  });
});
