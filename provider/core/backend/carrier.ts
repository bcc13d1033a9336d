import type { RunSpec } from "../spec/types";
import type { Backend, Fidelity, RequestedBackend } from "../spec/types.generated";
import { mayLandOn, type NodeView } from "./nodes";

/** What carries a run, how closely it keeps the mode's promise, and why in one sentence. Chosen once, and kept in the record. */
export interface Carrier {
  readonly backend: Backend;
  readonly fidelity: Fidelity;
  readonly fidelityReason: string;
  /** Of daemons: failed containers restart in place by a restart policy of their own (Kubernetes 1.35). */
  readonly containerRestart?: boolean;
}

/** What is known of a cluster that a daemon is to run in. */
export interface BackendFacts {
  /** Whether the API server keeps the restart policy of a single container. */
  readonly keepsContainerRestart: boolean;
  /** Undefined when nodes may not be listed. */
  readonly nodes: readonly NodeView[] | undefined;
}

/** Why the wish cannot be granted. */
interface Refused {
  readonly refused: string;
}

/** Tasks are Jobs, always. */
export const taskCarrier: Carrier = {
  backend: "job",
  fidelity: "exact",
  fidelityReason: "A Kubernetes Job runs every index to its end.",
};

/**
 * What is to carry a daemon. A Deployment needs an API server and kubelets that know the restart policy of a single container:
 * elsewhere exit code 0 would start the program again for ever.
 */
export function chooseCarrier(wish: RequestedBackend, spec: RunSpec, facts: BackendFacts): Carrier | Refused {
  const obstacle = obstacleOf(spec, facts);
  if (wish === "job") return jobCarrier("It was asked for.", obstacle === undefined);
  if (obstacle === undefined) return deploymentCarrier(facts);
  if (wish === "auto") return jobCarrier(`A Deployment will not do: ${obstacle}.`, false);
  return { refused: `backend must be \`job\` or \`auto\` here, got "deployment": ${obstacle}` };
}

function obstacleOf(spec: RunSpec, { keepsContainerRestart, nodes = [] }: BackendFacts): string | undefined {
  if (!keepsContainerRestart)
    return "the API server does not keep the restart policy of a single container, which came with Kubernetes 1.35";
  const old = nodes.find((node) => mayLandOn(node, spec) && isOlder(node.kubeletVersion));
  if (old === undefined) return undefined;
  return `node ${old.name} runs kubelet ${old.kubeletVersion}, which ignores the restart policy of a single container (Kubernetes 1.35)`;
}

const FIRST_MINOR = 35;

/** Virtual kubelets have versions of their own, which tell nothing. */
function isOlder(kubeletVersion: string): boolean {
  const [, major, minor] = /^v(\d+)[.](\d+)/.exec(kubeletVersion) ?? [];
  return major !== undefined && Number(major) === 1 && Number(minor) < FIRST_MINOR;
}

function deploymentCarrier({ nodes }: BackendFacts): Carrier {
  const unchecked = " Nodes may not be listed: whether one is older than Kubernetes 1.35 was not checked.";
  return {
    backend: "deployment",
    fidelity: "rerunsAfterPodLoss",
    fidelityReason: `A Deployment restarts failed instances without limit; an index whose pod is lost runs again, also after exit code 0.${nodes === undefined ? unchecked : ""}`,
    containerRestart: true,
  };
}

function jobCarrier(why: string, containerRestart: boolean): Carrier {
  return {
    backend: "job",
    fidelity: "stopsOnDrain",
    fidelityReason: `A Job restarts failed instances without limit, and exit code 0 ends an index for good, also when a drained program answers SIGTERM with it. ${why}`,
    containerRestart,
  };
}
