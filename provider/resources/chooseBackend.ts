import { ClusterError, isForbidden } from "../cluster/errors";
import type { ClusterClient } from "../cluster/port";
import { type Carrier, chooseCarrier, taskCarrier } from "../core/backend/carrier";
import { type NodeView, toNodeView } from "../core/backend/nodes";
import type { ConfigMap, Deployment, KubeJob, KubeNode } from "../core/kube/types";
import { DEFAULT_KEEP_ALIVE_IMAGE, toWorkloads } from "../core/manifest/workloads";
import type { JobRunInputs, RunSpec } from "../core/spec/types";
import type { Place } from "./clusters";
import { tryOut } from "./tryOut";

/** What is to carry a new run. Only a daemon's choice asks the cluster. A wish that cannot be granted is an error. */
export async function chooseBackend(
  place: Place,
  spec: RunSpec,
  { backend = "auto" }: Pick<JobRunInputs, "backend">,
): Promise<Carrier> {
  if (spec.mode === "task") return taskCarrier;
  const kind = backend === "job" ? "job" : "deployment";
  const [keepsContainerRestart, nodes] = await Promise.all([
    keepsRestart(place, toProbe(spec, place, kind)),
    nodesOf(place.client),
  ]);
  const choice = chooseCarrier(backend, spec, { keepsContainerRestart, nodes });
  if ("refused" in choice) throw new Error(choice.refused);
  return choice;
}

/** The object that would be made of the first index. */
export function toProbe(
  spec: RunSpec,
  { namespace, settings }: Place,
  backend: Carrier["backend"],
): KubeJob | Deployment {
  const record: ConfigMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: spec.name, uid: "probe" } };
  const carrier = { ...taskCarrier, backend, containerRestart: true };
  const keepAliveImage = settings.keepAliveImage ?? DEFAULT_KEEP_ALIVE_IMAGE;
  const [object] = toWorkloads(spec, { namespace, record, carrier, keepAliveImage });
  if (object === undefined) throw new Error(`${spec.name} has no index`);
  return object;
}

/**
 * Whether the API server keeps the restart policy of a single container. Servers before 1.34 refuse it, and 1.34 drops it without a word,
 * so only the object that comes back tells. Any other refusal is one of the run itself, and is reported as it is.
 */
async function keepsRestart({ client, namespace }: Place, probe: KubeJob | Deployment): Promise<boolean> {
  try {
    const { object } = await tryOut(client, namespace, probe);
    return object.spec?.template?.spec?.containers[0]?.restartPolicy === "OnFailure";
  } catch (error) {
    if (error instanceof ClusterError && error.status === 422 && error.message.includes("restartPolicy")) return false;
    throw error;
  }
}

/** All nodes; undefined when they may not be listed, which no role of a single namespace allows. */
async function nodesOf(client: ClusterClient): Promise<NodeView[] | undefined> {
  try {
    const nodes = await client.list<KubeNode>({ kind: "Node", namespace: "", selector: "" });
    return nodes.map(toNodeView);
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}
