import type { KubeJob } from "../../../provider/core/kube/types";
import type { EnvVar, JobRunInputs } from "../../../provider/core/spec/types";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { condition, ended, kubeJob, running } from "../support/cluster";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, endJob, hookContext, initFailureOf, putPod, runInputs, settled } from "./support";

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});

const secret: EnvVar = { name: "PASSWORD", value: "hunter22", secret: true };
const logCalls = (): string[] => cluster.calls.filter((call) => call.startsWith("log"));

/** The message of a run to which that happens while it is waited for. */
async function failureOf(story: () => Promise<void> | void, said: Partial<JobRunInputs> = {}): Promise<string> {
  const hooks = jobRunHooks(clustersOf(cluster));
  const work = initFailureOf(hooks.create(hookContext(), runInputs(said)));
  while (!cluster.calls.some((call) => call.startsWith("follow"))) await new Promise(setImmediate);
  await settled();
  await story();
  return (await work).message;
}

/** The message of a run whose only index fails after it has printed that. */
const messageOf = (log: string | undefined, said: Partial<JobRunInputs> = {}): Promise<string> =>
  failureOf(() => {
    putPod(cluster, 0, { state: ended(7), ...(log !== undefined && { log }) });
    endJob(cluster, { success: false });
  }, said);

/** Ends the run's Job at its deadline. */
function timeIsOver(completed: string): void {
  const { status } = kubeJob({ completed, conditions: [condition("FailureTarget", { reason: "DeadlineExceeded" })] });
  cluster.put({ ...cluster.object<KubeJob>("Job", "nightly"), ...{ status } });
}

describe("a failed run", () => {
  test("[U] shows what its program printed last", async () => {
    expect(await messageOf("starting\nboom")).toContain(
      "  index 0 printed last (pod nightly-0-0):\n    starting\n    boom",
    );
  });

  test("[U] shows as many lines as asked for, and reads nothing when none are", async () => {
    expect(await messageOf("one\ntwo\nthree", { logs: { tailLines: 1 } })).toMatch(/:\n {4}three\n/);
    cluster = new FakeCluster();
    expect(await messageOf("one", { logs: { tailLines: 0 } })).not.toContain("printed last");
    expect(logCalls()).toEqual([]);
  });

  test("[U] shows them with the secret values masked", async () => {
    const shown = await messageOf("password is hunter22", { env: [secret] });
    expect(shown).toContain("password is [secret]");
    expect(shown).not.toContain("hunter22");
  });

  test("[U] shows what was read while the pod was there, though it has gone since", async () => {
    const message = await failureOf(
      async () => {
        putPod(cluster, 1, { state: ended(7), log: "boom" });
        await settled();
        cluster.drop("Pod", "nightly-1-0");
        await settled();
        endJob(cluster, { success: false });
      },
      { arraySize: 2 },
    );
    expect(message).toContain("index 1 printed last (pod nightly-1-0):\n    boom");
  });

  test("[U] shows what was printed by a program that the deadline ends while it runs", async () => {
    const message = await failureOf(
      () => {
        putPod(cluster, 0, { state: ended(0), log: "done" });
        putPod(cluster, 1, { state: running(), log: "second 9" });
        timeIsOver("0");
      },
      { arraySize: 2 },
    );
    expect(message).toContain("index 1 printed last (pod nightly-1-0):\n    second 9");
    expect(message).not.toContain("done");
  });

  test("[U] reads at the verdict at once, before it looks at anything else", async () => {
    await failureOf(() => {
      putPod(cluster, 0, { state: running(), log: "second 9" });
      timeIsOver("");
    });
    const [first] = logCalls();
    const after = cluster.calls.slice(cluster.calls.findIndex((call) => call.startsWith("follow")));
    const look = after.findIndex((call) => call.startsWith("list Job"));
    expect(after.indexOf(first ?? "")).toBeLessThan(look);
  });

  test("[U] shows what a pod printed as it was deleted, to its end where that can be read", async () => {
    const message = await failureOf(async () => {
      putPod(cluster, 0, { state: running(), deleting: true, log: "so far" });
      await settled();
      putPod(cluster, 0, { state: ended(143), deleting: true, log: "so far\ngoodbye" });
      await settled();
      cluster.drop("Pod", "nightly-0-0");
      await settled();
      endJob(cluster, { success: false });
    });
    expect(message).toContain(":\n    so far\n    goodbye");
  });

  test("[U] shows the last attempt, and the one before where that could not be read", async () => {
    const attempts = (log: string | undefined) => async () => {
      putPod(cluster, 0, { state: ended(7), log: "first" });
      await settled();
      putPod(cluster, 0, { attempt: 1, created: 20, state: ended(7), ...(log !== undefined && { log }) });
      await settled();
      endJob(cluster, { success: false });
    };
    expect(await failureOf(attempts("second"))).toContain("(pod nightly-0-1):\n    second");
    cluster = new FakeCluster();
    expect(await failureOf(attempts(undefined))).toContain("(pod nightly-0-0):\n    first");
  });

  test("[U] of a thousand indices reads no more logs than it shows, three at a time", async () => {
    let most = 0;
    let under = 0;
    const logs = cluster.logs.bind(cluster);
    jest.spyOn(cluster, "logs").mockImplementation(async (...asked) => {
      most = Math.max(most, ++under);
      return logs(...asked).finally(() => under--);
    });
    const message = await failureOf(
      async () => {
        for (let index = 0; index < 1_000; index++) putPod(cluster, index, { state: ended(7), log: index.toString() });
        await settled();
        const { status } = kubeJob({ failed: "0-999", conditions: [condition("FailureTarget")] });
        cluster.put({ ...cluster.object<KubeJob>("Job", "nightly"), ...{ status } });
      },
      { arraySize: 1_000 },
    );
    expect(message.match(/printed last/g)).toHaveLength(3);
    expect(logCalls()).toEqual(["log Pod nightly-0-0", "log Pod nightly-1-0", "log Pod nightly-2-0"]);
    expect(most).toBeLessThanOrEqual(3);
  });
});

