import { isTerminal } from "../../../../provider/core/status/types";
import {
  at,
  condition,
  ended,
  kubeJob,
  NEVER_STARTED,
  pod,
  running,
  seen,
  unschedulable,
  waiting,
} from "../../support/cluster";
import { runSpec } from "../../support/specs";

const two = runSpec({ arraySize: 2, retryLimit: 1 });
const four = runSpec({ arraySize: 4, retryLimit: 1 });
const counters = { requested: 2, pending: 0, running: 0, succeeded: 0, failed: 0, unknown: 0 };
const indices = { pendingIndices: "", runningIndices: "", succeededIndices: "", failedIndices: "" };

describe("a task that goes on", () => {
  test("[U] before anything is there: pending, without a start", () => {
    expect(status({})).toEqual({
      status: "pending",
      statusDetails: { ...counters, ...indices, pending: 2, pendingIndices: "0-1", indices: {} },
    });
  });

  test("[U] created, no pod yet: pending, with the Job's start", () => {
    const { status: phase, statusDetails } = status({ jobs: [kubeJob({ started: 3 })] });
    expect(phase).toBe("pending");
    expect(statusDetails).toMatchObject({ pending: 2, startTime: at(3) });
  });

  test.each([
    ["starting", waiting("ContainerCreating")],
    ["pulling its image in vain", waiting("ImagePullBackOff", "Back-off pulling image")],
    ["without its Secret", waiting("CreateContainerConfigError", 'secret "x" not found')],
  ])("[U] a pod that is %s is pending", (_title, state) => {
    const { status: phase, statusDetails } = status({ jobs: [kubeJob()], pods: [pod(0, { state })] });
    expect(phase).toBe("pending");
    expect(statusDetails).toMatchObject({ pending: 2, indices: {} });
  });

  test("[U] a pod for which there is no room is pending", () => {
    const conditions = [unschedulable("0/1 nodes are available: 1 Insufficient cpu.")];
    const { status: phase, statusDetails } = status({ pods: [pod(0, { conditions }), pod(1, { conditions })] });
    expect(phase).toBe("pending");
    expect(statusDetails).toMatchObject({ pending: 2, indices: {} });
  });

  test("[U] one of two runs: running", () => {
    const { status: phase, statusDetails } = status({ jobs: [kubeJob()], pods: [pod(1, { state: running(2) })] });
    expect(phase).toBe("running");
    expect(statusDetails).toEqual({
      ...{ ...counters, pending: 1, running: 1 },
      ...{ ...indices, pendingIndices: "0", runningIndices: "1" },
      startTime: at(0),
      indices: {},
    });
  });

  test("[U] one has ended with success, the other waits: still running", () => {
    const { status: phase, statusDetails } = status({ jobs: [kubeJob()], pods: [pod(0, { state: ended(0) })] });
    expect(phase).toBe("running");
    expect(statusDetails).toMatchObject({ succeeded: 1, succeededIndices: "0", pending: 1, pendingIndices: "1" });
  });

  test("[U] all have ended with success, but Kubernetes has not said so: still running", () => {
    const pods = [pod(0, { state: ended(0) }), pod(1, { state: ended(0) })];
    const { status: phase, statusDetails } = status({ jobs: [kubeJob()], pods });
    expect(phase).toBe("running");
    expect(statusDetails).toMatchObject({ succeeded: 2, succeededIndices: "0-1" });
    expect(statusDetails).not.toHaveProperty("completionTime");
  });

  test("[U] between two attempts: pending, with the story of the one that failed", () => {
    const { status: phase, statusDetails } = status({ jobs: [kubeJob()], pods: [pod(0, { state: ended(3) })] });
    expect(phase).toBe("running");
    expect(statusDetails).toMatchObject({ pending: 2, failed: 0 });
    expect(statusDetails.indices).toEqual({
      "0": {
        status: "pending",
        startedAt: at(1),
        finishedAt: at(5),
        exitCode: 3,
        lastFailureReason: "ContainerExitedCode3",
      },
    });
  });

  test("[U] in its next attempt: running, retried once, with the last failure", () => {
    const pods = [pod(0, { attempt: 1, created: 15, state: running(16) }), pod(0, { state: ended(3) })];
    const { statusDetails } = status({ jobs: [kubeJob()], pods });
    expect(statusDetails).toMatchObject({ running: 1, runningIndices: "0" });
    expect(statusDetails.indices).toEqual({
      "0": { status: "running", retries: 1, startedAt: at(16), lastFailureReason: "ContainerExitedCode3" },
    });
  });

  test("[U] an index that failed for good while another goes on does not end the run", () => {
    const pods = [pod(0, { attempt: 1, state: ended(3) }), pod(1, { state: running() })];
    const { status: phase, statusDetails } = status({ jobs: [kubeJob({ failed: "0" })], pods });
    expect(phase).toBe("running");
    expect(statusDetails).toMatchObject({ failed: 1, failedIndices: "0", running: 1 });
    expect(statusDetails).not.toHaveProperty("completionTime");
  });

  test("[U] a pod that is being removed does not run any more", () => {
    const { statusDetails } = status({ pods: [pod(0, { state: running(), deleting: true })] });
    expect(statusDetails).toMatchObject({ running: 0, pending: 2 });
  });

  test("[U] how a pod ends that was told to go is no failure of its index until Kubernetes says so: its Job may be suspended", () => {
    const pods = [pod(0, { attempt: 1, state: ended(143), deleting: true })];
    const jobs = [kubeJob({ suspended: true })];
    expect(status({ jobs, pods }).statusDetails).toMatchObject({ failed: 0, pending: 2 });
    expect(status({ jobs: [kubeJob({ failed: "0" })], pods }).statusDetails).toMatchObject({ failed: 1, pending: 1 });
  });

  test("[U] a pod whose node does not answer is unknown, and so is a run of which nothing else is known", () => {
    const { status: phase, statusDetails } = status({ pods: [pod(0, { state: running(), phase: "Unknown" })] });
    expect(phase).toBe("unknown");
    expect(statusDetails).toMatchObject({ unknown: 1, pending: 1 });
    const half = [pod(0, { state: running(), phase: "Unknown" }), pod(1, { state: running() })];
    expect(status({ pods: half }).status).toBe("running");
  });

  function status(observed: Parameters<typeof seen>[1]) {
    const { status: phase, statusDetails } = seen(two, observed);
    return { status: phase, statusDetails };
  }
});

