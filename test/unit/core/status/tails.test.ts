import { stageOf, tailText, tellersOf } from "../../../../provider/core/status/tails";
import type { PodView } from "../../../../provider/core/status/types";
import { toPodView } from "../../../../provider/core/status/views";
import { condition, daemonPod, ended, kubeJob, pod, running, seen, waiting } from "../../support/cluster";
import { runSpec } from "../../support/specs";

const task = runSpec({ arraySize: 6, retryLimit: 1 });
const failure = condition("FailureTarget", { reason: "FailedIndexes" });
const told = (view: Parameters<typeof tellersOf>[0], spec = task, known: number[] = []): string[] =>
  tellersOf(view, spec, known).tellers.map(({ pod: { name }, previous }) => (previous ? `${name} before` : name));

describe("whose last lines are shown", () => {
  const failed = (indices: string, pods: ReturnType<typeof pod>[]) =>
    seen(task, { jobs: [kubeJob({ failed: indices, completed: "0", conditions: [failure] })], pods });

  test("[U] those of the last attempt of each index that failed", () => {
    const pods = [
      pod(0, { state: ended(0) }),
      pod(1, { attempt: 0, state: ended(7) }),
      pod(1, { attempt: 1, state: ended(7) }),
      pod(4, { state: ended(1) }),
    ];
    expect(told(failed("1,4", pods))).toEqual(["nightly-1-1", "nightly-4-0"]);
  });

  test("[U] not more than three: they would hide the verdict", () => {
    const pods = [0, 1, 2, 3, 4].map((index) => pod(index, { state: ended(1) }));
    expect(told(failed("0-4", pods))).toEqual(["nightly-0-0", "nightly-1-0", "nightly-2-0"]);
  });

  test("[U] those of a pod that still runs when the time of the run is over", () => {
    expect(told(failed("2", [pod(2, { state: running(), deleting: true })]))).toEqual(["nightly-2-0"]);
  });

  test("[U] none of a pod that never ran", () => {
    expect(told(failed("2", [pod(2, { state: waiting("ImagePullBackOff") }), pod(3)]))).toEqual([]);
  });

  test("[U] of a daemon, those before the last restart, once it has been started again", () => {
    const daemon = runSpec({ mode: "daemon", arraySize: 2 });
    const pods = [
      daemonPod(0, { state: running(), restarts: 3, lastState: ended(4) }),
      daemonPod(1, { state: ended(4), restarts: 3, lastState: ended(4) }),
    ];
    expect(told(seen(daemon, { pods }), daemon)).toEqual(["nightly-0-0 before", "nightly-1-0"]);
  });
});

describe("whose last lines are read while the run goes on", () => {
  const deleting = { deleting: true } as const;
  test.each<[string, Parameters<typeof pod>[1], string[]]>([
    ["one that failed and is tried again", { state: ended(7) }, ["nightly-1-0"]],
    ["one that was evicted", { state: ended(137), phase: "Failed", reason: "Evicted" }, ["nightly-1-0"]],
    ["one that is being deleted", { state: running(), ...deleting }, ["nightly-1-0"]],
    ["none that runs", { state: running() }, []],
    ["none that succeeded", { state: ended(0) }, []],
    ["none that succeeded and is being deleted", { state: ended(0), ...deleting }, []],
    ["none that is being deleted before it ran", { state: waiting("ContainerCreating"), ...deleting }, []],
  ])("[U] those of %s", (_title, facts, expected) => {
    expect(told(seen(task, { jobs: [kubeJob()], pods: [pod(1, facts)] }))).toEqual(expected);
  });

  const failing = (...indices: number[]) =>
    seen(task, { jobs: [kubeJob()], pods: indices.map((index) => pod(index, { state: ended(1) })) });

  test("[U] not more than a message would show, however many fail", () => {
    const { indices, tellers } = tellersOf(failing(5, 4, 3, 2, 1), task);
    expect([indices, tellers.length]).toEqual([[1, 2, 3], 3]);
  });

  test("[U] one that runs again keeps its place, so that the others are not read by turns", () => {
    expect(tellersOf(failing(3, 4, 5), task, [0, 1])).toMatchObject({
      indices: [0, 1, 3],
      tellers: [{ pod: { index: 3 } }],
    });
  });

  test("[U] one that succeeds in the end leaves its place to the next", () => {
    const view = seen(task, { jobs: [kubeJob({ completed: "0" })], pods: [pod(3, { state: ended(1) })] });
    expect(tellersOf(view, task, [0, 1])).toMatchObject({ indices: [1, 3] });
  });

  test("[U] those of the run's present attempt: what failed before is over", () => {
    const resumed = { ...task, resumed: { attempt: 2, indices: "1", before: failing(1).statusDetails } };
    const again = pod(1, { uid: "again", runAttempt: 2, state: ended(3) });
    const pods = [pod(1, { attempt: 1, state: ended(7) }), again];
    expect(told(seen(resumed, { pods }), resumed)).toEqual(["nightly-1-0"]);
    expect(told(seen(resumed, { pods: pods.slice(0, 1) }), resumed)).toEqual([]);
  });

  test("[U] one that waits to be started again tells by itself what it printed: nothing is newer", () => {
    const daemon = runSpec({ mode: "daemon" });
    const crashed = { restarts: 1, lastState: ended(4) };
    const looks = [running(), waiting("CrashLoopBackOff")].map((state) =>
      told(seen(daemon, { pods: [daemonPod(0, { state, ...crashed })] }), daemon),
    );
    expect(looks).toEqual([["nightly-0-0 before"], ["nightly-0-0"]]);
  });
});

describe("what a teller has to say", () => {
  const stages = (...facts: Parameters<typeof pod>[1][]): number =>
    new Set(facts.map((fact) => stageOf({ pod: toPodView(pod(0, fact)), previous: false }))).size;

  test("[U] is new when its container or its pod comes to its end, and in another pod", () => {
    const ending = { state: running(), deleting: true };
    expect(stages({ state: running() }, ending, { state: ended(1) }, { state: running(), uid: "b" })).toBe(4);
  });

  test("[U] is not new while the back-off lasts", () => {
    const back = { state: waiting("CrashLoopBackOff"), lastState: ended(1) };
    expect(stages({ state: ended(1) }, back, { ...back, deleting: true })).toBe(1);
  });
});

describe("what is shown of them", () => {
  const { index, name } = toPodView(pod(0, { state: ended(1) }));
  const text = (log: string): string => tailText({ index, name } as PodView, log);

  test("[U] index, pod and lines", () => {
    expect(text("one\ntwo\n\n")).toBe("  index 0 printed last (pod nightly-0-0):\n    one\n    two");
  });

  test("[U] that there is nothing", () => {
    expect(text("")).toBe("  index 0 printed last (pod nightly-0-0):\n    nothing");
  });

  test("[U] long lines cut", () => {
    expect(text("x".repeat(5_000)).length).toBeLessThan(600);
  });
});
