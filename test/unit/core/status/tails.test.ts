import { tailText, tellersOf } from "../../../../provider/core/status/tails";
import { condition, daemonPod, ended, kubeJob, pod, running, seen, waiting } from "../../support/cluster";
import { runSpec } from "../../support/specs";

const failure = condition("FailureTarget", { reason: "FailedIndexes" });
const told = (view: Parameters<typeof tellersOf>[0]): string[] =>
  tellersOf(view).map(({ pod: { name }, previous }) => (previous ? `${name} before` : name));

describe("whose last lines are shown", () => {
  const task = runSpec({ arraySize: 6, retryLimit: 1 });
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
    expect(told(seen(daemon, { pods }))).toEqual(["nightly-0-0 before", "nightly-1-0"]);
  });
});

describe("what is shown of them", () => {
  const [teller] = tellersOf(
    seen(runSpec(), { jobs: [kubeJob({ failed: "0", conditions: [failure] })], pods: [pod(0, { state: ended(1) })] }),
  );
  const text = (log: string, secrets: string[] = []): string => (teller ? tailText(teller.pod, log, secrets) : "");

  test("[U] index, pod and lines", () => {
    expect(text("one\ntwo\n\n")).toBe("  index 0 printed last (pod nightly-0-0):\n    one\n    two");
  });

  test("[U] that there is nothing", () => {
    expect(text("")).toBe("  index 0 printed last (pod nightly-0-0):\n    nothing");
  });

  test("[U] secret values masked", () => {
    expect(text("password=hunter22 ok", ["hunter22"])).toContain("password=[secret] ok");
    expect(text(`token ${Buffer.from("hunter22").toString("base64")}`, ["hunter22"])).not.toContain("aHVudGVyMjI");
  });

  test("[U] long lines cut", () => {
    expect(text("x".repeat(5_000)).length).toBeLessThan(600);
  });
});
