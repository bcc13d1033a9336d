import { toEnv } from "../../../../provider/core/manifest/env";
import { ownVariables } from "../../../../provider/core/kube/variables";
import { containers, runObjects, workloads } from "../../support/objects";
import { runSpec } from "../../support/specs";

const names = (said: Parameters<typeof workloads>[0]): string[] =>
  workloads(said).map(({ kind, metadata }) => `${kind} ${metadata.name}`);

describe("what carries a run", () => {
  test.each([
    [{}, ["Job nightly"]],
    [{ arraySize: 10_000 }, ["Job nightly"]],
    [{ arrayIndices: "0-4" }, ["Job nightly"]],
    [{ arrayIndices: "3" }, ["Job nightly-3"]],
    [{ arrayIndices: "0,2" }, ["Job nightly-0", "Job nightly-2"]],
    [{ arrayIndices: "1-2" }, ["Job nightly-1", "Job nightly-2"]],
    [{ mode: "daemon" }, ["Deployment nightly-0"]],
    [{ mode: "daemon", arraySize: 2 }, ["Deployment nightly-0", "Deployment nightly-1"]],
    [{ mode: "daemon", arrayIndices: "5,7" }, ["Deployment nightly-5", "Deployment nightly-7"]],
  ] as const)("[U] %j is carried by %j", (said, expected) => {
    expect(names(said)).toEqual(expected);
  });

  test.each([
    [{ arraySize: 3 }, { completions: 3, parallelism: 3 }],
    [{ arrayIndices: "7,9" }, { completions: 1, parallelism: 1 }],
    [{ retryLimit: 0 }, { backoffLimitPerIndex: 0 }],
    [{ retryLimit: 5 }, { backoffLimitPerIndex: 5 }],
    [{ maxExecutionTime: 60 }, { activeDeadlineSeconds: 60 }],
    [{}, { completionMode: "Indexed", backoffLimitPerIndex: 3, activeDeadlineSeconds: 7_200 }],
    [{ mode: "daemon" }, { replicas: 1, strategy: { type: "Recreate" } }],
  ] as const)("[U] %j gives its objects %j", (said, expected) => {
    for (const { spec } of workloads(said)) expect(spec).toMatchObject(expected);
  });

  test("[U] no Job is removed by itself before its result is recorded", () => {
    for (const said of [{}, { arrayIndices: "1,3" }])
      for (const { spec } of workloads(said)) expect(spec).not.toHaveProperty("ttlSecondsAfterFinished");
  });

  test("[U] a disruption does not use up a retry", () => {
    const rules = [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }];
    for (const { spec } of workloads({ arrayIndices: "0,2" }))
      expect(spec).toMatchObject({ podFailurePolicy: { rules } });
  });

  test("[U] a Deployment selects its own pods, and no other index's", () => {
    const all = workloads({ mode: "daemon", arraySize: 3 });
    const selectors = all.map(({ spec }) => JSON.stringify(spec.selector?.matchLabels));
    expect(new Set(selectors).size).toBe(3);
    for (const { spec } of all) expect(spec.template.metadata.labels).toMatchObject(spec.selector?.matchLabels ?? {});
  });

  test("[U] everything hangs on the record and is found by its UID", () => {
    const spec = runSpec({ arrayIndices: "0,2", env: [{ name: "A", value: "s", secret: true }] });
    const [record, ...rest] = runObjects(spec);
    expect(rest).toHaveLength(3);
    for (const { metadata } of rest) {
      expect(metadata.ownerReferences).toEqual([
        { apiVersion: "v1", kind: "ConfigMap", name: "nightly.jobrun", uid: record?.metadata.uid },
      ]);
      expect(metadata.labels).toMatchObject({ "pulumi-jobrun/run-uid": "record-uid", "pulumi-jobrun/run": "nightly" });
    }
  });
});

describe("containers", () => {
  test("[U] ask for as much as they may have, the keep-alive too", () => {
    const all = [...containers({ cpu: "250m" }), ...containers({ mode: "daemon" })];
    expect(all).toHaveLength(3);
    for (const { resources } of all) expect(resources.requests).toEqual(resources.limits);
    expect(all[0]?.resources.limits).toEqual({ cpu: "250m", memory: "4G", "ephemeral-storage": "400M" });
  });

  test.each([
    [{}, ["nightly"]],
    [{ job: "report" }, ["report"]],
    [{ mode: "daemon", job: "report" }, ["report", "keep-alive"]],
    [{ mode: "daemon", name: "keep-alive" }, ["keep-alive", "keep-alive-pod"]],
  ] as const)("[U] of %j are named %j", (said, expected) => {
    expect(containers(said).map(({ name }) => name)).toEqual(expected);
  });

  test("[U] of a daemon: the user's restarts after a failure only, and stands first", () => {
    const [user, keepAlive] = containers({ mode: "daemon" });
    expect(user).toMatchObject({ image: "app:1", restartPolicy: "OnFailure" });
    expect(keepAlive).not.toHaveProperty("restartPolicy");
  });

  test("[U] leave to the image what the user does not say", () => {
    const [container] = containers({ command: [], args: [] });
    expect(Object.keys(container ?? {})).toEqual(["name", "image", "env", "resources"]);
  });
});

