import { shortHash } from "../kube/hash";
import { annotation } from "../kube/labels";
import type { KubeObject, OwnerReference } from "../kube/types";

/** Who declared a resource: shown in errors, and looked at by `create` only, so that aliases and moved resources keep working. */
export interface Owner {
  readonly project: string;
  readonly stack: string;
  /** Logical name in the stack. */
  readonly resource: string;
  /** Hash of the URN; not compared, since aliases and other parents change it. */
  readonly urnHash?: string;
}

/** The owner as annotations of a definition or record. */
export function toOwnerMark(owner: Owner): Record<string, string> {
  return {
    [annotation.project]: owner.project,
    [annotation.stack]: owner.stack,
    [annotation.resource]: owner.resource,
    ...(owner.urnHash !== undefined && { [annotation.urnHash]: owner.urnHash }),
  };
}

/** The owner as the value of a label: what can be asked for. */
export function ownerHash({ project, stack, resource }: Owner): string {
  return shortHash([project, stack, resource], 12);
}

/** The owner that an object names; undefined when it was not made here. */
export function ownerOf({ metadata: { annotations = {} } }: KubeObject): Owner | undefined {
  const { [annotation.project]: project, [annotation.stack]: stack, [annotation.resource]: resource } = annotations;
  return project === undefined || stack === undefined || resource === undefined
    ? undefined
    : { project, stack, resource };
}

/** Whether both are the same resource of the same stack. */
export function sameOwner(a: Owner | undefined, b: Owner): boolean {
  return a?.project === b.project && a.stack === b.stack && a.resource === b.resource;
}

/** Stands where a project would: no project of Pulumi's has blanks in its name. */
const BY_HAND = "the command line";

/** The owner of a run that somebody has submitted from the command line: no other submission has the same one. */
export function submitter(run: string, submission: string): Owner {
  return { project: BY_HAND, stack: submission, resource: run };
}

/** Whether no stack has declared it, but somebody submitted it from the command line. */
export const isByHand = (owner: Owner | undefined): boolean => owner?.project === BY_HAND;

/** The owner as messages name it. */
export function ownerText(owner: Owner | undefined): string {
  if (owner === undefined) return "somebody else";
  if (isByHand(owner)) return "the command line (`jobrun submit`)";
  return `resource "${owner.resource}" of stack ${owner.stack} of project ${owner.project}`;
}

/** Whether the object hangs on that very owner, and not on one of the same name. */
export function isOwnedBy(
  object: KubeObject,
  { metadata: { uid } }: { readonly metadata: { readonly uid?: string } },
): boolean {
  return object.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;
}

/**
 * A reference that makes Kubernetes remove the object with its owner. Neither controller nor blocking:
 * controllers would adopt, and blocking needs a right on the owner's finalizers that few accounts have.
 */
export function toOwnerReference({ apiVersion, kind, metadata: { name, uid = "" } }: KubeObject): OwnerReference {
  return { apiVersion, kind, name, uid };
}
