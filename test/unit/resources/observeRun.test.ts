import { observeRun } from "../../../provider/resources/observeRun";
import { kubeJob, pod } from "../support/cluster";
import { runSpec } from "../support/specs";
import { FakeCluster } from "./fakeCluster";

const place = { namespace: "jobs", uid: "run-1" };
let cluster: FakeCluster;
let warnings: string[];

beforeEach(() => {
  cluster = new FakeCluster();
  warnings = [];
  cluster.put(kubeJob());
  cluster.put(pod(0));
});

const look = (mode: "task" | "daemon") =>
  observeRun(cluster, { ...place, spec: runSpec({ mode }) }, { warn: (message) => warnings.push(message) });

describe("a single look", () => {
  test("[U] at a task asks for nothing that only daemons have", async () => {
    expect(await look("task")).toMatchObject({ jobs: [{ name: "nightly" }], deployments: [], pods: [{ index: 0 }] });
    expect(cluster.calls.filter((call) => call.startsWith("list Deployment"))).toEqual([]);
  });

  test.each([
    ["a task", "task", "Pod", { jobs: [{ name: "nightly" }], pods: [] }],
    ["a daemon", "daemon", "Job", { jobs: [], pods: [{ index: 0 }] }],
    ["a daemon", "daemon", "Deployment", { deployments: [], pods: [{ index: 0 }] }],
  ] as const)(
    "[U] at %s (%s) goes on without %ss that may not be read, and says so",
    async (_title, mode, kind, seen) => {
      cluster.refuse(`list ${kind}`, 403, "Forbidden");
      expect(await look(mode)).toMatchObject(seen);
      expect(warnings).toEqual([
        expect.stringMatching(`403 Forbidden - no; the run is judged without what its ${kind}s tell`),
      ]);
    },
  );

  test.each([
    ["a task", "task", "Job", 403],
    ["a daemon", "daemon", "Pod", 403],
    ["a task", "task", "Pod", 500],
  ] as const)("[U] at %s (%s) fails with %ss that are refused with %i", async (_title, mode, kind, status) => {
    cluster.refuse(`list ${kind}`, status, "Refused");
    await expect(look(mode)).rejects.toMatchObject({ status });
    expect(warnings).toEqual([]);
  });
});
