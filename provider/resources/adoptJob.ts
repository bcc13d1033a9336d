import { definitionName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { givenJob } from "../core/spec/given";
import type { JobInputs } from "../core/spec/types";
import { type Clusters, openPlace } from "./clusters";
import type { State } from "./contract";
import { templateIn } from "./liveDefinition";
import { readId } from "./readId";

/** The state of a job that is in the cluster, as `read` completes it: the inputs are what would make it again. */
export async function adoptJob(
  clusters: Clusters,
  id: string,
  read: (state: State<JobInputs>) => Promise<State<JobInputs> | undefined>,
): Promise<State<JobInputs> | undefined> {
  const { namespace, name } = readId(id);
  const place = { ...(await openPlace(clusters, {})), namespace };
  const { client } = place;
  const found = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: definitionName(name) });
  if (found === undefined) return undefined;
  const inputs = givenJob({ name, namespace }, await templateIn(place, name, found));
  const { server } = client;
  const { uid = "" } = found.metadata;
  return read({ outputs: { name }, hidden: { inputs, server, namespace, uid } });
}
