import type { JobRunInputs } from "../../../provider/core/spec/types";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import { FakeCluster } from "./fakeCluster";
import { clustersOf, hookContext, runInputs } from "./support";

let cluster: FakeCluster;
let hooks: ReturnType<typeof jobRunHooks>;
beforeEach(() => {
  cluster = new FakeCluster();
  hooks = jobRunHooks(clustersOf(cluster));
});

const inputs = (said: Partial<JobRunInputs>): JobRunInputs => runInputs({ wait: { until: "nothing" }, ...said });

/** An `up` begins that run, and is killed before the engine hears of it. */
async function abandon(name: string, resource = "nightly"): Promise<void> {
  const killed = hookContext({ name: resource, isHeard: () => Promise.resolve(false) });
  await expect(hooks.create(killed, inputs({ name }))).rejects.toThrow("the engine has gone");
}

describe("what an `up` that was killed has begun, under a name that the inputs no longer give", () => {
  test("[U] is removed before the resource begins anything else", async () => {
    await abandon("nightly-one");
    cluster.at("create ConfigMap nightly-two.jobrun", () => expect(cluster.names).toEqual([]));
    await hooks.create(hookContext(), inputs({ name: "nightly-two" }));
    expect(cluster.names).toEqual(["ConfigMap nightly-two.jobrun", "Job nightly-two"]);
  });

  test("[U] is removed with the resource", async () => {
    const { state } = await hooks.create(hookContext(), inputs({ name: "nightly-one" }));
    await abandon("nightly-two");
    await hooks.delete(hookContext(), state);
    expect(cluster.names).toEqual([]);
  });

  test("[U] is left alone when it is another resource's", async () => {
    await abandon("hourly-one", "hourly");
    await hooks.create(hookContext(), inputs({ name: "nightly-two" }));
    expect(cluster.names).toContain("Job hourly-one");
  });

  test("[U] is left alone when the engine knows of it: it may be what is being replaced", async () => {
    await hooks.create(hookContext(), inputs({ name: "nightly-one" }));
    await hooks.create(hookContext(), inputs({ name: "nightly-two" }));
    expect(cluster.names).toContain("Job nightly-one");
  });

  test("[U] stays where records may not be listed", async () => {
    await abandon("nightly-one");
    cluster.lacks.add("list configmaps");
    await hooks.create(hookContext(), inputs({ name: "nightly-two" }));
    expect(cluster.names).toContain("Job nightly-one");
  });
});
