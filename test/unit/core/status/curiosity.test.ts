import { curious } from "../../../../provider/core/status/curiosity";
import { condition, ended, kubeJob, pod, running, seen, unschedulable, waiting } from "../../support/cluster";
import { runSpec } from "../../support/specs";

type Observed = Parameters<typeof seen>[1];

/** The looks of one wait: whose events are wanted at each. */
function looks(spec = runSpec({ arraySize: 2, retryLimit: 1 })) {
  let now = 0;
  const wanted = curious(spec, () => now);
  return (seconds: number, observed: Observed) => {
    now = seconds;
    return wanted(seen(spec, observed));
  };
}

const alive = { state: running() };
const creating = pod(0, { state: waiting("ContainerCreating") });
const none = { kinds: [] };

describe("events of a Job are wanted", () => {
  test("[U] when a pod is still missing after two seconds", () => {
    const look = looks();
    const observed = { jobs: [kubeJob()] };
    expect(look(50, observed)).toEqual({ kinds: [], recheckSeconds: 2 });
    expect(look(51.5, observed)).toEqual({ kinds: [], recheckSeconds: 0.5 });
    expect(look(52, observed)).toEqual({ kinds: ["Job"] });
  });

  test("[U] but not while there are more and more pods", () => {
    const look = looks(runSpec({ arraySize: 100 }));
    for (let count = 0; count < 100; count++) {
      const pods = Array.from({ length: count }, (_, index) => pod(index, alive));
      expect(look(count, { jobs: [kubeJob()], pods }).kinds).toEqual([]);
    }
  });

  test("[U] when no more pods come than end", () => {
    const look = looks();
    const first = { jobs: [kubeJob()], pods: [pod(0, alive)] };
    look(0, first);
    expect(look(2, first)).toEqual({ kinds: ["Job"] });
  });

  test.each<[string, Observed]>([
    ["every index has its pod", { pods: [pod(0, alive), pod(1, alive)] }],
    ["all have ended", { pods: [pod(0, { state: ended(0) }), pod(1, { state: ended(0) })] }],
    ["it is suspended", { jobs: [kubeJob({ suspended: true })] }],
    ["it has its verdict", { jobs: [kubeJob({ conditions: [condition("Failed")] })] }],
  ])("[U] but not when %s", (_title, observed) => {
    const look = looks();
    look(0, { jobs: [kubeJob()], ...observed });
    expect(look(60, { jobs: [kubeJob()], ...observed })).toEqual(none);
  });

  test("[U] anew two seconds after it was let go", () => {
    const look = looks();
    look(0, { jobs: [kubeJob()], pods: [pod(0, alive), pod(1, alive)] });
    look(30, { jobs: [kubeJob({ suspended: true })] });
    expect(look(60, { jobs: [kubeJob()] })).toEqual({ kinds: [], recheckSeconds: 2 });
    expect(look(62, { jobs: [kubeJob()] })).toEqual({ kinds: ["Job"] });
  });
});

describe("events of pods are wanted", () => {
  const one = runSpec({ arraySize: 1 });

  test("[U] when a container is still being created after two seconds", () => {
    const look = looks(one);
    expect(look(0, { pods: [creating] })).toEqual({ kinds: [], recheckSeconds: 2 });
    expect(look(2, { pods: [creating] })).toEqual({ kinds: ["Pod"] });
  });

  test("[U] for each pod two seconds after it came", () => {
    const look = looks(one);
    look(0, { pods: [creating] });
    const another = pod(0, { uid: "another", state: waiting("ContainerCreating") });
    expect(look(1, { pods: [another] })).toEqual({ kinds: [], recheckSeconds: 2 });
  });

  test.each<[string, Observed, typeof one?]>([
    ["it runs", { pods: [pod(0, alive)] }],
    ["it is removed", { pods: [{ ...pod(0, { deleting: true, state: waiting("ContainerCreating") }) }] }],
    ["its status tells all", { pods: [pod(0, { state: waiting("ErrImagePull") })] }],
    ["it has no node", { pods: [{ ...pod(0, { conditions: [unschedulable("no")] }), spec: {} }] }],
    ["it is started again after a crash", { pods: [pod(0, { state: waiting("CrashLoopBackOff") })] }],
  ])("[U] but not when %s", (_title, observed) => {
    const look = looks(one);
    look(0, observed);
    expect(look(60, observed)).toEqual(none);
  });

  test("[U] when the image does not come and there should be a pull secret", () => {
    const look = looks(runSpec({ arraySize: 1, imagePullSecrets: ["registry"] }));
    const observed = { pods: [pod(0, { state: waiting("ErrImagePull") })] };
    look(0, observed);
    expect(look(2, observed)).toEqual({ kinds: ["Pod"] });
  });
});
