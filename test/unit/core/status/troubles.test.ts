import { progressLine } from "../../../../provider/core/status/progress";
import {
  condition,
  daemonPod,
  ended,
  kubeJob,
  pod,
  running,
  seen,
  UNHEARD,
  unschedulable,
  waiting,
} from "../../support/cluster";
import { QUOTA, SECURITY, warning } from "../../support/events";
import { runSpec } from "../../support/specs";

type Observed = Parameters<typeof seen>[1];

const task = runSpec({ arraySize: 3, retryLimit: 2 });
const alive = { state: running() };
const DISRUPTED = { type: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI" };
const troubles = (observed: Observed, spec = task): string[] =>
  seen(spec, observed).troubles.map(({ indices, kind, class: own }) => `${indices} ${kind} ${own}`);

describe("instances with the same trouble", () => {
  test("[U] are told once, in the words of the first", () => {
    const stuck = (index: number) => pod(index, { state: waiting("CreateContainerConfigError", `words of ${index}`) });
    const view = seen(task, { pods: [stuck(2), stuck(0)] });
    expect(view.troubles).toMatchObject([{ indices: "0,2", message: "words of 0" }]);
    expect(progressLine(view, task)).toBe(
      "0/3 succeeded, 3 pending; indices 0,2: [CreateContainerConfigError] words of 0",
    );
  });

  test("[U] are told in the same words in whatever order two pods of an index come", () => {
    const stuck = (uid: string) => pod(0, { uid, state: waiting("CreateContainerConfigError", `words of ${uid}`) });
    const pods = [stuck("a"), stuck("b")];
    for (const order of [pods, pods.toReversed()])
      expect(seen(task, { pods: order }).troubles).toMatchObject([{ indices: "0", message: "words of a" }]);
  });

  test("[U] but another retry are told apart", () => {
    const crashed = (index: number, attempt: number) => pod(index, { attempt, state: ended(3) });
    expect(seen(task, { pods: [crashed(0, 0), crashed(1, 1), crashed(2, 0)] }).troubles).toMatchObject([
      { indices: "0,2", note: "retry 1 of 2" },
      { indices: "1", note: "retry 2 of 2" },
    ]);
  });
});

describe("an instance whose node is not heard of", () => {
  const pods = [pod(0, { ...alive, conditions: UNHEARD }), pod(1, alive)];

  test("[U] is unknown, and it is told which node does not answer", () => {
    const view = seen(task, { pods });
    expect(progressLine(view, task)).toBe(
      "0/3 succeeded, 1 running, 1 pending, 1 unknown; index 0: NodeNotReady, node-1 does not answer",
    );
    expect(view.troubles).toMatchObject([{ class: "retrying" }]);
  });

  test("[U] is no longer told of when another pod has taken its place", () => {
    const next = pod(0, { ...alive, uid: "next", created: 400 });
    expect(troubles({ pods: [...pods, next] })).toEqual([]);
  });

  test.each([
    ["is not ready itself", "ContainersReady", { status: "False" }],
    ["waits for a gate of somebody else's", "Ready", { reason: "ReadinessGatesNotReady" }],
  ])("[U] is not one whose program %s", (_words, type, said) => {
    const conditions = UNHEARD.map((each) => (each.type === type ? { ...each, ...said } : each));
    expect(troubles({ pods: [pod(0, { ...alive, conditions })] })).toEqual([]);
  });

  test("[U] is not one whose program has ended", () => {
    expect(troubles({ pods: [pod(0, { state: ended(0), conditions: UNHEARD })] })).toEqual([]);
  });
});

test("[U] what a person must mend is told before what is a matter of time", () => {
  const pods = [
    pod(0, { conditions: [unschedulable("no room")] }),
    pod(1, { state: ended(3) }),
    pod(2, { state: waiting("InvalidImageName") }),
  ];
  const expected = ["2 InvalidImageName configuration", "1 ContainerExitedCode3 retrying", "0 Unschedulable capacity"];
  expect(troubles({ pods })).toEqual(expected);
  expect(troubles({ pods: pods.toReversed() })).toEqual(expected);
});

describe("of a Job whose pods are refused only events tell:", () => {
  const refused = warning("job-all", "FailedCreate", { message: QUOTA, seconds: 10 });

  test.each<[string, Observed, string[]]>([
    ["every index without a pod", { events: [refused] }, ["0-2 FailedCreate capacity"]],
    ["no index that has one", { pods: [pod(0, alive), pod(1)], events: [refused] }, ["2 FailedCreate capacity"]],
    [
      "an index whose pod is being removed",
      { pods: [pod(0, alive), pod(1, alive), pod(2, { ...alive, deleting: true })], events: [refused] },
      ["2 FailedCreate capacity"],
    ],
    ["no other object's events", { events: [{ ...refused, involvedObject: { uid: "job-other" } }] }, []],
    ["nothing without events", {}, []],
    [
      "nothing of a Job that has ended",
      { jobs: [kubeJob({ conditions: [condition("Failed")] })], events: [refused] },
      [],
    ],
  ])("[U] %s", (_title, observed, expected) => {
    expect(troubles({ jobs: [kubeJob()], ...observed })).toEqual(expected);
  });

  test.each([
    ["that was tried before the refusal is refused", 12, ["0 FailedCreate capacity"]],
    ["that was tried since then waits for its next attempt", 10, ["0 ContainerExitedCode3 retrying"]],
  ])("[U] an index %s", (_title, seconds, expected) => {
    const pods = [pod(0, { state: ended(3, { finishedAt: "2026-01-05T12:00:11Z" }) }), pod(1, alive), pod(2, alive)];
    const events = [warning("job-all", "FailedCreate", { message: QUOTA, seconds })];
    expect(troubles({ jobs: [kubeJob()], pods, events })).toEqual(expected);
  });

  test("[U] a rule that has let a pod through since then refuses no more, a quota does", () => {
    const later = { jobs: [kubeJob()], pods: [pod(0, { ...alive, created: 20 })] };
    const event = (message: string) => warning("job-all", "FailedCreate", { message, seconds: 10 });
    expect(troubles({ ...later, events: [event(SECURITY)] })).toEqual([]);
    expect(troubles({ ...later, events: [event(QUOTA)] })).toEqual(["1-2 FailedCreate capacity"]);
  });

  test("[U] where each index has its own Job, each tells of its own", () => {
    const sparse = runSpec({ arrayIndices: "3,5,9" });
    const jobs = [3, 5, 9].map((index) => kubeJob({ index }));
    const events = ["job-5", "job-9"].map((uid) => warning(uid, "FailedCreate", { message: QUOTA }));
    expect(troubles({ jobs, events }, sparse)).toEqual(["5,9 FailedCreate capacity"]);
  });
});

describe("a Deployment whose pods are refused", () => {
  const daemon = runSpec({ mode: "daemon", arrayIndices: "2,5" });
  const failing = (index: number, status = "True") => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: `nightly-${index}`, uid: `deployment-${index}`, labels: { "pulumi-jobrun/index": `${index}` } },
    status: { conditions: [{ type: "ReplicaFailure", status, reason: "FailedCreate", message: SECURITY }] },
  });

  test.each<[string, Observed, string[]]>([
    ["says so itself", { deployments: [failing(2), failing(5)] }, ["2,5 FailedCreate refused"]],
    ["did so before, and has its pod now", { deployments: [failing(2)], pods: [daemonPod(2, alive)] }, []],
    ["does so no more", { deployments: [failing(2, "False")] }, []],
  ])("[U] %s", (_title, observed, expected) => {
    expect(troubles(observed, daemon)).toEqual(expected);
  });
});

