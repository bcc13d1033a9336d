import type { Pod } from "../../../../provider/core/kube/types";
import type { RunSpec, WaitUntil } from "../../../../provider/core/spec/types";
import { judge, type Judgement, observe } from "../../../../provider/core/status/waiting";
import { condition, daemonPod, ended, kubeJob, pod, running, seen } from "../../support/cluster";
import { runSpec } from "../../support/specs";

/** One wait, with a clock of its own: each look says when it happens and what is there. */
function wait(spec: RunSpec, until: WaitUntil) {
  let now = 0;
  const observer = observe(() => now);
  return (seconds: number, observed: Parameters<typeof seen>[1]): Judgement => {
    now = seconds;
    return judge(seen(spec, observed), {
      spec,
      until,
      stableSeconds: 10,
      unschedulableSeconds: 120,
      observer,
      complete: false,
    });
  };
}

const task = runSpec({ arraySize: 2, retryLimit: 0 });
const daemon = runSpec({ mode: "daemon" });
const up = (restarts = 0, uid = "one"): { pods: Pod[] } => ({
  pods: [daemonPod(0, { uid, restarts, state: running() })],
});
const down = (restarts: number, exitCode = 1): { pods: Pod[] } => ({
  pods: [daemonPod(0, { uid: "one", restarts, state: ended(exitCode) })],
});
const goesOn = { outcome: "waiting" };
const reached = { outcome: "reached" };
const failed = { outcome: "failed" };

describe("until nothing", () => {
  test.each([
    ["nothing is there", {}],
    ["it has failed", { jobs: [kubeJob({ conditions: [condition("Failed")] })] }],
  ])("[U] is reached at once, though %s", (_title, observed) => {
    expect(wait(task, "nothing")(0, observed)).toEqual(reached);
  });
});

describe("until completion", () => {
  test.each([
    ["nothing is there", {}, goesOn],
    ["all run", { pods: [pod(0, { state: running() }), pod(1, { state: running() })] }, goesOn],
    [
      "one has failed for good, the other runs",
      { pods: [pod(0, { state: ended(1) }), pod(1, { state: running() })] },
      goesOn,
    ],
    [
      "all have succeeded, but Kubernetes has not said so",
      { jobs: [kubeJob()], pods: [pod(0, { state: ended(0) }), pod(1, { state: ended(0) })] },
      goesOn,
    ],
    [
      "all have failed, but Kubernetes has not said so",
      { pods: [pod(0, { state: ended(1) }), pod(1, { state: ended(1) })] },
      goesOn,
    ],
    ["Kubernetes says success", { jobs: [kubeJob({ conditions: [condition("SuccessCriteriaMet")] })] }, reached],
    ["Kubernetes says failure", { jobs: [kubeJob({ conditions: [condition("FailureTarget")] })] }, failed],
  ])("[U] of a task, when %s", (_title, observed, expected) => {
    expect(wait(task, "completion")(0, observed)).toEqual(expected);
  });

  test("[U] of a daemon: when it has stopped on purpose, however long it runs before", () => {
    const look = wait(daemon, "completion");
    expect(look(0, up())).toEqual(goesOn);
    expect(look(1_000, up())).toEqual(goesOn);
    expect(look(2_000, down(0, 0))).toEqual(reached);
  });
});

