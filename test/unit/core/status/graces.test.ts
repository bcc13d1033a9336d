import type { RunSpec } from "../../../../provider/core/spec/types";
import type { Graces } from "../../../../provider/core/status/patience";
import { judge, type Judgement, observe } from "../../../../provider/core/status/waiting";
import { daemonPod, ended, kubeJob, pod, running, seen, unschedulable, waiting } from "../../support/cluster";
import { QUOTA, SECURITY, warning } from "../../support/events";
import { runSpec } from "../../support/specs";

type Observed = Parameters<typeof seen>[1];

/** One wait with a clock of its own: each look says when it happens and what is there. */
function wait(spec: RunSpec, graces: Partial<Graces> = {}) {
  let now = 0;
  const observer = observe(() => now);
  const until = spec.mode === "daemon" ? "running" : "completion";
  return (seconds: number, observed: Observed): Judgement => {
    now = seconds;
    const question = {
      spec,
      until,
      stableSeconds: 10,
      unschedulableSeconds: 120,
      ...graces,
      observer,
      complete: false,
    } as const;
    return judge(seen(spec, observed), question);
  };
}

const task = runSpec({ arraySize: 3, retryLimit: 0 });
const alive = { state: running() };
const noRoom = (index: number) => pod(index, { conditions: [unschedulable("0/1 nodes are available")] });
const stuck = (index: number, reason = "ErrImagePull") => pod(index, { state: waiting(reason) });
const refused = (message: string): Observed => ({
  jobs: [kubeJob()],
  events: [warning("job-all", "FailedCreate", { message })],
});
const queued: Observed = { jobs: [kubeJob({ suspended: true })] };
const left = (judgement: Judgement): number | undefined =>
  "limit" in judgement ? judgement.limit.secondsLeft : undefined;

describe("what lasts too long fails the wait:", () => {
  test.each<[string, number, Observed, Partial<Graces>]>([
    ["no room", 120, { pods: [noRoom(0)] }, {}],
    ["no room, for those who have less time", 5, { pods: [noRoom(0)] }, { unschedulableSeconds: 5 }],
    ["a quota", 120, refused(QUOTA), {}],
    ["a rule", 10, refused(SECURITY), {}],
    ["an image", 60, { pods: [stuck(0)] }, {}],
    ["a Secret", 60, { pods: [stuck(0, "CreateContainerConfigError")] }, {}],
    ["a volume", 60, { pods: [stuck(0, "ContainerCreating")], events: [warning("pod-0-0", "FailedMount")] }, {}],
    ["the queue, where it may not", 30, queued, { queueSeconds: 30 }],
  ])("[U] %s, after %d s", (_title, seconds, observed, graces) => {
    const look = wait(task, graces);
    expect(look(1_000, observed)).toMatchObject({ outcome: "waiting", recheckSeconds: seconds });
    expect(look(1_000 + seconds - 0.5, observed)).toMatchObject({ outcome: "waiting", recheckSeconds: 0.5 });
    const judgement = look(1_000 + seconds, observed);
    expect(judgement).toMatchObject({ outcome: "failed", limit: { graceSeconds: seconds, secondsLeft: 0 } });
  });

  test.each<[string, Observed, Partial<Graces>]>([
    ["no room, for those who say so", { pods: [noRoom(0)] }, { unschedulableSeconds: 0 }],
    ["the queue", queued, {}],
    ["an attempt that Kubernetes repeats", { pods: [pod(0, { state: ended(3) })] }, {}],
  ])("[U] but not %s", (_title, observed, graces) => {
    const look = wait(runSpec({ arraySize: 3, retryLimit: 2 }), graces);
    expect(look(0, observed)).toEqual({ outcome: "waiting" });
    expect(look(1_000_000, observed)).toEqual({ outcome: "waiting" });
  });
});

