import { ClusterError } from "../../../provider/cluster/errors";
import { jobHooks } from "../../../provider/resources/job";
import { jobRunHooks } from "../../../provider/resources/jobRun";
import type { Clusters } from "../../../provider/resources/clusters";
import { hookContext } from "./support";

const FORGET = "; if the cluster is gone for good, take the resource out of the state with `pulumi state delete`";

const clustersThatFail = (error: Error): Clusters => ({
  settings: () => Promise.resolve({}),
  open: () => Promise.reject(error),
});

const state = {
  outputs: { name: "nightly" },
  hidden: { inputs: { name: "nightly", image: "app:1" }, server: "https://c", namespace: "jobs", uid: "1" },
};

const removals = {
  job: (clusters: Clusters) => jobHooks(clusters).delete(hookContext(), state),
  "job run": (clusters: Clusters) => jobRunHooks(clusters).delete(hookContext(), state),
};

describe.each(Object.entries(removals))("the removal of a %s", (_kind, removal) => {
  test.each(["there is no context", "the API server https://c does not answer"])(
    "[U] says how to forget it when the cluster is not to be had: %s",
    async (message) => {
      await expect(removal(clustersThatFail(new ClusterError(message)))).rejects.toThrow(message + FORGET);
    },
  );

  test("[U] says nothing of that when the cluster answers", async () => {
    const refused = new ClusterError("403", { status: 403 });
    await expect(removal(clustersThatFail(refused))).rejects.toBe(refused);
  });
});
