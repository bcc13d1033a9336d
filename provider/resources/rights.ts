import { type Kind, resourceOf } from "../cluster/kinds";
import type { ClusterClient } from "../cluster/port";
import { lackingDetails, lackingRights } from "../core/kube/missingRights";
import { optionalRights, type Purpose, requiredRights } from "../core/kube/neededRights";
import type { HookLog } from "./contract";

interface Where {
  readonly client: ClusterClient;
  readonly namespace: string;
}

const whats: Readonly<Record<Purpose, string>> = {
  job: "a job",
  task: "a task run",
  daemon: "a daemon run",
  daemonOnJobs: "a daemon run on Jobs",
};

/** Refuses to begin what could not be brought to its end for want of rights; tells once what is lost without the others. */
export async function requireRights({ client, namespace }: Where, log: HookLog, purpose: Purpose): Promise<void> {
  const missing = await client.missingRights(namespace, requiredRights(purpose));
  if (missing.length > 0)
    throw new Error(lackingRights({ what: whats[purpose], namespace, user: await client.userName(), missing }));
  const details = await Promise.all(
    optionalRights(purpose).map(async ({ rights, lost }) => ({
      lost,
      missing: await client.missingRights(namespace, rights),
    })),
  );
  const lacking = details.filter(({ missing }) => missing.length > 0);
  if (lacking.length > 0) warnOnce(client, log, lackingDetails(namespace, lacking));
}

/** Those of the kinds whose objects the user may list: to ask for the others would only be refused. */
export async function visibleKinds<K extends Kind>(
  { client, namespace }: Where,
  kinds: readonly K[],
): Promise<readonly K[]> {
  const lists = kinds.map((kind) => ({ verb: "list", ...resourceOf(kind) }));
  const hidden = new Set((await client.missingRights(namespace, lists)).map(({ resource }) => resource));
  return kinds.filter((kind) => !hidden.has(resourceOf(kind).resource));
}

const told = new WeakMap<ClusterClient, Set<string>>();

function warnOnce(client: ClusterClient, log: HookLog, message: string): void {
  const ofClient = told.get(client) ?? new Set();
  told.set(client, ofClient);
  if (ofClient.has(message)) return;
  ofClient.add(message);
  log.warn(message);
}
