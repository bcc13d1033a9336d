import { outcomeMessage } from "../../../../provider/core/status/failure";
import type { Trouble } from "../../../../provider/core/status/trouble";
import { progressLine } from "../../../../provider/core/status/progress";
import {
  condition,
  daemonPod,
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

const task = runSpec({ arraySize: 5, retryLimit: 2 });
const daemon = runSpec({ mode: "daemon", arraySize: 2 });
const more =
  "more: npx jobrun logs nightly --namespace jobs, or kubectl logs --namespace jobs --selector pulumi-jobrun/run=nightly --prefix --all-containers";

describe("the row of a task", () => {
  const [alive, done, crashed] = [{ state: running() }, { state: ended(0) }, { state: ended(3) }];
  test.each([
    ["nothing yet", [], "0/5 succeeded, 5 pending"],
    ["two run", [pod(0, alive), pod(1, alive)], "0/5 succeeded, 2 running, 3 pending"],
    ["two have ended", [pod(0, done), pod(1, done), pod(2, alive)], "2/5 succeeded, 1 running, 2 pending"],
    ["between attempts", [pod(0, crashed)], "0/5 succeeded, 5 pending; index 0: ContainerExitedCode3, retry 1 of 2"],
    [
      "before the last attempt",
      [pod(0, crashed), pod(0, { attempt: 1, ...crashed })],
      "0/5 succeeded, 5 pending; index 0: ContainerExitedCode3, retry 2 of 2",
    ],
    ["tried again", [pod(0, crashed), pod(0, { attempt: 1, ...alive })], "0/5 succeeded, 1 running, 4 pending"],
    ["failed for good", [pod(0, { attempt: 2, ...crashed })], "0/5 succeeded, 4 pending, 1 failed"],
    ["a node is away", [pod(0, { ...alive, phase: "Unknown" })], "0/5 succeeded, 4 pending, 1 unknown"],
    ["starting", [pod(0, { state: waiting("ContainerCreating") })], "0/5 succeeded, 5 pending"],
    [
      "no image",
      [pod(0, alive), pod(4, { state: waiting("ImagePullBackOff", 'Back-off pulling image "app:1"') })],
      '0/5 succeeded, 1 running, 4 pending; index 4: [ImagePullBackOff] Back-off pulling image "app:1"',
    ],
    [
      "no Secret",
      [pod(1, { state: waiting("CreateContainerConfigError", 'secret "x" not found') })],
      '0/5 succeeded, 5 pending; index 1: [CreateContainerConfigError] secret "x" not found',
    ],
    [
      "no room",
      [pod(3, { conditions: [unschedulable("0/1 nodes are available: 1 Insufficient cpu.")] })],
      "0/5 succeeded, 5 pending; index 3: [Unschedulable] 0/1 nodes are available: 1 Insufficient cpu.",
    ],
    [
      "a container that cannot start before one that must wait for room",
      [pod(0, { conditions: [unschedulable("no")] }), pod(1, { state: waiting("InvalidImageName") })],
      "0/5 succeeded, 5 pending; index 1: [InvalidImageName]",
    ],
    ["on its way out", [pod(0, { state: waiting("ErrImagePull"), deleting: true })], "0/5 succeeded, 5 pending"],
  ])("[U] %s", (_title, pods, line) => {
    expect(progressLine(seen(task, { pods }), task)).toBe(line);
  });
});

describe("the row of a daemon", () => {
  const alive = daemonPod(1, { state: running() });
  test.each([
    ["nothing yet", [], "0/2 running, 2 pending"],
    ["both run", [daemonPod(0, { state: running() }), alive], "2/2 running"],
    ["one has stopped on purpose", [daemonPod(0, { state: ended(0) }), alive], "1/2 running, 1 succeeded"],
    [
      "one has crashed",
      [daemonPod(0, { state: ended(1) }), alive],
      "1/2 running, 1 pending; index 0: ContainerExitedCode1, restart 0",
    ],
    [
      "one waits for its restart",
      [
        daemonPod(0, {
          state: waiting("CrashLoopBackOff"),
          restarts: 4,
          lastState: ended(137, { reason: "OOMKilled" }),
        }),
        alive,
      ],
      "1/2 running, 1 pending; index 0: OOMKilled, restart 4",
    ],
  ])("[U] %s", (_title, pods, line) => {
    expect(progressLine(seen(daemon, { pods }), daemon)).toBe(line);
  });
});

describe("the message of a wait that did not end well", () => {
  const failure = { reason: "FailedIndexes", message: "Job has failed indexes" };
  const message = (outcome: "failed" | "timeout" | "interrupted", spec: typeof task, observed: object): string[] =>
    outcomeMessage({ outcome, seen: seen(spec, observed) }, { spec, namespace: "jobs" }).split("\n");

  test("[U] failed: the verdict, a line for each index that failed, and where there is more", () => {
    const jobs = [kubeJob({ completed: "0,2-3", failed: "1,4", conditions: [condition("Failed", failure)] })];
    const pods = [
      pod(1, { attempt: 2, state: ended(3, { message: "no rows" }) }),
      pod(4, { attempt: 0, state: ended(128, { reason: "StartError", startedAt: NEVER_STARTED }) }),
    ];
    expect(message("failed", task, { jobs, pods })).toEqual([
      'JobRun "nightly" failed: [FailedIndexes] Job has failed indexes',
      "  index 1: ContainerExitedCode3 after 3 attempts: no rows",
      "  index 4: ExecutableNotFound after 1 attempt",
      more,
    ]);
  });

  test("[U] failed on its deadline", () => {
    const spec = runSpec({ arraySize: 2, maxExecutionTime: 60 });
    const deadline = { reason: "DeadlineExceeded", message: "Job was active longer than specified deadline" };
    const jobs = [kubeJob({ completed: "0", conditions: [condition("FailureTarget", deadline)] })];
    expect(message("failed", spec, { jobs, pods: [pod(1, { attempt: 1, state: running() })] })).toEqual([
      'JobRun "nightly" failed: [DeadlineExceeded] Job was active longer than specified deadline',
      "  index 1: MaxExecutionTimeExceeded after 2 attempts",
      more,
    ]);
  });

  test("[U] 50 failures are cut after ten", () => {
    const spec = runSpec({ arraySize: 50, retryLimit: 0 });
    const jobs = [kubeJob({ failed: "0-49", conditions: [condition("Failed", failure)] })];
    const pods = Array.from({ length: 50 }, (_, i) => pod(i, { state: ended(1) }));
    const lines = message("failed", spec, { jobs, pods });
    expect(lines).toHaveLength(13);
    expect(lines.slice(1, 3)).toEqual([
      "  index 0: ContainerExitedCode1 after 1 attempt",
      "  index 1: ContainerExitedCode1 after 1 attempt",
    ]);
    expect(lines.slice(10)).toEqual(["  index 9: ContainerExitedCode1 after 1 attempt", "  and 40 more", more]);
  });

  test("[U] ten failures are all told, eleven are not", () => {
    const cut = (count: number): string | undefined => {
      const spec = runSpec({ arraySize: count, retryLimit: 0 });
      const pods = Array.from({ length: count }, (_, i) => pod(i, { state: ended(1) }));
      const jobs = [kubeJob({ failed: `0-${count - 1}`, conditions: [condition("Failed", failure)] })];
      return message("failed", spec, { jobs, pods }).at(-2);
    };
    expect(cut(10)).toBe("  index 9: ContainerExitedCode1 after 1 attempt");
    expect(cut(11)).toBe("  and 1 more");
  });

  test("[U] of a run too wide to tell all, every failure is counted", () => {
    const spec = runSpec({ arraySize: 250, retryLimit: 0 });
    const pods = Array.from({ length: 250 }, (_, i) => pod(i, { state: ended(1) }));
    const jobs = [kubeJob({ failed: "0-249", conditions: [condition("Failed", failure)] })];
    expect(message("failed", spec, { jobs, pods }).at(-2)).toBe("  and 240 more");
  });

  test("[U] a daemon that crashes again and again", () => {
    const crashing = { state: waiting("CrashLoopBackOff"), restarts: 3, lastState: ended(2) };
    const pods = [daemonPod(0, crashing), daemonPod(1, { state: running() })];
    expect(message("failed", daemon, { pods })).toEqual([
      'JobRun "nightly" failed: index 0: ContainerExitedCode2, restart 3',
      "  index 0: ContainerExitedCode2 after 3 restarts",
      more,
    ]);
  });

  describe("that lasted too long", () => {
    const pods = [0, 2].map((index) => pod(index, { state: waiting("ErrImagePull", "not there") }));
    const limited = (spec: typeof task, observed: object): string[] => {
      const view = seen(spec, observed);
      const [trouble] = view.troubles as [Trouble];
      const limit = { trouble, graceSeconds: 60, secondsLeft: 0 };
      return outcomeMessage({ outcome: "failed", seen: { ...view, limit } }, { spec, namespace: "jobs" }).split("\n");
    };
    const describeMore =
      "more: npx jobrun get nightly --namespace jobs, or kubectl describe jobs,deployments,pods --namespace jobs --selector pulumi-jobrun/run=nightly";

    test("[U] names it in Kubernetes' words, says what to do and what becomes of the run", () => {
      expect(limited(task, { pods })).toEqual([
        'JobRun "nightly" cannot go on: [ErrImagePull] not there',
        "  indices 0,2, without any progress of the run for 60 s",
        "  what to do: correct `image` or `imagePullSecrets`, or push the image",
        "  the run stays in the cluster, and the next `pulumi up` waits on",
        describeMore,
      ]);
    });

    test("[U] tells what else is in the way", () => {
      const lines = limited(task, { pods: [...pods, pod(1, { conditions: [unschedulable("no room")] })] });
      expect(lines[2]).toBe("  index 1: [Unschedulable] no room");
    });

    test("[U] tells a long list of rules to its end", () => {
      const long = `${"rule, ".repeat(150)}last rule`;
      expect(limited(task, { pods: [pod(0, { state: waiting("CreateContainerError", long) })] })[0]).toMatch(
        /last rule$/,
      );
    });
  });

  test("[U] not in time: it goes on, and why it has not got further", () => {
    const pods = [pod(0, { state: waiting("ImagePullBackOff", "Back-off pulling image") })];
    expect(message("timeout", task, { pods })).toEqual([
      'JobRun "nightly" is not ready in time, and goes on: 0/5 succeeded, 5 pending; index 0: [ImagePullBackOff] Back-off pulling image; the next `pulumi up` waits on, `customTimeouts` give it longer',
      more,
    ]);
  });

  test("[U] interrupted: it goes on", () => {
    expect(message("interrupted", task, { pods: [pod(0, { state: running() })] })).toEqual([
      'JobRun "nightly" goes on, the wait was interrupted: 0/5 succeeded, 1 running, 4 pending; the next `pulumi up` waits on',
      more,
    ]);
  });

  test("[U] an index that succeeded after a failure is no line of it", () => {
    const jobs = [kubeJob({ completed: "0", failed: "1", conditions: [condition("Failed", failure)] })];
    const pods = [
      pod(0, { state: ended(7) }),
      pod(0, { attempt: 1, created: 15, state: ended(0) }),
      pod(1, { attempt: 2, state: ended(1) }),
    ];
    const lines = message("failed", runSpec({ arraySize: 2, retryLimit: 2 }), { jobs, pods });
    expect(lines.filter((line) => line.startsWith("  "))).toEqual(["  index 1: ContainerExitedCode1 after 3 attempts"]);
  });
});

describe("every reason for which Kubernetes fails a Job", () => {
  const reasons = [
    "FailedIndexes",
    "MaxFailedIndexesExceeded",
    "PodFailurePolicy",
    "BackoffLimitExceeded",
    "DeadlineExceeded",
  ];
  test.each(reasons.flatMap((reason) => ["Failed", "FailureTarget"].map((type) => [reason, type] as const)))(
    "[U] is the verdict, in its words: %s, as %s",
    (reason, type) => {
      const conditions = [condition(type, { reason, message: `words of ${reason}` })];
      const view = seen(task, { jobs: [kubeJob({ completed: "0", failed: "1", conditions })], pods: [] });
      expect(view).toMatchObject({ status: "failed", statusDetails: { reason, succeeded: 1 } });
      const message = outcomeMessage({ outcome: "failed", seen: view, tails: [] }, { spec: task, namespace: "jobs" });
      expect(message).toContain(`JobRun "nightly" failed: [${reason}] words of ${reason}`);
    },
  );
});
