import { messageOf } from "../cluster/errors";
import { label } from "../core/kube/labels";
import type { ConfigMap } from "../core/kube/types";
import type { LastRun, ListedJob } from "../core/report/lists";
import type { Place } from "./clusters";
import type { HookLog } from "./contract";
import { readJob } from "./getJob";
import { listRecords } from "./listRuns";

/** The jobs of a namespace by name, each with its newest run: two lists, however many there are. */
export async function listJobs(place: Place, log: Pick<HookLog, "warn">): Promise<ListedJob[]> {
  const { client, namespace } = place;
  const [definitions, records] = await Promise.all([
    client.list<ConfigMap>({ kind: "ConfigMap", namespace, selector: `${label.kind}=job` }),
    listRecords(place),
  ]);
  const recordsOf = Map.groupBy(records, ({ metadata }) => metadata.labels?.[label.job]);
  const listed = definitions.flatMap((definition) => {
    const { [label.job]: name = "" } = definition.metadata.labels ?? {};
    try {
      return [withLastRun(readJob(namespace, name, definition), recordsOf.get(name))];
    } catch (error) {
      // One that somebody has spoilt by hand hides none of the others.
      log.warn(messageOf(error));
      return [];
    }
  });
  return listed.toSorted((a, b) => a.name.localeCompare(b.name));
}

/** The job with the newest of the runs of which these are the records. */
export function withLastRun(job: Omit<ListedJob, "lastRun">, records: readonly ConfigMap[] = []): ListedJob {
  const runs = records.map(({ metadata: { labels, creationTimestamp = "" } }): LastRun => {
    return { name: labels?.[label.run] ?? "", createdAt: creationTimestamp };
  });
  const lastRun = runs.toSorted((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt)).at(-1);
  return { ...job, ...(lastRun && { lastRun }) };
}