describe("of what a pod lacks before its container only events tell:", () => {
  const creating = { state: waiting("ContainerCreating") };
  const mount = warning("pod-0-0", "FailedMount", { message: 'secret "x" not found', seconds: 4 });
  const pulling = (seconds: number) => warning("pod-0-0", "Pulling", { seconds });

  test.each<[string, Observed, string[]]>([
    ["a volume", { pods: [pod(0, creating)], events: [mount] }, ["0 FailedMount configuration"]],
    ["a volume, before its container is told of", { pods: [pod(0)], events: [mount] }, ["0 FailedMount configuration"]],
    [
      "a volume that has come: the image is being pulled",
      { pods: [pod(0, creating)], events: [mount, pulling(5)] },
      [],
    ],
    ["one that came within the second", { pods: [pod(0, creating)], events: [mount, pulling(4)] }, []],
    ["nothing any more when the container runs", { pods: [pod(0, alive)], events: [mount] }, []],
    ["nothing of another pod", { pods: [pod(1, creating)], events: [mount] }, []],
    [
      "nothing that may still go well",
      { pods: [pod(0, creating)], events: [warning("pod-0-0", "FailedToRetrieveImagePullSecret")] },
      [],
    ],
  ])("[U] %s", (_title, observed, expected) => {
    expect(troubles(observed)).toEqual(expected);
  });

  test("[U] the pull secret, once the image does not come", () => {
    const pods = [pod(0, { state: waiting("ErrImagePull", "denied") })];
    const events = [warning("pod-0-0", "FailedToRetrieveImagePullSecret", { message: "no x" })];
    expect(troubles({ pods, events })).toEqual([
      "0 FailedToRetrieveImagePullSecret configuration",
      "0 ErrImagePull configuration",
    ]);
  });
});

