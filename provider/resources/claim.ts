import { isAlreadyExists } from "../cluster/errors";
import { type ObjectRef, refOf } from "../cluster/kinds";
import type { ClusterClient } from "../cluster/port";
import { annotation } from "../core/kube/labels";
import type { KubeObject } from "../core/kube/types";
import { type Owner, ownerOf, ownerText, sameOwner } from "../core/manifest/owner";
import type { HookContext } from "./contract";

/** Who the engine is working for. */
export function ownerFrom({ identity: { project, stack, name } }: HookContext): Owner {
  return { project, stack, resource: name };
}

/** The name that `check` has filled in. */
export function requireName(name: string | undefined): string {
  if (name === undefined)
    throw new Error("no name was filled in: something that shapes the resource was still unknown");
  return name;
}

interface Claim<O extends KubeObject> {
  readonly object: O;
  readonly owner: Owner;
  /** How messages call it: `job "nightly"`. */
  readonly what: string;
  /** Goes on with the object that a `create` left which did not end. */
  readonly adopt: (found: O) => Promise<O | undefined>;
  /** Removes the object that is being replaced, with all that hangs on it, and waits until it is gone. */
  readonly remove: (found: O) => Promise<void>;
}

interface Held<O> {
  readonly object: O;
  /** It was made just now, so nothing hangs on it yet. */
  readonly isNew: boolean;
}

/**
 * Creates the object that stands for a resource. One of ours that the engine was never told of is adopted: a crash lies behind.
 * One that it was told of means a replacement that asks no `diff` (`--replace`, `replacementTrigger`): it goes first,
 * else the engine's later delete would hit what was just adopted.
 */
export async function claim<O extends KubeObject>(
  client: ClusterClient,
  namespace: string,
  claimed: Claim<O>,
): Promise<Held<O>> {
  const found = await createOrFind(client, namespace, claimed);
  if ("created" in found) return { object: found.created, isNew: true };
  refuseForeign(namespace, claimed, found.existing);
  const adopted = isUnfinished(found.existing) ? await claimed.adopt(found.existing) : undefined;
  if (adopted !== undefined) return { object: adopted, isNew: false };
  await claimed.remove(found.existing);
  return claim(client, namespace, claimed);
}

/** The name may be another resource's. */
export function refuseForeign(
  namespace: string,
  wanted: Pick<Claim<KubeObject>, "owner" | "what">,
  existing: KubeObject,
): void {
  if (!sameOwner(ownerOf(existing), wanted.owner)) throw new Error(taken(namespace, wanted.what, existing));
}

/** A request that was repeated after a broken connection finds what it has created itself. */
async function createOrFind<O extends KubeObject>(
  client: ClusterClient,
  namespace: string,
  claimed: Claim<O>,
): Promise<{ created: O } | { existing: O }> {
  const { object } = claimed;
  try {
    return { created: await client.create(namespace, object) };
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    const existing = await client.get<O>(refOf(namespace, object));
    return existing === undefined ? await createOrFind(client, namespace, claimed) : { existing };
  }
}

/** The object with the mark that the engine has been told of it. */
export function acknowledged<O extends KubeObject>(object: O): O {
  const annotations = { ...object.metadata.annotations, [annotation.acknowledged]: "true" };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** Says that the engine is being told of the object; an engine that has gone is not, and the next `create` is to adopt the object. */
export async function acknowledge(client: ClusterClient, object: KubeObject, { isHeard }: HookContext): Promise<void> {
  if (!(await isHeard())) throw new Error("the engine has gone");
  const { namespace = "" } = object.metadata;
  const ref = refOf(namespace, object);
  const patch = { metadata: { annotations: { [annotation.acknowledged]: "true" } } };
  try {
    await client.patch(ref, patch);
  } catch (error) {
    const found = await client.get(ref);
    // The answer may be lost and the mark be set all the same; what has gone meanwhile is met by nobody.
    if (found !== undefined && !isAcknowledged(found)) throw error;
  }
}

/** Whether the engine has been told of the object. */
export const isAcknowledged = ({ metadata }: KubeObject): boolean =>
  metadata.annotations?.[annotation.acknowledged] !== undefined;

/** Left by a `create` that did not end; what is being deleted is nobody's to go on with. */
export const isUnfinished = (object: KubeObject): boolean =>
  !isAcknowledged(object) && object.metadata.deletionTimestamp === undefined;

/**
 * What a `create` left under that name for this very resource and nobody knows of: a replacement by `--replace` that crashed.
 * The engine deletes what it knows, and this would stay for ever.
 */
export async function findAbandoned<O extends KubeObject>(
  client: ClusterClient,
  ref: ObjectRef,
  owner: Owner,
): Promise<O | undefined> {
  const found = await client.get<O>(ref);
  return found !== undefined && isUnfinished(found) && sameOwner(ownerOf(found), owner) ? found : undefined;
}

function taken(namespace: string, what: string, existing: KubeObject): string {
  const { kind, metadata } = existing;
  return `${what} cannot be created: ${kind} ${namespace}/${metadata.name} exists and belongs to ${ownerText(ownerOf(existing))}; choose another name, or remove it`;
}
