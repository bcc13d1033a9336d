import type { ClusterClient } from "../cluster/port";
import { label } from "../core/kube/labels";
import { recordName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import type { HookContext } from "./contract";

/** A run in the cluster: its record's UID is what all its objects are marked with. */
export interface RunRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** The run that a record stands for. */
export function runRefOf({ metadata: { namespace = "", uid = "", labels } }: ConfigMap): RunRef {
  return { namespace, uid, name: labels?.[label.run] ?? "" };
}

/** Seconds to wait until the pods of a deleted run have ended. */
const DELETE_SECONDS = 600;

/**
 * Removes a run: workloads, then pods, then, when no pod is left, the record. Each step removes whole sets by the record's UID,
 * which is 10 to 40 times faster than to let the garbage collector go through them, and touches nothing that is not this run's.
 */
export async function removeRun(
  client: ClusterClient,
  { namespace, name, uid }: RunRef,
  { signal, log, timeouts }: HookContext,
): Promise<void> {
  const selector = `${label.runUid}=${uid}`;
  for (const kind of ["Job", "Deployment", "ReplicaSet", "Pod", "Secret"] as const) {
    await client.deleteAll({ kind, namespace, selector });
  }
  const feed = client.follow(namespace, uid);
  const over = AbortSignal.any([signal, AbortSignal.timeout((timeouts.delete ?? DELETE_SECONDS) * 1_000)]);
  try {
    await feed.ready(over);
    // An aborted feed shows nothing, which does not mean that nothing is there.
    for (let { pods } = feed.view(); pods.length > 0 || over.aborted; { pods } = feed.view()) {
      if (over.aborted)
        throw new Error(
          stillThere(
            { namespace, name, uid },
            pods.map((pod) => pod.name),
          ),
        );
      log.status(`${pods.length.toString()} ${pods.length === 1 ? "pod" : "pods"} left`);
      await feed.changed(over);
    }
  } finally {
    feed.close();
  }
  await client.delete({ kind: "ConfigMap", namespace, name: recordName(name) }, uid);
}

function stillThere({ namespace, name }: RunRef, pods: readonly string[]): string {
  return `JobRun "${name}" cannot be removed yet: ${pods.length === 0 ? "pods" : `pods ${pods.slice(0, 5).join(", ")}`} of namespace ${namespace} may not have ended; look with \`kubectl describe pod\`, then run the command again`;
}