describe("until running", () => {
  test("[U] a task is reached as soon as every index runs or has ended", () => {
    const look = wait(task, "running");
    expect(look(0, { pods: [pod(0, { state: running() })] })).toEqual(goesOn);
    expect(look(1, { pods: [pod(0, { state: ended(0) }), pod(1, { state: running() })] })).toEqual(reached);
  });

  test("[U] a task with a failure is not reached, and failed when Kubernetes says so", () => {
    const look = wait(task, "running");
    const pods = [pod(0, { state: ended(1) }), pod(1, { state: running() })];
    expect(look(0, { pods })).toEqual(goesOn);
    expect(look(9, { pods, jobs: [kubeJob({ failed: "0", conditions: [condition("Failed")] })] })).toEqual(failed);
  });

  test("[U] a daemon is reached after 10 seconds without a restart", () => {
    const look = wait(daemon, "running");
    expect(look(100, {})).toEqual(goesOn);
    expect(look(101, up())).toEqual({ outcome: "waiting", recheckSeconds: 10 });
    expect(look(107.5, up())).toEqual({ outcome: "waiting", recheckSeconds: 3.5 });
    expect(look(110.9, up())).toMatchObject(goesOn);
    expect(look(111, up())).toEqual(reached);
  });

  test("[U] a restart begins the 10 seconds anew", () => {
    const look = wait(daemon, "running");
    expect(look(0, up())).toEqual({ outcome: "waiting", recheckSeconds: 10 });
    expect(look(8, up(1))).toEqual({ outcome: "waiting", recheckSeconds: 10 });
    expect(look(17, up(1))).toEqual({ outcome: "waiting", recheckSeconds: 1 });
    expect(look(18, up(1))).toEqual(reached);
  });

  test("[U] so does another pod", () => {
    const look = wait(daemon, "running");
    look(0, up());
    expect(look(10, up(0, "two"))).toEqual({ outcome: "waiting", recheckSeconds: 10 });
  });

  test("[U] the youngest of several instances counts; one that stopped on purpose need not run", () => {
    const three = runSpec({ mode: "daemon", arraySize: 3 });
    const look = wait(three, "running");
    const [zero, one] = [daemonPod(0, { state: running() }), daemonPod(1, { state: running() })];
    expect(look(0, { pods: [zero] })).toEqual(goesOn);
    expect(look(5, { pods: [zero, one] })).toEqual(goesOn);
    const stopped = daemonPod(2, { state: ended(0) });
    expect(look(9, { pods: [zero, one, stopped] })).toEqual({ outcome: "waiting", recheckSeconds: 10 });
    expect(look(19, { pods: [zero, one, stopped] })).toEqual(reached);
  });

  test("[U] a pod that is being removed neither runs nor holds up", () => {
    const look = wait(daemon, "running");
    const leaving = daemonPod(0, { uid: "old", created: 0, state: running(), deleting: true });
    expect(look(0, { pods: [leaving] })).toEqual(goesOn);
    const fresh = daemonPod(0, { uid: "new", created: 5, state: running() });
    expect(look(5, { pods: [leaving, fresh] })).toEqual({ outcome: "waiting", recheckSeconds: 10 });
    const restarted = daemonPod(0, { uid: "old", created: 0, restarts: 1, state: running(), deleting: true });
    expect(look(15, { pods: [restarted, fresh] })).toEqual(reached);
  });

  test("[U] a daemon that has stopped on purpose is reached at once", () => {
    expect(wait(daemon, "running")(0, down(0, 0))).toEqual(reached);
  });
});

describe("a daemon that crashes again and again", () => {
  test.each(["running", "completion"] as const)("[U] fails the wait until %s at its third restart", (until) => {
    const look = wait(daemon, until);
    expect(look(0, up())).toMatchObject(goesOn);
    expect(look(1, up(1))).toMatchObject(goesOn);
    expect(look(13, down(2))).toEqual(goesOn);
    expect(look(39, down(3))).toEqual(failed);
  });

  test("[U] only restarts during the wait count", () => {
    const look = wait(daemon, "running");
    expect(look(0, up(7))).toMatchObject(goesOn);
    expect(look(1, up(9))).toMatchObject(goesOn);
    expect(look(2, up(10))).toEqual(failed);
  });

  test("[U] restarts of several instances are not added up", () => {
    const two = runSpec({ mode: "daemon", arraySize: 2 });
    const look = wait(two, "running");
    const both = (restarts: number) => [0, 1].map((index) => daemonPod(index, { restarts, state: ended(1) }));
    look(0, { pods: both(0) });
    expect(look(1, { pods: both(2) })).toEqual(goesOn);
    expect(look(2, { pods: both(3) })).toEqual(failed);
  });

  test("[U] two waits do not count for one another", () => {
    wait(daemon, "running")(0, up(0));
    expect(wait(daemon, "running")(0, up(3))).toMatchObject(goesOn);
  });
});
