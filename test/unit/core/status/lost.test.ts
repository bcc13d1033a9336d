import { lossOf } from "../../../../provider/core/status/lost";
import type { RunView } from "../../../../provider/core/status/runStatus";
import { condition, kubeJob, seen } from "../../support/cluster";
import { runSpec } from "../../support/specs";

const contiguous = runSpec({ arraySize: 3 });
const sparse = runSpec({ arrayIndices: "1,3,5" });
const daemon = runSpec({ mode: "daemon", arrayIndices: "0-2" });

const verdict = [condition("SuccessCriteriaMet")];
const deployment = (index: number) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    name: `nightly-${index}`,
    uid: `deployment-${index}`,
    labels: { "pulumi-jobrun/run-uid": "run-1", "pulumi-jobrun/index": index.toString() },
  },
});

type Observed = Parameters<typeof seen>[1];

/** What is there, and what has been there. */
function viewOf(spec: typeof sparse, here: Observed, gone: Observed = {}): RunView {
  const [now, before] = [seen(spec, here), seen(spec, gone)];
  return {
    jobs: [...now.jobs, ...before.jobs.map((job) => ({ ...job, gone: true as const }))],
    deployments: [...now.deployments, ...before.deployments.map((object) => ({ ...object, gone: true as const }))],
    pods: [],
  };
}

const again = " before it had ended; the next `pulumi up` starts it again";

describe("a run of which nothing is lost", () => {
  test.each<[string, typeof sparse, Observed, Observed]>([
    ["has its Job", contiguous, { jobs: [kubeJob()] }, {}],
    ["has not been seen yet", contiguous, {}, {}],
    ["had the verdict before its Job was deleted", contiguous, {}, { jobs: [kubeJob({ conditions: verdict })] }],
    ["has a new Job in place of the deleted one", contiguous, { jobs: [kubeJob()] }, { jobs: [kubeJob()] }],
    ["has other Jobs that still work", sparse, { jobs: [kubeJob({ index: 1 })] }, { jobs: [kubeJob({ index: 3 })] }],
    [
      "lost a Deployment of an index that it no longer has",
      daemon,
      { deployments: [0, 1, 2].map(deployment) },
      { deployments: [deployment(7)] },
    ],
    ["is a daemon with a Deployment for each index", daemon, { deployments: [0, 1, 2].map(deployment) }, {}],
    ["is a daemon whose Deployments are still to come", daemon, {}, {}],
  ])("[U] %s", (_title, spec, here, gone) => {
    expect(lossOf(viewOf(spec, here, gone), { spec, complete: false })).toBeUndefined();
  });
});

describe("a run is lost", () => {
  test.each<[string, string, typeof sparse, Observed, Observed]>([
    ["with its Job", "its Job was deleted", contiguous, {}, { jobs: [kubeJob({ completed: "0" })] }],
    [
      "with one of its Jobs, when the others have their verdicts",
      "its Job of index 3 was deleted",
      sparse,
      { jobs: [1, 5].map((index) => kubeJob({ index, conditions: verdict })) },
      { jobs: [kubeJob({ index: 3 })] },
    ],
    [
      "with one of its Jobs, when another one was deleted after its verdict",
      "its Job of index 3,5 was deleted",
      sparse,
      {},
      { jobs: [kubeJob({ index: 1, conditions: verdict }), kubeJob({ index: 3 }), kubeJob({ index: 5 })] },
    ],
    [
      "with one Deployment of a daemon, at once",
      "its Deployment or Job of index 1 was deleted",
      daemon,
      { deployments: [deployment(0), deployment(2)] },
      { deployments: [deployment(1)] },
    ],
  ])("[U] %s", (_title, why, spec, here, gone) => {
    expect(lossOf(viewOf(spec, here, gone), { spec, complete: false })).toBe(why + again);
  });
});

describe("a run that was complete before", () => {
  test.each<[string, string | undefined, typeof sparse, Observed]>([
    ["is lost when its Job is not there", "its Job was deleted", contiguous, {}],
    ["is not lost when its Job is there", undefined, contiguous, { jobs: [kubeJob()] }],
    [
      "is lost when one of its Jobs is not there and the others have ended",
      "its Job of index 1,5 was deleted",
      sparse,
      { jobs: [kubeJob({ index: 3, conditions: verdict })] },
    ],
    ["goes on while another Job works", undefined, sparse, { jobs: [kubeJob({ index: 3 })] }],
    ["and is a daemon is made complete again by who updates it", undefined, daemon, {}],
  ])("[U] %s", (_title, why, spec, here) => {
    expect(lossOf(viewOf(spec, here), { spec, complete: true })).toBe(why && why + again);
  });
});
