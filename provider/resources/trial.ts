import { ClusterError, isForbidden, messageOf } from "../cluster/errors";
import { refOf } from "../cluster/kinds";
import type { KubeObject } from "../core/kube/types";
import type { Owner } from "../core/manifest/owner";
import type { Connection } from "../core/spec/types";
import { hasUnknown, isUnknown } from "../core/spec/unknown";
import { refuseForeign } from "./claim";
import { type Clusters, connectionFor, openPlace, type Place, type Settings } from "./clusters";
import type { HookLog } from "./contract";

/** Inputs that say where a resource is to be. */
interface Placed {
  readonly connection?: Connection;
  readonly namespace?: string;
}

/**
 * Asks the cluster what it would do. Undefined when it cannot be asked yet, which is told: the connection or the namespace is made by
 * the same deployment, or the cluster gives no answer now. Only what the cluster would refuse is an error.
 */
export async function inTrial<T>(
  clusters: Clusters,
  { inputs, log }: { inputs: Placed; log: HookLog },
  trial: (place: Place) => Promise<T>,
): Promise<T | undefined> {
  const why = notYet(inputs, await clusters.settings());
  try {
    const place = why === undefined ? await openPlace(clusters, inputs) : undefined;
    if (place !== undefined && !(await isMissing(place))) return await trial(place);
    log.info(`the cluster is not asked yet: ${why ?? `namespace ${place?.namespace ?? ""} does not exist so far`}`);
  } catch (error) {
    if (!(error instanceof ClusterError) || isRefusal(error)) throw error;
    log.warn(`the cluster cannot be asked whether it would take the resource: ${messageOf(error)}`);
  }
  return undefined;
}

function notYet({ connection, namespace }: Placed, settings: Settings): string | undefined {
  const what = "will be known during the deployment only";
  if (hasUnknown(connectionFor(connection, settings))) return `the connection to it ${what}`;
  return isUnknown(namespace ?? settings.namespace) ? `the namespace ${what}` : undefined;
}

/**
 * An answer to the object itself. A server that is away or overloaded, or takes no credentials now, may be well when the time comes,
 * and so may a namespace be there that this user may not read.
 */
const isRefusal = ({ status }: ClusterError): boolean =>
  status >= 400 && status < 500 && ![401, 404, 429].includes(status);

/** Who may not read the namespace learns of its absence by what is refused in it. */
async function isMissing({ client, namespace }: Place): Promise<boolean> {
  try {
    return (await client.get({ kind: "Namespace", namespace, name: namespace })) === undefined;
  } catch (error) {
    if (isForbidden(error)) return false;
    throw error;
  }
}

interface Wanted {
  readonly object: KubeObject;
  readonly owner: Owner;
  /** How messages call it: `job "nightly"`. */
  readonly what: string;
}

/** Refuses a name that somebody else's object has. Ours is there before a replacement. */
export async function requireFree({ client, namespace }: Place, wanted: Wanted): Promise<void> {
  const existing = await client.get(refOf(namespace, wanted.object));
  if (existing !== undefined) refuseForeign(namespace, wanted, existing);
}
