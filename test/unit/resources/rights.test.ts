import { type Kind, pathOf } from "../../../provider/cluster/kinds";
import { annotation, label } from "../../../provider/core/kube/labels";
import { optionalRights, type Purpose, requiredRights } from "../../../provider/core/kube/neededRights";
import type { Right } from "../../../provider/core/kube/rights";
import type { ConfigMap } from "../../../provider/core/kube/types";
import type { JobInputs, JobRunInputs } from "../../../provider/core/spec/types";
import type { State } from "../../../provider/resources/contract";
import { jobHooks } from "../../../provider/resources/job";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { requireRights } from "../../../provider/resources/rights";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, endJob, endWhenFollowed, hookContext, initFailureOf, runInputs } from "./support";

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});

const jobs = () => jobHooks(clustersOf(cluster));
const runs = () => jobRunHooks(clustersOf(cluster));
const context = () => hookContext();
const secret = { name: "TOKEN", value: "S3CRET", secret: true } as const;
const jobInputs = (said: Partial<JobInputs> = {}): JobInputs => ({ name: "report", image: "app:1", ...said });

describe("before anything is created", () => {
  const missingRules =
    'user "ci" must have more rights in namespace jobs for WHAT, and nothing was done; add these rules to a Role that is bound to it there (docs/rbac.md of pulumi-jobrun says what each is for):\n';

  test("[U] all rights that a run lacks are told", async () => {
    for (const right of ["create configmaps", "create jobs", "patch jobs", "deletecollection pods"])
      cluster.lacks.add(right);
    await expect(runs().create(context(), runInputs())).rejects.toThrow(
      `${missingRules.replace("WHAT", "a task run")}${[
        '- {apiGroups: [""], resources: ["configmaps"], verbs: ["create"]}',
        '- {apiGroups: [""], resources: ["pods"], verbs: ["deletecollection"]}',
        '- {apiGroups: ["batch"], resources: ["jobs"], verbs: ["create", "patch"]}',
      ].join("\n")}`,
    );
    expect(cluster.names).toEqual([]);
  });

  test("[U] all rights that a job lacks are told", async () => {
    for (const right of ["patch configmaps", "get secrets"]) cluster.lacks.add(right);
    await expect(jobs().create(context(), jobInputs())).rejects.toThrow(
      `${missingRules.replace("WHAT", "a job")}${[
        '- {apiGroups: [""], resources: ["configmaps"], verbs: ["patch"]}',
        '- {apiGroups: [""], resources: ["secrets"], verbs: ["get"]}',
      ].join("\n")}`,
    );
    expect(cluster.names).toEqual([]);
  });

  test("[U] the rights of the run's own mode count, which its job may have set", async () => {
    await jobs().create(context(), jobInputs({ mode: "daemon" }));
    cluster.lacks.add("create deployments").add("create jobs");
    const byName = runInputs({ job: "report", image: undefined } as never);
    await expect(runs().create(context(), byName)).rejects.toThrow(
      /for a daemon run.*:\n- \{apiGroups: \["apps"\], resources: \["deployments"\], verbs: \["create"\]\}$/,
    );
    expect(cluster.names).toEqual(["ConfigMap report.job"]);
  });

  test("[U] an update of a job touches nothing either", async () => {
    const { state } = await jobs().create(context(), jobInputs());
    cluster.lacks.add("create secrets");
    await expect(jobs().update(context(), state, jobInputs({ env: [secret] }))).rejects.toThrow(
      'resources: ["secrets"]',
    );
    expect(cluster.calls.filter((call) => call.startsWith("replace"))).toEqual([]);
  });

  test("[U] a run that is still to be completed is not gone on with", async () => {
    cluster.refuse("create Job", 403, "Forbidden");
    const { state } = (await initFailureOf<JobRunInputs>(runs().create(context(), runInputs()))).created;
    cluster.lacks.add("create jobs");
    await expect(runs().update(context(), state, runInputs())).rejects.toThrow("must have more rights");
    expect(cluster.names).toEqual(["ConfigMap nightly.jobrun"]);
  });
});

describe("a right that is missing for a detail", () => {
  const place = () => ({ client: cluster, namespace: "jobs" });

  test("[U] is told once, and is no obstacle", async () => {
    cluster.lacks.add("get pods/log").add("watch pods");
    const [first, second] = [hookContext(), hookContext()];
    for (const { log } of [first, second]) await requireRights(place(), log, "task");
    expect([...first.warnings, ...second.warnings]).toEqual([
      expect.stringMatching(
        /namespace jobs.*\n- \{apiGroups: \[""\], resources: \["pods"\], verbs: \["watch"\]\}: what single indices do.*\n- \{apiGroups: \[""\], resources: \["pods\/log"\], verbs: \["get"\]\}: the last log lines/,
      ),
    ]);
  });

  test("[U] is told again of another namespace", async () => {
    cluster.lacks.add("list events");
    const { log, warnings } = hookContext();
    await requireRights(place(), log, "task");
    await requireRights({ ...place(), namespace: "others" }, log, "task");
    expect(warnings).toHaveLength(2);
  });

  test("[U] is no matter of a job, which has no pods", async () => {
    cluster.lacks.add("list pods").add("list events");
    const { log, warnings } = hookContext();
    await requireRights(place(), log, "job");
    expect(warnings).toEqual([]);
  });

  test("[U] is an obstacle for a daemon where only it says that the daemon runs", async () => {
    cluster.lacks.add("list pods");
    await expect(requireRights(place(), hookContext().log, "daemon")).rejects.toThrow(
      'resources: ["pods"], verbs: ["list"]',
    );
  });
});

const verbs: Readonly<Record<string, string>> = { replace: "update", deleteAll: "deletecollection", dryRun: "create" };