describe("why an attempt failed", () => {
  test.each([
    ["exit code 1", { state: ended(1) }, "ContainerExitedCode1", undefined],
    ["exit code 143", { state: ended(143) }, "ContainerExitedCode143", undefined],
    ["a termination message", { state: ended(2, { message: "no rows" }) }, "ContainerExitedCode2", "no rows"],
    ["out of memory", { state: ended(137, { reason: "OOMKilled" }) }, "OOMKilled", undefined],
    [
      "no executable",
      { state: ended(128, { reason: "StartError", startedAt: NEVER_STARTED, message: 'exec: "/no": not found' }) },
      "ExecutableNotFound",
      'exec: "/no": not found',
    ],
    [
      "an older runtime's word for it",
      { state: ended(127, { reason: "ContainerCannotRun" }) },
      "ExecutableNotFound",
      undefined,
    ],
    [
      "evicted for its ephemeral storage",
      {
        phase: "Failed",
        reason: "Evicted",
        message: "Pod ephemeral local storage usage exceeds the total limit of containers 400M. ",
      },
      "ExceededEphemeralStorage",
      "Pod ephemeral local storage usage exceeds the total limit of containers 400M.",
    ],
    [
      "evicted for another reason",
      { phase: "Failed", reason: "Evicted", message: "The node was low on resource: memory." },
      "Evicted",
      "The node was low on resource: memory.",
    ],
    [
      "refused by the kubelet",
      { phase: "Failed", reason: "UnexpectedAdmissionError", message: "Allocate failed" },
      "UnexpectedAdmissionError",
      "Allocate failed",
    ],
  ])("[U] %s", (_title, facts, lastFailureReason, message) => {
    const { statusDetails } = seen(two, { pods: [pod(0, facts)] });
    expect(statusDetails.indices["0"]?.lastFailureReason).toBe(lastFailureReason);
    expect(statusDetails.indices["0"]?.message).toBe(message);
  });

  test("[U] a container that never started has no start, but an end and an exit code", () => {
    const state = ended(128, { reason: "StartError", startedAt: NEVER_STARTED });
    expect(seen(two, { pods: [pod(0, { state })] }).statusDetails.indices["0"]).toEqual({
      status: "pending",
      finishedAt: at(5),
      exitCode: 128,
      lastFailureReason: "ExecutableNotFound",
    });
  });
});

