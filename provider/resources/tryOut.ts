import { ClusterError } from "../cluster/errors";
import type { ClusterClient, Trial } from "../cluster/port";
import type { KubeObject } from "../core/kube/types";

/** The server makes up the rest of the name: the real one may be taken. */
const TRIAL_NAME = "trial-";

/** Asks the server what it would make of the object, under a name of its own. A refusal does not tell that name. */
export async function tryOut<T extends KubeObject>(
  client: ClusterClient,
  namespace: string,
  object: T,
): Promise<Trial<T>> {
  const { labels } = object.metadata;
  const metadata = { name: "", ...{ generateName: TRIAL_NAME }, ...(labels && { labels }) };
  try {
    return await client.dryRun(namespace, { ...object, metadata });
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error;
    const { message, status, reason } = error;
    throw new ClusterError(message.replaceAll(/ "trial-[a-z0-9]+"/g, ""), { status, reason, cause: error });
  }
}
