import type { ClusterClient } from "../cluster/port";
import { label } from "../core/kube/labels";
import { recordName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { hasResult } from "../core/manifest/record";

/** Finds the record of a run, for one operation of the engine; undefined when there is none. */
export type RecordReader = (
  client: ClusterClient,
  run: { namespace: string; name: string },
) => Promise<ConfigMap | undefined>;

/** So many records of a namespace are read one by one: a list also brings the runs of everybody else. */
const FEW = 8;

type Records = ReadonlyMap<string, ConfigMap>;

/**
 * Reads records for a refresh. When a namespace has many, all are listed, once: the record of a run that has ended stays as it is.
 * Every other one is read when it is asked for.
 */
export function recordReader(): RecordReader {
  const reads = new Map<string, number>();
  const lists = new Map<string, Promise<Records>>();
  return async (client, { namespace, name }) => {
    const key = `${client.server} ${namespace}`;
    const count = (reads.get(key) ?? 0) + 1;
    reads.set(key, count);
    const listed = lists.get(key) ?? (count > FEW ? listEnded(client, namespace) : undefined);
    if (listed !== undefined) lists.set(key, listed);
    const ended = (await listed)?.get(recordName(name));
    return ended ?? client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: recordName(name) });
  };
}

/** The records of runs that have ended, by name; none when they cannot be listed: each is then read, and that tells what is wrong. */
async function listEnded(client: ClusterClient, namespace: string): Promise<Records> {
  try {
    const records = await client.list<ConfigMap>({ kind: "ConfigMap", namespace, selector: `${label.kind}=run` });
    return new Map(records.filter(hasResult).map((record) => [record.metadata.name, record]));
  } catch {
    return new Map();
  }
}
