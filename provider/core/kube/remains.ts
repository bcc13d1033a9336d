import type { KubeObject } from "./types";

/** Something that was deleted and is still there. Objects of a list do not say their kind. */
export interface Remain {
  readonly kind: string;
  readonly object: Pick<KubeObject, "metadata"> & { readonly spec?: { readonly nodeName?: string } };
}

/** What is still there, on which node, since when, and why, as far as the object tells: `Pod a-0 on node n, deleted at …, is held by …`. */
export function remainLine({ kind, object }: Remain, now: Date): string {
  const node = object.spec?.nodeName;
  const where = node === undefined ? "" : ` on node ${node}`;
  return `${kind} ${object.metadata.name}${where}${fate({ kind, object }, now)}`;
}

function fate({ kind, object: { metadata, spec } }: Remain, now: Date): string {
  const { deletionTimestamp: end } = metadata;
  if (end === undefined) return " is not deleted yet";
  const since = `, deleted at ${deletedAt(metadata, end)},`;
  const holders = foreignFinalizers(metadata.finalizers);
  if (holders.length > 0)
    return `${since} is held by ${plural("finalizer", holders)}: whoever set ${holders.length === 1 ? "it" : "them"} has to take ${holders.length === 1 ? "it" : "them"} off`;
  if (now < new Date(end)) return `${since} has until ${end} to end by itself`;
  return kind === "Pod" && spec?.nodeName !== undefined
    ? `${since} should have ended by ${end}: see whether the node is up`
    : `${since} should be gone since ${end}`;
}

/** Those that Kubernetes' own controllers set and take off again. */
const OWN_FINALIZERS: readonly string[] = ["batch.kubernetes.io/job-tracking", "foregroundDeletion", "orphan"];

const foreignFinalizers = (finalizers: readonly string[] = []): string[] =>
  finalizers.filter((finalizer) => !OWN_FINALIZERS.includes(finalizer));

const plural = (word: string, items: readonly string[]): string =>
  `${word}${items.length === 1 ? "" : "s"} ${items.join(", ")}`;

function deletedAt({ deletionGracePeriodSeconds = 0 }: KubeObject["metadata"], end: string): string {
  const time = new Date(new Date(end).getTime() - deletionGracePeriodSeconds * 1_000);
  return time.toISOString().replace(".000Z", "Z");
}
