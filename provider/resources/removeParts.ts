import { label } from "../core/kube/labels";
import type { ConfigMap, KubeObject, Pod } from "../core/kube/types";
import { secretNameOf } from "../core/manifest/env";
import type { HookContext } from "./contract";
import { forEachParallel } from "./parallel";
import type { Place } from "./clusters";
import type { Claimed } from "./startRun";
import { beginRemoval, untilGone } from "./untilGone";

interface Surplus {
  readonly record: ConfigMap;
  /** Deployments of indices that the daemon no longer has. */
  readonly surplus: readonly KubeObject[];
}

/**
 * Removes indices that a daemon no longer has, and waits until their pods have ended: the index may come back.
 * @throws when that takes too long, with what is left and why.
 */
export async function removeIndices(
  { client, namespace }: Place,
  { record, surplus }: Surplus,
  context: HookContext,
): Promise<void> {
  if (surplus.length === 0) return;
  await forEachParallel(surplus, ({ metadata: { name, uid = "" } }) =>
    client.delete({ kind: "Deployment", namespace, name }, uid),
  );
  const gone = new Set(surplus.map(({ metadata: { labels } }) => labels?.[label.index]));
  const selector = `${label.runUid}=${record.metadata.uid ?? ""}`;
  await untilGone(beginRemoval("an index that is no longer wanted", context), async () => {
    const pods = await client.list<Pod>({ kind: "Pod", namespace, selector });
    const left = pods.filter(({ metadata: { labels } }) => gone.has(labels?.[label.index]));
    return left.map((object) => ({ kind: "Pod", object }));
  });
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
