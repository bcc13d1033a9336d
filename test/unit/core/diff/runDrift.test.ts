import { runDrift } from "../../../../provider/core/diff/runDrift";
import { editsOf, mended } from "../../../../provider/core/manifest/edits";
import { repairOf } from "../../../../provider/core/manifest/repair";
import { runSpec } from "../../../../provider/core/spec/jobRun";
import type { JobRunInputs } from "../../../../provider/core/spec/types";
import {
  app,
  type Case,
  type Change,
  type Draft,
  drift,
  edited,
  full,
  inContainer,
  inPod,
  made,
  setEnv,
} from "../../support/edited";
import { editedBy, writtenByUs } from "../../support/managedFields";

const edits: readonly [
  what: string,
  inputs: JobRunInputs,
  change: Change,
  live: Record<string, unknown>,
  told: string,
][] = [
  ["the image", app, inContainer((c) => (c.image = "app:hand")), { image: "app:hand" }, "image"],
  ["the command", full, inContainer((c) => (c.command = ["walk", "x"])), { command: ["walk", "x"] }, "command"],
  ["a command where there was none", app, inContainer((c) => (c.command = ["walk"])), { command: ["walk"] }, "command"],
  ["the arguments, away", full, inContainer((c) => delete c.args), { args: null }, "args"],
  [
    "the pull policy",
    { ...app, imagePullPolicy: "Always" },
    inContainer((c) => (c.imagePullPolicy = "Never")),
    { imagePullPolicy: "Never" },
    "imagePullPolicy",
  ],
  [
    "a variable",
    full,
    setEnv("A", { value: "2" }),
    { env: [{ name: "A", value: "2" }, ...(full.env?.slice(1) ?? [])] },
    "env A",
  ],
  [
    "a variable's value to a reference",
    full,
    setEnv("A", { valueFrom: { secretKeyRef: { name: "s", key: "k" } } }),
    { env: [{ name: "A", valueFrom: { secretKeyRef: { name: "s", key: "k" } } }, ...(full.env?.slice(1) ?? [])] },
    "env A",
  ],
  [
    "a variable's reference",
    full,
    setEnv("B", { valueFrom: { configMapKeyRef: { name: "other", key: "b" } } }),
    { env: [full.env?.[0], { name: "B", valueFrom: { configMapKeyRef: { name: "other", key: "b" } } }, full.env?.[2]] },
    "env B",
  ],
  ["a variable, away", full, setEnv("B", undefined), { env: [full.env?.[0], full.env?.[2]] }, "env B"],
  [
    "a variable that is new",
    full,
    setEnv("DEBUG", { value: "1" }),
    { env: [...(full.env ?? []), { name: "DEBUG", value: "1" }] },
    "env DEBUG",
  ],
  [
    "what variables come from",
    full,
    inContainer((c) => (c.envFrom = [{ secretRef: { name: "less" } }])),
    { envFrom: [{ secretRef: { name: "less" } }] },
    "envFrom",
  ],
  ["a limit", full, inContainer((c) => (c.resources.limits["cpu"] = "2")), { cpu: "2" }, "cpu"],
  ["a request", full, inContainer((c) => (c.resources.requests["memory"] = "1G")), { memory: "1G" }, "memory"],
  [
    "a mount",
    full,
    inPod(({ volumes = [] }) => (volumes[0] = { name: "mount-0", persistentVolumeClaim: { claimName: "other" } })),
    { mounts: [{ mountPath: "/data", persistentVolumeClaim: "other" }, full.mounts?.[1]] },
    "mounts mount-0",
  ],
  [
    "a mount, away",
    full,
    inContainer((c) => void c.volumeMounts?.shift()),
    { mounts: [full.mounts?.[1]] },
    "mounts /data",
  ],
  [
    "the user",
    full,
    inContainer((c) => (c.securityContext = { ...c.securityContext, runAsUser: 0 })),
    { runAsUser: 0 },
    "runAsUser",
  ],
  [
    "the Pod Security standard",
    full,
    inContainer((c) => delete c.securityContext?.["runAsNonRoot"]),
    { podSecurity: "baseline" },
    "podSecurity",
  ],
  [
    "a label",
    full,
    ({ metadata }) => (metadata.labels["team"] = "b"),
    { labels: { team: "b", tier: "x" } },
    "labels team",
  ],
  [
    "a label of the pods",
    full,
    ({ spec }) => delete spec.template.metadata.labels["tier"],
    { labels: { team: "a" } },
    "labels tier",
  ],
  [
    "an annotation",
    full,
    ({ spec }) => (spec.template.metadata.annotations["note"] = "m"),
    { annotations: { note: "m" } },
    "annotations note",
  ],
  [
    "the nodes",
    full,
    inPod((p) => (p.nodeSelector = { disk: "ssd", zone: "a" })),
    { nodeSelector: { disk: "ssd", zone: "a" } },
    "nodeSelector",
  ],
  [
    "nodes where there were none",
    app,
    inPod((p) => (p.nodeSelector = { zone: "a" })),
    { nodeSelector: { zone: "a" } },
    "nodeSelector",
  ],
  ["the tolerations", full, inPod((p) => (p.tolerations = [])), { tolerations: [] }, "tolerations"],
  [
    "the account",
    full,
    inPod((p) => (p.serviceAccountName = "root")),
    { serviceAccountName: "root" },
    "serviceAccountName",
  ],
  [
    "the pull secrets",
    full,
    inPod((p) => (p.imagePullSecrets = [{ name: "other" }])),
    { imagePullSecrets: ["other"] },
    "imagePullSecrets",
  ],
  [
    "the grace period",
    full,
    inPod((p) => (p.terminationGracePeriodSeconds = 99)),
    { terminationGracePeriodSeconds: 99 },
    "terminationGracePeriodSeconds",
  ],
  ["the scale, to zero", app, ({ spec }) => (spec.replicas = 0), { arrayIndices: "" }, "replicas (0)"],
  ["the scale, upwards", app, ({ spec }) => (spec.replicas = 3), {}, "replicas (3)"],
  ["a pause", app, ({ spec }) => (spec.paused = true), {}, "spec.paused"],
  ["the strategy", app, ({ spec }) => (spec.strategy = { type: "RollingUpdate" }), {}, "spec.strategy.type"],
  [
    "a variable that every run sets",
    app,
    setEnv("JOB_INDEX", { value: "7" }),
    {},
    "spec.template.spec.containers[nightly].env[JOB_INDEX]",
  ],
  [
    "the container that holds the pod",
    app,
    inPod((p) => ((p.containers[1] ?? p.containers[0]).image = "other")),
    {},
    "spec.template.spec.containers[keep-alive].image",
  ],
  [
    "the time limit of a task",
    { image: "app:1", maxExecutionTime: 600 },
    ({ spec }) => (spec.activeDeadlineSeconds = 60),
    { maxExecutionTime: 60 },
    "maxExecutionTime",
  ],
  [
    "the time limit of a task, away",
    { image: "app:1" },
    ({ spec }) => delete spec.activeDeadlineSeconds,
    { maxExecutionTime: null },
    "maxExecutionTime",
  ],
  [
    "how long a task is kept, while it runs",
    { image: "app:1" },
    ({ spec }) => (spec.ttlSecondsAfterFinished = 5),
    { retention: 5 },
    "retention",
  ],
];