describe("a Job that is suspended", () => {
  test("[U] is queued, by the name of its queue where it has one", () => {
    const jobs = [kubeJob({ suspended: true })];
    expect(progressLine(seen(task, { jobs }), task)).toBe("0/3 succeeded, 3 pending; indices 0-2: queued (suspended)");
    const queued = runSpec({ arraySize: 3, queue: "team-a" });
    expect(progressLine(seen(queued, { jobs }), queued)).toMatch('indices 0-2: queued in "team-a" (suspended)');
  });

  test("[U] among others tells of its own index only", () => {
    const sparse = runSpec({ arrayIndices: "3,5" });
    const jobs = [kubeJob({ index: 3, suspended: true }), kubeJob({ index: 5 })];
    expect(troubles({ jobs, pods: [pod(5, { own: true, ...alive })] }, sparse)).toEqual(["3 JobSuspended queued"]);
  });

  test("[U] that has ended is not queued", () => {
    const jobs = [kubeJob({ suspended: true, conditions: [condition("Failed")] })];
    expect(troubles({ jobs })).toEqual([]);
  });
});

test("[U] an evicted attempt that has been followed by another is no trouble, though both have the same number", () => {
  const evicted = pod(0, { uid: "b", state: ended(143), conditions: [DISRUPTED] });
  const next = pod(0, { uid: "a", created: 20, ...alive });
  for (const pods of [
    [evicted, next],
    [next, evicted],
  ])
    expect(troubles({ pods })).toEqual([]);
});

test("[U] pods of an earlier attempt of the whole run are no trouble of the present one", () => {
  const before = seen(task, { pods: [pod(1, { attempt: 2, state: ended(3) })] }).statusDetails;
  const resumed = { ...task, resumed: { attempt: 2, indices: "1", before } };
  const left = pod(1, { attempt: 2, state: ended(3) });
  expect(seen(resumed, { jobs: [kubeJob()], pods: [left] }).troubles).toEqual([]);
});

test("[U] an evicted attempt costs no retry, and is not said to", () => {
  const view = seen(task, { pods: [pod(0, { state: ended(143), conditions: [DISRUPTED] })] });
  expect(view.troubles).toMatchObject([{ kind: "ContainerExitedCode143", note: "runs again" }]);
});