describe("a task that has ended", () => {
  const pods = [pod(0, { state: ended(0) }), pod(1, { state: ended(0) })];

  test.each([
    ["Complete", [condition("Complete", { time: 21 })], 21],
    ["SuccessCriteriaMet, before it is Complete", [condition("SuccessCriteriaMet", { time: 20 })], 20],
  ])("[U] on %s: completed", (_title, conditions, time) => {
    const view = seen(two, { jobs: [kubeJob({ completed: "0,1", conditions })], pods });
    expect(view.status).toBe("completed");
    expect(view.statusDetails).toEqual({
      ...{ ...counters, succeeded: 2 },
      ...{ ...indices, succeededIndices: "0-1" },
      startTime: at(0),
      completionTime: at(time),
      indices: {},
    });
    expect(isTerminal(view)).toBe(true);
  });

  test("[U] completed although its pods are gone", () => {
    const jobs = [kubeJob({ completed: "0,1", conditions: [condition("Complete")] })];
    expect(seen(two, { jobs }).statusDetails).toMatchObject({ succeeded: 2, succeededIndices: "0-1" });
  });

  const failedIndexes = { reason: "FailedIndexes", message: "Job has failed indexes" };

  test.each([
    ["Failed", [condition("Failed", { ...failedIndexes, time: 21 })]],
    ["FailureTarget, before it is Failed", [condition("FailureTarget", { ...failedIndexes, time: 21 })]],
  ])("[U] on %s: failed, with Kubernetes' words", (_title, conditions) => {
    const attempts = [pod(1, { state: ended(3) }), pod(1, { attempt: 1, created: 15, state: ended(4) })];
    const jobs = [kubeJob({ completed: "0", failed: "1", conditions })];
    const view = seen(two, { jobs, pods: [pod(0, { state: ended(0) }), ...attempts] });
    expect(view.status).toBe("failed");
    expect(view.statusDetails).toEqual({
      ...{ ...counters, succeeded: 1, failed: 1 },
      ...{ ...indices, succeededIndices: "0", failedIndices: "1" },
      ...failedIndexes,
      startTime: at(0),
      completionTime: at(21),
      indices: {
        "1": {
          status: "failed",
          retries: 1,
          startedAt: at(1),
          finishedAt: at(5),
          exitCode: 4,
          lastFailureReason: "ContainerExitedCode4",
        },
      },
    });
    expect(isTerminal(view)).toBe(true);
  });

  test("[U] on its deadline: what had not ended failed for that, what had keeps its own end", () => {
    const deadline = { reason: "DeadlineExceeded", message: "Job was active longer than specified deadline" };
    const jobs = [kubeJob({ completed: "0", failed: "1", conditions: [condition("FailureTarget", deadline)] })];
    const pods = [
      pod(0, { state: ended(0) }),
      pod(1, { attempt: 1, state: ended(3) }),
      pod(2, { state: running(), deleting: true }),
    ];
    const { status, statusDetails } = seen(four, { jobs, pods });
    expect(status).toBe("failed");
    expect(statusDetails).toMatchObject({
      ...{ succeeded: 1, failed: 3, pending: 0, running: 0 },
      ...{ succeededIndices: "0", failedIndices: "1-3" },
      ...deadline,
    });
    expect(reasonsOf(statusDetails)).toEqual({
      "1": "ContainerExitedCode3",
      "2": "MaxExecutionTimeExceeded",
      "3": "MaxExecutionTimeExceeded",
    });
  });

  test("[U] a pod that ended with success after the deadline is not taken for a success", () => {
    const jobs = [
      kubeJob({ completed: "0", conditions: [condition("FailureTarget", { reason: "DeadlineExceeded" })] }),
    ];
    const pods = [pod(0, { state: ended(0) }), pod(1, { state: ended(0) })];
    expect(seen(two, { jobs, pods }).statusDetails).toMatchObject({ succeededIndices: "0", failedIndices: "1" });
  });

  test("[U] a condition that does not hold is no verdict", () => {
    const jobs = [kubeJob({ conditions: [{ ...condition("Failed"), status: "False" }] })];
    const view = seen(two, { jobs });
    expect(view.status).toBe("pending");
    expect(isTerminal(view)).toBe(false);
  });

  test("[U] other conditions of a Job are no verdict", () => {
    const view = seen(two, { jobs: [kubeJob({ conditions: [condition("Suspended")] })] });
    expect(view.status).toBe("pending");
  });
});

