import { type Kind, refOf } from "../cluster/kinds";
import type { ClusterClient } from "../cluster/port";
import { label } from "../core/kube/labels";
import { recordName } from "../core/kube/names";
import type { ConfigMap, KubeObject } from "../core/kube/types";
import { toRunSecret } from "../core/manifest/record";
import { repairOf } from "../core/manifest/repair";
import { countWorkloads, DEFAULT_KEEP_ALIVE_IMAGE, toWorkloads } from "../core/manifest/workloads";
import { podRevisionOf } from "../core/status/views";
import type { HookContext } from "./contract";
import { createOnce } from "./createOnce";
import { forEachParallel } from "./parallel";
import { removeIndices, removeOldSecret } from "./removeParts";
import { untilVacant } from "./untilVacant";
import type { Place } from "./clusters";
import type { Claimed } from "./startRun";

/** What each Deployment runs from now on, by its name. */
export type Revisions = ReadonlyMap<string, string>;

/** The record went while the objects of the run were created, and took them along. */
export class RunVanished extends Error {
  override readonly name = "RunVanished";
}

/**
 * Brings the objects of the run in line with its record: creates what is missing, changes what has changed, removes what is no longer
 * wanted, and leaves everything else alone. May be repeated after any interruption. Then makes sure that the record has not gone meanwhile.
 */
export async function ensureObjects(place: Place, claimed: Claimed, context: HookContext): Promise<Revisions> {
  const { client, namespace } = place;
  const { spec, record } = claimed;
  const secret = toRunSecret(spec, record);
  if (secret !== undefined) await createOnce(client, { namespace, object: secret, record });
  const revisions = await ensureWorkloads(place, claimed, context);
  const again = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: recordName(spec.name) });
  if (again?.metadata.uid !== record.metadata.uid)
    throw new RunVanished(
      `job run "${spec.name}" went while it was created: ${spec.job === undefined ? "its record" : `job "${spec.job}"`} was deleted or replaced meanwhile`,
    );
  return revisions;
}

async function ensureWorkloads(place: Place, claimed: Claimed, context: HookContext): Promise<Revisions> {
  const { client, namespace, settings } = place;
  const { spec, record, carrier } = claimed;
  const present = claimed.isNew === true ? new Map<string, KubeObject>() : await presentWorkloads(place, claimed);
  const keepAliveImage = settings.keepAliveImage ?? DEFAULT_KEEP_ALIVE_IMAGE;
  const surplus = new Map(present);
  const revisions = new Map<string, string>();
  const counted = countUp(context, { goal: countWorkloads(spec, carrier), already: present.size });
  const wanted = (): Iterable<KubeObject> => toWorkloads(spec, { namespace, record, carrier, keepAliveImage });
  await untilVacant(place, { record, wanted: wanted(), present }, context);
  await forEachParallel(
    wanted(),
    async (object) => {
      const found = present.get(object.metadata.name);
      surplus.delete(object.metadata.name);
      const now = found === undefined ? object : await repair(client, { namespace, found, wanted: object });
      const revision = podRevisionOf(now);
      if (revision !== undefined) revisions.set(object.metadata.name, revision);
      if (found !== undefined) return;
      await createOnce(client, { namespace, object, record });
      counted();
    },
    context.signal,
  );
  if (carrier.backend !== "deployment") return new Map();
  await removeIndices(place, { record, surplus: [...surplus.values()] }, context);
  await removeOldSecret(place, claimed);
  return revisions;
}

const kindOf = { job: "Job", deployment: "Deployment" } as const satisfies Record<string, Kind>;

/** The run's Jobs or Deployments, by name. */
async function presentWorkloads(
  { client, namespace }: Place,
  { record, carrier }: Claimed,
): Promise<Map<string, KubeObject>> {
  const selector = `${label.runUid}=${record.metadata.uid ?? ""}`;
  const objects = await client.list<KubeObject>({ kind: kindOf[carrier.backend], namespace, selector });
  // A list does not say the kind of each of its items.
  return new Map(objects.map((object) => [object.metadata.name, { ...object, kind: kindOf[carrier.backend] }]));
}

interface Present {
  readonly namespace: string;
  readonly found: KubeObject;
  readonly wanted: KubeObject;
}

/** The object as it is from now on. */
async function repair(client: ClusterClient, { namespace, found, wanted }: Present): Promise<KubeObject> {
  const needed = repairOf(found, wanted, new Date().toISOString());
  if (needed === undefined) return found;
  if ("replace" in needed) return client.replace(namespace, needed.replace);
  return client.patch(refOf(namespace, wanted), needed.patch);
}

/** Fewer are made in a moment. */
const WORTH_COUNTING = 50;
const COUNT_SECONDS = 2;

/** Shows on the resource's row how many objects have been made, every few seconds. */
function countUp({ log }: HookContext, { goal, already }: { goal: number; already: number }): () => void {
  let count = already;
  let shown = performance.now();
  return () => {
    count++;
    if (goal < WORTH_COUNTING || performance.now() - shown < COUNT_SECONDS * 1_000) return;
    log.status(`${count.toString()} of ${goal.toString()} objects created`);
    shown = performance.now();
  };
}