describe("somebody's change", () => {
  test.each(edits)("[U] of %s shows as the input's live value, and in words", (_what, inputs, change, live, told) => {
    expect(drift({ inputs, change })).toEqual({ live, told });
  });

  test.each(edits)("[U] of %s is put back, and all is as it was made", (_what, inputs, change) => {
    for (const { wanted, found } of edited({ inputs, change })) {
      const repair = repairOf(found, wanted, "2026-01-05T12:00:00Z");
      if (repair === undefined) throw new Error("nothing is put back");
      const again = "replace" in repair ? (repair.replace as Draft) : mended(found, wanted, editsOf(found, wanted));
      const { managedFields: _fields, ...metadata } = again.metadata;
      const { template } = again.spec;
      const revision = wanted.spec.template.metadata.annotations["pulumi-jobrun/revision"] ?? "";
      const isRolled = JSON.stringify(template) !== JSON.stringify(wanted.spec.template);
      const live = template.metadata.annotations["pulumi-jobrun/revision"];
      // What was made of the change is told from what is made now.
      if (isRolled) expect(live).toMatch(new RegExp(`^${revision}-`));
      if (revision !== "") template.metadata.annotations["pulumi-jobrun/revision"] = revision;
      const scaled = "patch" in repair && wanted.kind === "Deployment" ? { replicas: 1 } : {};
      expect({ ...again, metadata, spec: { ...again.spec, ...scaled } }).toEqual(wanted);
    }
  });

  test("[U] of several indices shows the first one's value, and the words name all", () => {
    const inputs = { ...app, arrayIndices: "2-4" };
    const pairs = made(inputs).map((wanted, i) => {
      const change = inContainer((container) => (container.image = `app:hand-${i}`));
      const written = writtenByUs(wanted);
      return { wanted, found: i === 0 ? written : editedBy("kubectl-set", written, change) };
    });
    const last = pairs.at(-1);
    if (last) last.found = editedBy("kubectl-scale", last.found, ({ spec }) => (spec.replicas = 0));
    const spec = runSpec({ name: "nightly", ...inputs });
    expect(runDrift({ inputs, spec, lostSecrets: [] }, pairs)).toEqual({
      live: { image: "app:hand-1", arrayIndices: "2-3" },
      told: "image of index 3-4; replicas (0) of index 4",
    });
  });

  test("[U] that removes the Deployment of an index shows as an index less", () => {
    const inputs = { ...app, arraySize: 3 };
    const pairs = made(inputs).map((wanted, i) => ({ wanted, found: i === 1 ? undefined : writtenByUs(wanted) }));
    const spec = runSpec({ name: "nightly", ...inputs });
    expect(runDrift({ inputs, spec, lostSecrets: [] }, pairs)).toEqual({
      live: { arrayIndices: "0,2" },
      told: "replicas (0) of index 1",
    });
  });
});