describe("a sparse task, one Job an index", () => {
  const sparse = runSpec({ arrayIndices: "3,7-8", retryLimit: 0 });
  const complete = (index: number, time: number) =>
    kubeJob({ index, completed: "0", conditions: [condition("Complete", { time })] });
  const failed = (index: number, time: number) =>
    kubeJob({
      index,
      failed: "0",
      conditions: [condition("Failed", { reason: "FailedIndexes", message: "Job has failed indexes", time })],
    });

  test("[U] each Job's index 0 is the run's own index", () => {
    const pods = [pod(7, { own: true, state: running() })];
    const { status, statusDetails } = seen(sparse, { jobs: [complete(3, 9), kubeJob({ index: 7 })], pods });
    expect(status).toBe("running");
    expect(statusDetails).toMatchObject({ succeededIndices: "3", runningIndices: "7", pendingIndices: "8" });
  });

  test("[U] an index of which its Job has spoken before its verdict is told so", () => {
    const jobs = [kubeJob({ index: 3, completed: "0" }), kubeJob({ index: 7, failed: "0" }), kubeJob({ index: 8 })];
    const { status, statusDetails } = seen(sparse, { jobs });
    expect(status).toBe("running");
    expect(statusDetails).toMatchObject({ succeededIndices: "3", failedIndices: "7", pendingIndices: "8" });
  });

  test("[U] has ended when the last of its Jobs has", () => {
    const view = seen(sparse, { jobs: [complete(8, 30), complete(3, 9), complete(7, 12)] });
    expect(view.status).toBe("completed");
    expect(view.statusDetails).toMatchObject({ succeededIndices: "3,7-8", completionTime: at(30) });
  });

  test("[U] goes on when one has failed, and has failed when all have ended", () => {
    const pods = [pod(3, { own: true, state: ended(1) })];
    const before = seen(sparse, { jobs: [failed(3, 9), complete(7, 12)], pods });
    expect(before.status).toBe("running");
    expect(isTerminal(before)).toBe(false);
    const after = seen(sparse, { jobs: [failed(3, 9), complete(7, 12), complete(8, 30)], pods });
    expect(after.status).toBe("failed");
    expect(after.statusDetails).toMatchObject({
      ...{ succeededIndices: "7-8", failedIndices: "3", completionTime: at(30) },
      ...{ reason: "FailedIndexes", message: "Job has failed indexes" },
    });
  });

  test("[U] started when its first Job did", () => {
    const jobs = [kubeJob({ index: 7, started: 5 }), kubeJob({ index: 3, started: 2 })];
    expect(seen(sparse, { jobs }).statusDetails.startTime).toBe(at(2));
  });

  test("[U] a single index that is not 0 is told by its own number", () => {
    const view = seen(runSpec({ arrayIndices: "5" }), { jobs: [complete(5, 9)] });
    expect(view.status).toBe("completed");
    expect(view.statusDetails).toMatchObject({ requested: 1, succeededIndices: "5" });
  });
});

describe("indices that have something to tell", () => {
  const failing = (count: number) => {
    const spec = runSpec({ arraySize: 300, retryLimit: 0 });
    const failedIndexes = `0-${count - 1}`;
    return seen(spec, { jobs: [kubeJob({ failed: failedIndexes })] }).statusDetails;
  };

  test("[U] 200 are told", () => {
    const { indices: told, failed, ...rest } = failing(200);
    expect(Object.keys(told)).toHaveLength(200);
    expect(failed).toBe(200);
    expect(rest).not.toHaveProperty("indicesTruncated");
  });

  test("[U] of more, the first 200 are told, and all are counted", () => {
    const { indices: told, failed, indicesTruncated } = failing(201);
    expect(Object.keys(told)).toHaveLength(200);
    expect(told).not.toHaveProperty("200");
    expect(failed).toBe(201);
    expect(indicesTruncated).toBe(true);
  });

  test("[U] one that simply succeeded is not told", () => {
    expect(seen(two, { pods: [pod(0, { state: ended(0) })] }).statusDetails.indices).toEqual({});
  });
});

function reasonsOf({ indices: told }: { indices: Readonly<Record<string, { lastFailureReason?: string }>> }): object {
  return Object.fromEntries(Object.entries(told).map(([index, { lastFailureReason }]) => [index, lastFailureReason]));
}