describe("variables", () => {
  const env = (said: Parameters<typeof containers>[0]) => containers(said)[0]?.env ?? [];
  const mine = { name: "MINE", value: "$(HOSTNAME)" };

  test.each([
    ["task", {}],
    ["task", { job: "report", arrayIndices: "4" }],
    ["daemon", { job: "report" }],
  ] as const)("[U] of a %s with %j: ours come first, then HOSTNAME, then the user's", (mode, said) => {
    const all = env({ ...said, mode, env: [mine] }).map(({ name }) => name);
    const ours = all.slice(0, all.indexOf("HOSTNAME"));
    expect(ours.filter((name) => !ownVariables.has(name))).toEqual([]);
    expect(all.slice(ours.length)).toEqual(["HOSTNAME", "MINE"]);
    expect(new Set(all).size).toBe(all.length);
  });

  test("[U] what HOSTNAME is made of stands before it", () => {
    const all = env({});
    expect(all.find(({ name }) => name === "HOSTNAME")?.value).toBe("nightly-$(JOB_INDEX)-$(JOB_INDEX_RETRY_COUNT)");
    const names = all.map(({ name }) => name);
    expect(names.indexOf("JOB_INDEX")).toBeLessThan(names.indexOf("HOSTNAME"));
    expect(names.indexOf("JOB_INDEX_RETRY_COUNT")).toBeLessThan(names.indexOf("HOSTNAME"));
  });

  const literals = (said: Parameters<typeof containers>[0]) =>
    Object.fromEntries(env(said).flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));

  test("[U] of a task in one Job: index and retry come from the pod", () => {
    expect(literals({ arraySize: 5, retryLimit: 2 })).toEqual({
      JOB_ARRAY_SIZE: "5",
      JOB_MODE: "task",
      JOB_RETRY_LIMIT: "2",
      CE_JOBRUN: "nightly",
      CE_SUBDOMAIN: "jobs",
      HOSTNAME: "nightly-$(JOB_INDEX)-$(JOB_INDEX_RETRY_COUNT)",
    });
  });

  test("[U] that the configuration gives stand with ours; the user's own of the name beats them", () => {
    const platform = { CE_REGION: "eu-de", CE_PROJECT_ID: "p1" };
    const spec = { ...runSpec({ env: [{ name: "CE_PROJECT_ID", value: "mine" }] }), platform };
    const all = toEnv(spec, { namespace: "jobs" }).map(({ name, value }) => [name, value]);
    expect(all).toContainEqual(["CE_REGION", "eu-de"]);
    expect(all.filter(([name]) => name === "CE_PROJECT_ID")).toEqual([["CE_PROJECT_ID", "mine"]]);
    const names = all.map(([name]) => name);
    expect(names.indexOf("CE_REGION")).toBeLessThan(names.indexOf("HOSTNAME"));
  });

  test("[U] of a sparse task: the index is said, the size counts the indices", () => {
    expect(literals({ job: "report", arrayIndices: "3,7" })).toMatchObject({
      JOB_INDEX: "3",
      JOB_ARRAY_SIZE: "2",
      CE_JOB: "report",
    });
  });

  test("[U] of a daemon: no retry limit, and its retry count is always 0", () => {
    expect(literals({ mode: "daemon" })).toEqual({
      JOB_INDEX: "0",
      JOB_INDEX_RETRY_COUNT: "0",
      JOB_ARRAY_SIZE: "1",
      JOB_MODE: "daemon",
      CE_JOBRUN: "nightly",
      CE_SUBDOMAIN: "jobs",
      HOSTNAME: "nightly-$(JOB_INDEX)-$(JOB_INDEX_RETRY_COUNT)",
    });
  });

  test("[U] of the user are passed on as they are", () => {
    expect(env({ env: [mine, { name: "EMPTY" }] }).slice(-2)).toEqual([mine, { name: "EMPTY" }]);
  });
});
