import type { KubeNode, Taint } from "../kube/types";
import type { RunSpec } from "../spec/types";

/** What is kept of a node. */
export interface NodeView {
  readonly name: string;
  readonly kubeletVersion: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Those that keep pods away. */
  readonly taints: readonly Taint[];
}

export function toNodeView({ metadata: { name, labels = {} }, spec, status }: KubeNode): NodeView {
  const taints = (spec?.taints ?? []).filter(({ effect }) => effect !== "PreferNoSchedule");
  return { name, labels, taints, kubeletVersion: status?.nodeInfo?.kubeletVersion ?? "" };
}

/** Whether node selector and taints let the run's pods onto the node (Kubernetes' rule). */
export function mayLandOn({ labels, taints }: NodeView, { nodeSelector = {}, tolerations = [] }: RunSpec): boolean {
  return (
    Object.entries(nodeSelector).every(([key, value]) => labels[key] === value) &&
    taints.every((taint) => tolerations.some((toleration) => tolerates(toleration, taint)))
  );
}

type Toleration = NonNullable<RunSpec["tolerations"]>[number];

function tolerates({ key, operator = "Equal", value = "", effect }: Toleration, taint: Taint): boolean {
  if (effect !== undefined && effect !== taint.effect) return false;
  // Without a key, and with `Exists`, it tolerates every taint.
  if (operator === "Exists") return key === undefined || key === taint.key;
  return key === taint.key && value === (taint.value ?? "");
}
