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
  for (const kind of ["Job", "Deployment", "ReplicaSet", "Pod"] as const)
    await client.deleteAll({ kind, namespace, selector });
  const deadline = performance.now() / 1_000 + (timeouts.delete ?? DELETE_SECONDS);
  const feed = client.follow(namespace, uid);
  try {
    await feed.ready(signal);
    for (let left = feed.view().pods.length; left > 0; left = feed.view().pods.length) {
      const seconds = deadline - performance.now() / 1_000;
      if (seconds <= 0 || signal.aborted)
        throw new Error(
          stillThere(
            { namespace, name, uid },
            feed.view().pods.map((pod) => pod.name),
          ),
        );
      log.status(`${left.toString()} ${left === 1 ? "pod" : "pods"} left`);
      await feed.changed(signal, seconds);
    }
  } finally {
    feed.close();
  }
  await client.delete({ kind: "ConfigMap", namespace, name: recordName(name) }, uid);
}

function stillThere({ namespace, name }: RunRef, pods: readonly string[]): string {
  return `JobRun "${name}" cannot be removed yet: pods ${pods.slice(0, 5).join(", ")} of namespace ${namespace} have not ended; look with \`kubectl describe pod\`, then run the command again`;
}