describe("the time begins anew", () => {
  const full: Observed = { pods: [noRoom(0), noRoom(1), noRoom(2)] };

  test.each<[string, Observed]>([
    [
      "when an index starts, and has ended by the next look",
      { pods: [pod(0, { state: ended(0) }), noRoom(1), noRoom(2)] },
    ],
    ["when Kubernetes counts an index", { jobs: [kubeJob({ completed: "0" })], pods: [noRoom(1), noRoom(2)] }],
    [
      "when a program is started again",
      { pods: [pod(0, { state: waiting("CrashLoopBackOff"), restarts: 1 }), noRoom(1)] },
    ],
  ])("[U] %s", (_title, moved) => {
    const look = wait(task);
    look(0, full);
    expect(left(look(100, full))).toBe(20);
    expect(left(look(110, moved))).toBe(120);
    expect(look(229, moved)).toMatchObject({ outcome: "waiting" });
    expect(look(230, moved)).toMatchObject({ outcome: "failed" });
  });

  test.each<[string, Observed]>([
    ["while an index runs", { pods: [pod(0, alive), noRoom(1)] }],
    ["while one is on its way out", { pods: [pod(0, { ...alive, deleting: true }), noRoom(1)] }],
    ["while one is being prepared", { pods: [stuck(0, "ContainerCreating"), noRoom(1)] }],
    ["while one has its node", { pods: [pod(0), noRoom(1)] }],
  ])("[U] and does not run %s", (_title, moving) => {
    const look = wait(task);
    look(0, full);
    for (const seconds of [100, 1_000, 10_000]) expect(look(seconds, moving)).toEqual({ outcome: "waiting" });
    expect(left(look(10_001, full))).toBe(120);
  });

  test("[U] for another class of trouble, and not for another word of the same", () => {
    const look = wait(task);
    look(0, { pods: [noRoom(0)] });
    expect(left(look(100, { pods: [stuck(0, "ErrImagePull")] }))).toBe(60);
    expect(left(look(130, { pods: [stuck(0, "ImagePullBackOff")] }))).toBe(30);
    expect(left(look(140, { pods: [noRoom(0)] }))).toBe(120);
  });

  test("[U] when the queue lets the run go", () => {
    const look = wait(task, { queueSeconds: 30 });
    look(0, queued);
    expect(left(look(20, queued))).toBe(10);
    const admitted = { jobs: [kubeJob()], pods: [noRoom(0)] };
    expect(left(look(25, admitted))).toBe(120);
  });
});

test("[U] of several troubles the one ends the wait whose time is over first", () => {
  const look = wait(task);
  look(0, { pods: [noRoom(0)] });
  const both = { pods: [noRoom(0), stuck(1)] };
  expect(look(70, both)).toMatchObject({ limit: { secondsLeft: 50, trouble: { kind: "Unschedulable" } } });
  const other = wait(task);
  other(0, both);
  expect(other(60, both)).toMatchObject({ outcome: "failed", limit: { trouble: { kind: "ErrImagePull" } } });
});

test("[U] a run that serves one index at a time for hours never fails by a grace", () => {
  const look = wait(task);
  const turns = (turn: number): Observed => ({
    pods: [0, 1, 2].map((index) =>
      index < turn ? pod(index, { state: ended(0) }) : index === turn ? pod(index, alive) : noRoom(index),
    ),
  });
  for (let turn = 0; turn < 3; turn++)
    for (const minute of [0, 1, 59])
      expect(look(turn * 3_600 + minute * 60, turns(turn))).toEqual({ outcome: "waiting" });
});

describe("a daemon", () => {
  const daemon = runSpec({ mode: "daemon", arraySize: 2 });
  const half = { pods: [daemonPod(0, alive), pod(1, { own: true, state: waiting("CreateContainerConfigError") })] };

  test("[U] of which one instance runs does not wait for ever for the other: it never makes room", () => {
    const look = wait(daemon);
    look(0, half);
    expect(left(look(59, half))).toBe(1);
    expect(look(60, half)).toMatchObject({ outcome: "failed", limit: { trouble: { indices: "1" } } });
  });

  test("[U] that is reached is not failed by what came before", () => {
    const look = wait(daemon);
    const both = {
      pods: [daemonPod(0, alive), daemonPod(1, { ...alive, phase: "Pending", keepAlive: waiting("ErrImagePull") })],
    };
    look(0, both);
    expect(look(200, both)).toEqual({ outcome: "reached" });
  });
});