describe("a log that cannot be read hides no verdict:", () => {
  test("[U] one that has gone with its pod is told to have", async () => {
    const message = await messageOf(undefined);
    expect(message).toContain("FailedIndexes");
    expect(message).toContain(
      "  what index 0 printed last is not known (pod nightly-0-0): it was deleted before its log could be read",
    );
  });

  test("[U] one whose container the kubelet has removed is told to have gone", async () => {
    cluster.refuse("log Pod nightly-0-0", 400, "BadRequest");
    expect(await messageOf("boom")).toContain("(pod nightly-0-0): its container has gone, and its log with it");
  });

  test("[U] one that the server fails to give is told with its words", async () => {
    cluster.refuse("log Pod nightly-0-0", 500, "InternalError");
    expect(await messageOf("boom")).toContain("(pod nightly-0-0): cannot log Pod nightly-0-0: 500 InternalError - no");
  });

  test("[U] one that may not be read is not told of: the missing right has been", async () => {
    cluster.refuse("log Pod nightly-0-0", 403, "Forbidden");
    expect(await messageOf("boom")).not.toContain("printed last");
  });

  test("[U] without the right nothing is asked", async () => {
    cluster.lacks.add("get pods/log");
    expect(await messageOf("boom")).not.toContain("printed last");
    expect(logCalls()).toEqual([]);
  });

  test("[U] what cannot be masked is not read", async () => {
    const work = messageOf("hunter22", { env: [secret] });
    cluster.refuse("get Secret nightly.jobrun", 403, "Forbidden");
    expect(await work).not.toContain("printed last");
    expect(logCalls()).toEqual([]);
  });
});

test("[U] a daemon that crashes again and again shows what it printed before its last restart", async () => {
  const message = await failureOf(
    async () => {
      putPod(cluster, 0, { own: true, state: running(), log: "start 0" });
      await settled();
      cluster.logsOf.set("nightly-0-0 before", "crash 2");
      putPod(cluster, 0, { own: true, state: running(), restarts: 3, lastState: ended(4), log: "start 3" });
    },
    { mode: "daemon", wait: { stableSeconds: 60 } },
  );
  expect(message).toContain(":\n    crash 2");
  expect(message).not.toContain("start 3");
});
