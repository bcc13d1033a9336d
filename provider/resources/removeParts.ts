import { label } from "../core/kube/labels";
import type { ConfigMap, KubeObject } from "../core/kube/types";
import { secretNameOf } from "../core/manifest/env";
import type { HookContext } from "./contract";
import { followingPods } from "./observeRun";
import { forEachParallel } from "./parallel";
import type { Place } from "./clusters";
import type { Claimed } from "./startRun";

interface Surplus {
  readonly record: ConfigMap;
  /** Deployments of indices that the daemon no longer has. */
  readonly surplus: readonly KubeObject[];
}

/** Removes indices that a daemon no longer has, and waits until their pods have ended: the index may come back. */
export async function removeIndices(
  { client, namespace }: Place,
  { record, surplus }: Surplus,
  { signal, log }: HookContext,
): Promise<void> {
  if (surplus.length === 0) return;
  const { uid = "" } = record.metadata;
  await forEachParallel(surplus, ({ metadata: { name, uid = "" } }) =>
    client.delete({ kind: "Deployment", namespace, name }, uid),
  );
  const gone = new Set(surplus.map(({ metadata: { labels } }) => Number(labels?.[label.index])));
  const feed = client.follow(namespace, uid, followingPods(log));
  try {
    await feed.ready(signal);
    const left = (): number => feed.view().pods.filter(({ index }) => gone.has(index)).length;
    for (let count = left(); count > 0 && !signal.aborted; count = left()) {
      log.status(`${count.toString()} ${count === 1 ? "pod" : "pods"} of indices left that are no longer wanted`);
      await feed.changed(signal);
    }
  } finally {
    feed.close();
  }
}

/** Removes the Secret that held a daemon's secret values before they changed: no instance refers to it any more. */
export async function removeOldSecret({ client, namespace }: Place, { spec, record }: Claimed): Promise<void> {
  const { secretGeneration = 0 } = spec;
  if (secretGeneration === 0) return;
  const ref = {
    kind: "Secret",
    namespace,
    name: secretNameOf({ ...spec, secretGeneration: secretGeneration - 1 }),
  } as const;
  const found = await client.get(ref);
  if (found?.metadata.labels?.[label.runUid] === record.metadata.uid)
    await client.delete(ref, found?.metadata.uid ?? "");
}
