import { warningsOf } from "../../../../provider/core/status/warnings";
import { daemonPod, ended, pod, running, seen, waiting } from "../../support/cluster";
import { runSpec } from "../../support/specs";

const disrupted = { type: "DisruptionTarget", status: "True", reason: "EvictionByEvictionAPI" };
const warnings = (spec: ReturnType<typeof runSpec>, pods: ReturnType<typeof pod>[]): string[] =>
  warningsOf(seen(spec, { pods }), spec);
const unfinished = "its work may be unfinished, and Kubernetes counts it as done";

describe("a task that answers SIGTERM with exit code 0", () => {
  const task = runSpec({ arraySize: 5 });
  const done = { state: ended(0) };

  test("[U] draws a warning when its pod is evicted", () => {
    expect(warnings(task, [pod(3, { ...done, conditions: [disrupted] }), pod(1, done)])).toEqual([
      `index 3 ended with exit 0 while being evicted: ${unfinished}`,
    ]);
  });

  test("[U] draws one warning for all of them", () => {
    const pods = [4, 2, 3].map((index) => pod(index, { ...done, conditions: [disrupted] }));
    expect(warnings(task, pods)).toEqual([`indices 2-4 ended with exit 0 while being evicted: ${unfinished}`]);
  });

  test("[U] draws a warning when somebody deletes its pod", () => {
    expect(warnings(task, [pod(0, { ...done, deleting: true })])).toEqual([
      `index 0 ended with exit 0 while being deleted: ${unfinished}`,
    ]);
  });

  test.each([
    ["another exit code", pod(0, { state: ended(143), conditions: [disrupted] })],
    ["a pod that still runs", pod(0, { state: running(), conditions: [disrupted] })],
    ["an eviction that was called off", pod(0, { ...done, conditions: [{ ...disrupted, status: "False" }] })],
  ])("[U] and none for %s", (_title, observed) => {
    expect(warnings(task, [observed])).toEqual([]);
  });
});

describe("a daemon", () => {
  const daemon = runSpec({ mode: "daemon", arraySize: 2 });

  test("[U] whose pod is drained draws none: it runs again", () => {
    const gone = daemonPod(0, { phase: "Succeeded", state: ended(0), conditions: [disrupted], deleting: true });
    expect(warnings(daemon, [gone])).toEqual([]);
  });

  test("[U] that is started again after exit code 0 runs on a node that is too old", () => {
    const again = daemonPod(1, { state: running(), restarts: 2, lastState: ended(0) });
    expect(warnings(daemon, [again])).toEqual([
      "index 1 started again after exit 0: the node does not keep to the restart policy of a container, for which it needs Kubernetes 1.35",
    ]);
  });

  test("[U] that is started again after a crash does not", () => {
    expect(warnings(daemon, [daemonPod(1, { state: running(), restarts: 2, lastState: ended(1) })])).toEqual([]);
  });

  test("[U] without its keep-alive draws a warning that names the setting", () => {
    const pods = [0, 1].map((index) =>
      daemonPod(index, {
        state: running(),
        phase: "Pending",
        keepAlive: waiting("ImagePullBackOff", "Back-off pulling"),
      }),
    );
    expect(warnings(daemon, pods)).toEqual([
      "the keep-alive container of indices 0-1 does not start: [ImagePullBackOff] Back-off pulling; name an image that can be pulled with `jobrun:keepAliveImage`",
    ]);
  });

  test("[U] beside which somebody else's container is stuck does not", () => {
    const observed = daemonPod(0, { state: running(), keepAlive: waiting("ImagePullBackOff") });
    const statuses = observed.status?.containerStatuses ?? [];
    const renamed = statuses.map((status) => (status.name === "keep-alive" ? { ...status, name: "mesh" } : status));
    expect(warnings(daemon, [{ ...observed, status: { ...observed.status, containerStatuses: renamed } }])).toEqual([]);
  });

  test("[U] whose keep-alive is still being created does not", () => {
    expect(warnings(daemon, [daemonPod(0, { state: running(), keepAlive: waiting("ContainerCreating") })])).toEqual([]);
  });

  describe("whose pods a webhook has changed", () => {
    const changed = (restartPolicy: string, own?: string): ReturnType<typeof pod> => {
      const found = daemonPod(1, { state: running() });
      const labels = { ...found.metadata.labels, "pulumi-jobrun/mode": "daemon" };
      const container = { name: "nightly", ...(own !== undefined && { restartPolicy: own }) };
      const containers = [container, { name: "mesh" }];
      return { ...found, metadata: { ...found.metadata, labels }, spec: { restartPolicy, containers } };
    };

    test("[U] draws a warning that names pod and field", () => {
      expect(warnings(daemon, [changed("Always")])).toEqual([
        "index 1 runs without `restartPolicy` of its container, in pod nightly-1-0: a webhook has taken it away, and Kubernetes does not restart as a daemon needs",
      ]);
    });

    test.each([
      ["the field is still there", changed("Always", "OnFailure")],
      ["the pod itself restarts on failure, on older clusters", changed("OnFailure")],
    ])("[U] draws none when %s", (_title, observed) => {
      expect(warnings(daemon, [observed])).toEqual([]);
    });
  });
});
