import type { Kind } from "../cluster/kinds";
import type { ClusterClient } from "../cluster/port";
import { label } from "../core/kube/labels";
import { recordName } from "../core/kube/names";
import type { Remain } from "../core/kube/remains";
import type { ConfigMap } from "../core/kube/types";
import type { HookContext } from "./contract";
import { beginRemoval, lookFor, type Removal, untilGone } from "./untilGone";
import { followingPods } from "./observeRun";
import { visibleKinds } from "./rights";

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

/**
 * Removes a run: workloads, then pods, then, when nothing of them is left, the record. Each step removes whole sets by the record's UID,
 * which is 10 to 40 times faster than to let the garbage collector go through them, and touches nothing that is not this run's.
 */
export async function removeRun(client: ClusterClient, run: RunRef, context: HookContext): Promise<void> {
  const { namespace, name, uid } = run;
  const selector = selectorOf(run);
  for (const kind of ["Job", "Deployment", "ReplicaSet", "Pod", "Secret"] as const) {
    await client.deleteAll({ kind, namespace, selector });
  }
  const removal = beginRemoval(`job run "${name}"`, context);
  const visible = await visibleKinds({ client, namespace }, ["Pod", "Job", "Deployment"]);
  if (visible.includes("Pod")) await showPods(client, run, removal);
  else context.log.warn("is removed without a look at its pods, which may take a while to end: they may not be listed");
  await untilGone(removal, () => lookForObjects(client, run, visible));
  const record = { kind: "ConfigMap", namespace, name: recordName(name) } as const;
  await client.delete(record, uid);
  await untilGone(removal, () => lookFor(client, record, uid));
}

const selectorOf = ({ uid }: RunRef): string => `${label.runUid}=${uid}`;

/** In a pipeline every message is a line. */
const SHOW_PAUSE_MS = 2_000;

/** Shows how many pods are left until the watch knows of none, or the time is over. */
async function showPods(client: ClusterClient, { namespace, uid }: RunRef, { context, over }: Removal): Promise<void> {
  const feed = client.follow(namespace, uid, followingPods(context.log));
  let shownAt = -Infinity;
  try {
    await feed.ready(over);
    for (let left = feed.view().pods.length; left > 0 && !over.aborted; left = feed.view().pods.length) {
      if (performance.now() - shownAt >= SHOW_PAUSE_MS) {
        context.log.status(`${left.toString()} ${left === 1 ? "pod" : "pods"} left`);
        shownAt = performance.now();
      }
      await feed.changed(over);
    }
  } finally {
    feed.close();
  }
}

/** A live look at all that was deleted: a watch may lag behind, and a controller that had not seen the deletion may have made another pod. */
async function lookForObjects(client: ClusterClient, run: RunRef, kinds: readonly Kind[]): Promise<Remain[]> {
  const { namespace, name } = run;
  const listed = kinds.map(async (kind) => {
    const objects = await client.list({ kind, namespace, selector: selectorOf(run) });
    return objects.map((object) => ({ kind, object }));
  });
  // By its name, since few accounts may list Secrets.
  const secret = await client.get({ kind: "Secret", namespace, name: recordName(name) });
  const own = secret?.metadata.labels?.[label.runUid] === run.uid ? [{ kind: "Secret", object: secret }] : [];
  return [...(await Promise.all(listed)).flat(), ...own];
}
