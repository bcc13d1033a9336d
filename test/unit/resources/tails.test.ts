import type { EnvVar, JobRunInputs } from "../../../provider/core/spec/types";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { ended, pod } from "../support/cluster";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, endJob, hookContext, initFailureOf, runInputs } from "./support";

let cluster: FakeCluster;
beforeEach(() => {
  cluster = new FakeCluster();
});

const secret: EnvVar = { name: "PASSWORD", value: "hunter22", secret: true };

/** The message of a run whose only index fails after it has printed that. */
async function messageOf(log: string | undefined, said: Partial<JobRunInputs> = {}): Promise<string> {
  if (log !== undefined) cluster.logsOf.set("nightly-0-0", log);
  cluster.at("create Job", () => {
    setImmediate(() => {
      const { uid = "" } = cluster.object("ConfigMap", "nightly.jobrun").metadata;
      const failed = pod(0, { state: ended(7) });
      const labels = { ...failed.metadata.labels, "pulumi-jobrun/run-uid": uid };
      cluster.put({ ...failed, metadata: { ...failed.metadata, labels } });
      endJob(cluster, { success: false });
    });
  });
  const hooks = jobRunHooks(clustersOf(cluster));
  return (await initFailureOf(hooks.create(hookContext(), runInputs(said)))).message;
}

test("[U] a failed run shows what its program printed last", async () => {
  expect(await messageOf("starting\nboom")).toContain(
    "  index 0 printed last (pod nightly-0-0):\n    starting\n    boom",
  );
});

test("[U] as many lines as asked for, and none when none are", async () => {
  expect(await messageOf("one\ntwo\nthree", { logs: { tailLines: 1 } })).toMatch(/:\n {4}three\n/);
  cluster = new FakeCluster();
  expect(await messageOf("one", { logs: { tailLines: 0 } })).not.toContain("printed last");
  expect(cluster.calls.filter((call) => call.startsWith("log"))).toEqual([]);
});

test("[U] secret values are masked in them, and without the right to know these nothing is shown", async () => {
  const shown = await messageOf("password is hunter22", { env: [secret] });
  expect(shown).toContain("password is [secret]");
  expect(shown).not.toContain("hunter22");
});

test.each([
  ["has gone", () => undefined],
  [
    "may not be read",
    () => {
      cluster.refuse("log Pod nightly-0-0", 403, "Forbidden");
    },
  ],
])("[U] a log that %s hides no verdict", async (_title, prepare) => {
  prepare();
  const message = await messageOf(undefined);
  expect(message).toContain("FailedIndexes");
  expect(message).not.toContain("printed last");
});
