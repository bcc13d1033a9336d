import { type BackendFacts, chooseCarrier } from "../../../../provider/core/backend/carrier";
import { mayLandOn, type NodeView, toNodeView } from "../../../../provider/core/backend/nodes";
import { runSpec } from "../../support/specs";

const node = (kubeletVersion: string, said: Partial<NodeView> = {}): NodeView => ({
  name: "node-1",
  kubeletVersion,
  labels: {},
  taints: [],
  ...said,
});

const able: BackendFacts = { keepsContainerRestart: true, nodes: [node("v1.37.2")] };
const choose = (wish: "auto" | "deployment" | "job", facts: Partial<BackendFacts> = {}) =>
  chooseCarrier(wish, runSpec({ mode: "daemon" }), { ...able, ...facts });

describe("what carries a daemon", () => {
  test.each([
    ["where everything is new enough", "auto", {}, "deployment", "rerunsAfterPodLoss", true],
    ["where nodes may not be listed", "auto", { nodes: undefined }, "deployment", "rerunsAfterPodLoss", true],
    ["where the API server drops the field", "auto", { keepsContainerRestart: false }, "job", "stopsOnDrain", false],
    ["where a node is old", "auto", { nodes: [node("v1.34.9")] }, "job", "stopsOnDrain", false],
    ["where it is asked for", "job", {}, "job", "stopsOnDrain", true],
    ["where it is asked for, of an old server", "job", { keepsContainerRestart: false }, "job", "stopsOnDrain", false],
    ["where it is asked for, too", "deployment", {}, "deployment", "rerunsAfterPodLoss", true],
  ] as const)("[U] %s (%s)", (_title, wish, facts, backend, fidelity, containerRestart) => {
    expect(choose(wish, facts)).toMatchObject({ backend, fidelity, containerRestart });
  });

  test.each([
    ["auto", { keepsContainerRestart: false }, /A Deployment will not do: the API server does not keep .* 1[.]35[.]$/],
    ["auto", { nodes: [node("v1.34.9")] }, /A Deployment will not do: node node-1 runs kubelet v1[.]34[.]9, which /],
    [
      "auto",
      { nodes: undefined },
      /Nodes may not be listed: whether one is older than Kubernetes 1[.]35 was not checked/,
    ],
    ["job", {}, /It was asked for[.]$/],
  ] as const)("[U] of the wish %s with %j, the reason says why", (wish, facts, reason) => {
    expect(choose(wish, facts)).toHaveProperty("fidelityReason", expect.stringMatching(reason));
  });

  test.each([
    [{ keepsContainerRestart: false }, /^backend must be `job` or `auto` here, got "deployment": the API server/],
    [{ nodes: [node("v1.33.0")] }, /^backend must be `job` or `auto` here, got "deployment": node node-1 runs/],
  ])("[U] is refused where a Deployment is insisted on, and exit code 0 would start it again: %j", (facts, refused) => {
    expect(choose("deployment", facts)).toEqual({ refused: expect.stringMatching(refused) as string });
  });
});

test.each([
  ["v1.35.0", "deployment"],
  ["v1.35.0-rc.1+k3s1", "deployment"],
  ["v1.34.3-gke.100", "job"],
  ["v1.9.0", "job"],
  ["v2.1.0", "deployment"],
  ["kwok-0.8.0", "deployment"],
  ["", "deployment"],
])("[U] a kubelet of version %j lets the run be carried by a %s", (version, backend) => {
  expect(choose("auto", { nodes: [node("v1.37.0"), node(version)] })).toMatchObject({ backend });
});

const taint = (key: string, value = "", effect = "NoSchedule") => ({ key, value, effect });

describe("an old node counts only where the run's pods may land on it", () => {
  test.each([
    ["it has no taint", {}, {}, true],
    ["it lacks a label that is selected", {}, { nodeSelector: { pool: "batch" } }, false],
    ["it has the label", { labels: { pool: "batch" } }, { nodeSelector: { pool: "batch" } }, true],
    ["it has a taint", { taints: [taint("gpu")] }, {}, false],
    ["the taint is tolerated", { taints: [taint("gpu", "a")] }, { tolerations: [{ key: "gpu", value: "a" }] }, true],
    ["another value is", { taints: [taint("gpu", "a")] }, { tolerations: [{ key: "gpu", value: "b" }] }, false],
    ["any value is", { taints: [taint("gpu", "a")] }, { tolerations: [{ key: "gpu", operator: "Exists" }] }, true],
    ["everything is", { taints: [taint("gpu", "a")] }, { tolerations: [{ operator: "Exists" }] }, true],
    [
      "another effect is",
      { taints: [taint("gpu", "", "NoExecute")] },
      { tolerations: [{ key: "gpu", operator: "Exists", effect: "NoSchedule" }] },
      false,
    ],
    [
      "one of two taints is",
      { taints: [taint("gpu"), taint("spot")] },
      { tolerations: [{ key: "gpu", operator: "Exists" }] },
      false,
    ],
  ])("[U] %s", (_title, said, spec, lands) => {
    expect(mayLandOn(node("v1.30.0", said), runSpec({ mode: "daemon", ...spec }))).toBe(lands);
  });

  test("[U] a taint that only discourages keeps nothing away", () => {
    const view = toNodeView({
      apiVersion: "v1",
      kind: "Node",
      metadata: { name: "node-1" },
      spec: { taints: [taint("slow", "", "PreferNoSchedule"), taint("gpu")] },
      status: { nodeInfo: { kubeletVersion: "v1.37.2" } },
    });
    expect(view).toEqual({ name: "node-1", kubeletVersion: "v1.37.2", labels: {}, taints: [taint("gpu")] });
  });
});