function rightOf(verb: string, kind: Kind): string {
  const [, , group = "", , , , resource = ""] = pathOf(kind, "jobs").replace("/api/v1", "/apis//v1").split("/");
  return `${verbs[verb] ?? verb} ${group}/${resource}`;
}

/** What the calls need: a follower lists and watches. Nodes are asked for, and done without. */
function used(): string[] {
  const calls = cluster.calls
    .map((call) => call.split(" "))
    .filter(([verb = "", kind]) => !["follow", "close"].includes(verb) && kind !== "Node")
    .map(([verb = "", kind = ""]) => rightOf(verb, kind as Kind));
  const feeds = [...cluster.followed].flatMap((kind) => [rightOf("list", kind), rightOf("watch", kind)]);
  return [...new Set([...calls, ...feeds])].toSorted();
}

const told = (rights: readonly Right[]): string[] =>
  rights.map(({ verb, apiGroup, resource }) => `${verb} ${apiGroup}/${resource}`).toSorted();

/** What the fake cluster sees of the optional ones: nobody reads logs or events by it. */
const followed = (purpose: Purpose): Right[] =>
  optionalRights(purpose).flatMap(({ rights }) => rights.filter(({ resource }) => resource === "pods"));

/** A removal looks whether Deployments are left where it may, also of a task, which has none; and for what a killed `up` has begun. */
const looksFor = (purpose: Purpose): string[] => [
  rightOf("list", "ConfigMap"),
  ...(purpose === "task" ? [rightOf("list", "Deployment")] : []),
];

describe("a user who may not list pods", () => {
  test("[U] waits for a task by its Job alone, and removes it without a look at pods", async () => {
    cluster.lacks.add("list pods");
    const told = context();
    endWhenFollowed(cluster, { success: true });
    const { state } = await runs().create(told, runInputs());
    await runs().delete(told, state);
    expect([...cluster.followed]).toEqual(["Job"]);
    expect(cluster.names).toEqual([]);
    expect(told.warnings).toEqual([
      expect.stringContaining('resources: ["pods"]'),
      "is removed without a look at its pods, which may take a while to end: they may not be listed",
    ]);
  });
});

describe("the rights that are asked for", () => {
  test("[U] are exactly those that the life of a job takes", async () => {
    await jobs().create(context(), jobInputs());
    unacknowledge("report.job");
    const { state } = await jobs().create(context(), jobInputs({ orphanRuns: true }));
    const withSecret = jobInputs({ env: [secret], orphanRuns: true });
    const updated = await jobs().update(context(), state, withSecret);
    const again = await jobs().update(context(), updated, withSecret);
    const last = await jobs().update(context(), again, jobInputs({ orphanRuns: true }));
    cluster.put(recordOf(last.hidden.uid));
    await jobs().read(context(), last);
    await jobs().delete(context(), last);
    expect(used()).toEqual(told(requiredRights("job")));
  });

  test.each([
    ["task", { mode: "task" }, "Job nightly"],
    ["daemon", { mode: "daemon" }, "Deployment nightly-0"],
    ["daemonOnJobs", { mode: "daemon", backend: "job" }, "Job nightly"],
  ] as const)("[U] are exactly those that the life of a run takes: %s", async (purpose, mode, workload) => {
    await jobs().create(context(), jobInputs({ env: [secret], mode: mode.mode }));
    const inputs = (said: Partial<JobRunInputs> = {}): JobRunInputs =>
      runInputs({ job: "report", image: undefined, ...mode, wait: { until: "nothing" }, ...said } as never);
    leaveBehind(workload);
    cluster.calls.length = 0;
    await runs().create(context(), inputs());
    unacknowledge("nightly.jobrun");
    const { state } = await runs().create(context(), inputs());
    const revised = await revise(state, purpose, inputs);
    if (purpose !== "daemon") endJob(cluster, { success: true });
    await runs().read(context(), revised);
    await runs().delete(context(), revised);
    expect(used()).toEqual(
      [...told([...requiredRights(purpose), ...followed(purpose)]), ...looksFor(purpose)].toSorted(),
    );
  });
});

/** What an earlier run of the name has left, and the garbage collector has not come to yet. */
function leaveBehind(workload: string): void {
  const labels = { [label.run]: "nightly", [label.runUid]: "old" };
  for (const object of [workload, "Secret nightly.jobrun"]) {
    const [kind = "", name = ""] = object.split(" ");
    cluster.put({ apiVersion: "v1", kind, metadata: { name, labels } });
  }
}

/** Changes what a run takes up in place. */
async function revise(
  state: State<JobRunInputs>,
  purpose: Purpose,
  inputs: (said: Partial<JobRunInputs>) => JobRunInputs,
): Promise<State<JobRunInputs>> {
  if (purpose === "task") return runs().update(context(), state, inputs({ maxExecutionTime: 9_999 }));
  const changed = await runs().update(context(), state, inputs({ command: ["true"], arraySize: 2 }));
  const name = "nightly-1";
  if (purpose === "daemon") cluster.put({ ...cluster.object("Deployment", name), ...{ spec: { replicas: 0 } } });
  return runs().update(context(), changed, inputs({ command: ["true"], arrayIndices: "1" }));
}

const recordOf = (uid: string): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: {
    name: "nightly.jobrun",
    labels: { [label.kind]: "run", [label.job]: "report" },
    ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "report.job", uid }],
  },
});

/** As if the engine had been killed before it was told. */
function unacknowledge(name: string): void {
  const found = cluster.object("ConfigMap", name);
  const { [annotation.acknowledged]: _mark, ...annotations } = found.metadata.annotations ?? {};
  cluster.put({ ...found, metadata: { ...found.metadata, annotations } });
}
