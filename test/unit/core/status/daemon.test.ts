import { isTerminal } from "../../../../provider/core/status/types";
import { at, daemonPod, ended, running, seen, waiting } from "../../support/cluster";
import { runSpec } from "../../support/specs";

const daemon = runSpec({ mode: "daemon", arrayIndices: "0,4" });

/** Index 4 runs; index 0 is as the case says. */
function beside(facts: Parameters<typeof daemonPod>[1]) {
  return seen(daemon, { pods: [daemonPod(0, facts), daemonPod(4, { state: running() })] });
}

describe("an instance of a daemon", () => {
  test("[U] that runs: running", () => {
    const { status, statusDetails } = beside({ state: running() });
    expect(status).toBe("running");
    expect(statusDetails).toMatchObject({ requested: 2, running: 2, runningIndices: "0,4", indices: {} });
  });

  test("[U] that has just crashed: pending, with its story", () => {
    const { status, statusDetails } = beside({ state: ended(1) });
    expect(status).toBe("running");
    expect(statusDetails).toMatchObject({ pendingIndices: "0", runningIndices: "4", failed: 0 });
    expect(statusDetails.indices).toEqual({
      "0": {
        status: "pending",
        startedAt: at(1),
        finishedAt: at(5),
        exitCode: 1,
        lastFailureReason: "ContainerExitedCode1",
      },
    });
  });

  test("[U] that waits for its restart: pending, restarts counted, with the end before", () => {
    const state = waiting("CrashLoopBackOff", "back-off 40s restarting failed container");
    const { statusDetails } = beside({ state, restarts: 4, lastState: ended(137, { reason: "OOMKilled" }) });
    expect(statusDetails).toMatchObject({ pendingIndices: "0" });
    expect(statusDetails.indices).toEqual({
      "0": { status: "pending", restarts: 4, exitCode: 137, lastFailureReason: "OOMKilled" },
    });
  });

  test("[U] that runs again: running, with the end before", () => {
    const { statusDetails } = beside({ state: running(30), restarts: 1, lastState: ended(1) });
    expect(statusDetails).toMatchObject({ running: 2, failed: 0 });
    expect(statusDetails.indices).toEqual({
      "0": {
        status: "running",
        restarts: 1,
        startedAt: at(30),
        exitCode: 1,
        lastFailureReason: "ContainerExitedCode1",
      },
    });
  });

  test("[U] that never fails for good, however often it restarts", () => {
    const { status, statusDetails } = beside({ state: ended(1), restarts: 1_000 });
    expect(status).toBe("running");
    expect(statusDetails.failed).toBe(0);
  });

  test("[U] that stopped on purpose: succeeded", () => {
    const { status, statusDetails } = beside({ state: ended(0) });
    expect(status).toBe("running");
    expect(statusDetails).toMatchObject({ succeededIndices: "0", runningIndices: "4", indices: {} });
  });

  test.each([
    ["runs", running(), { running: 2 }],
    ["has stopped on purpose", ended(0), { succeeded: 1, running: 1 }],
  ])("[U] that %s while the keep-alive's image is missing is not pending", (_title, state, expected) => {
    const { statusDetails } = beside({ state, phase: "Pending", keepAlive: waiting("ImagePullBackOff") });
    expect(statusDetails).toMatchObject({ ...expected, pending: 0 });
  });

  test("[U] is not mistaken for its keep-alive", () => {
    const { statusDetails } = beside({ state: waiting("ContainerCreating"), keepAlive: running() });
    expect(statusDetails).toMatchObject({ pendingIndices: "0" });
  });

  test("[U] replaced by another pod is told by the newer one", () => {
    const pods = [
      daemonPod(0, { uid: "new", created: 50, state: running(51) }),
      daemonPod(0, { uid: "old", created: 0, state: ended(0), deleting: true }),
      daemonPod(4, { state: running() }),
    ];
    for (const order of [pods, pods.toReversed()])
      expect(seen(daemon, { pods: order }).statusDetails).toMatchObject({ running: 2, succeeded: 0 });
  });
});

test("[U] a daemon of which every instance has stopped is completed, but may run again", () => {
  const view = seen(daemon, { pods: [daemonPod(0, { state: ended(0) }), daemonPod(4, { state: ended(0) })] });
  expect(view.status).toBe("completed");
  expect(isTerminal(view)).toBe(false);
});

test("[U] a daemon without pods is pending", () => {
  const view = seen(daemon, {});
  expect(view.status).toBe("pending");
  expect(view.statusDetails).toMatchObject({ pendingIndices: "0,4" });
});