describe("what the run has from its job", () => {
  const ofJob: JobRunInputs = {
    mode: "daemon",
    job: "report",
    jobDefinition: { image: "app:1", env: [{ name: "A", value: "1" }], labels: { team: "a" } },
    env: [{ name: "B", value: "2" }],
  };

  test.each<[string, Change, object]>([
    ["the image", inContainer((c) => (c.image = "app:hand")), { image: "app:hand" }],
    [
      "a variable",
      setEnv("A", { value: "9" }),
      {
        env: [
          { name: "B", value: "2" },
          { name: "A", value: "9" },
        ],
      },
    ],
    ["a variable, away", setEnv("A", undefined), { env: [{ name: "B", value: "2" }, { name: "A" }] }],
    ["a label, away", ({ metadata }) => delete metadata.labels["team"], { labels: { team: "" } }],
  ])("[U] shows as the run's own when somebody has changed %s", (_what, change, live) => {
    expect(drift({ inputs: ofJob, change })?.live).toEqual(live);
  });
});

describe("a secret", () => {
  const inputs: JobRunInputs = {
    ...app,
    env: [{ name: "A", value: "1" }, { name: "TOKEN", value: "S3CRET", secret: true } as never],
  };

  test.each<[string, Omit<Case, "inputs">, string]>([
    [
      "another reference",
      { change: setEnv("TOKEN", { valueFrom: { secretKeyRef: { name: "x", key: "y" } } }) },
      "env TOKEN",
    ],
    ["a plain value", { change: setEnv("TOKEN", { value: "typed-by-hand" }) }, "env TOKEN"],
    ["no reference", { change: setEnv("TOKEN", undefined) }, "env TOKEN"],
    ["another value in the Secret", { change: () => undefined, lostSecrets: ["TOKEN"] }, "the secret values of TOKEN"],
  ])("[U] that has become %s is told in words, never with a value", (_what, said, told) => {
    const found = drift({ inputs, ...said });
    expect(found).toEqual({ live: { env: [{ name: "A", value: "1" }, { name: "TOKEN" }] }, told });
  });
});
