import { label } from "../core/kube/labels";
import type { ConfigMap } from "../core/kube/types";
import { isOwnedBy, ownerOf } from "../core/manifest/owner";
import { type Orphan, orphanReason, type StackExport } from "../core/report/orphans";
import type { Place } from "./clusters";
import type { HookLog } from "./contract";
import { listRecorded, type Wanted } from "./listRuns";

/** The runs of a namespace of which it is known that no stack keeps them: one list more than for all runs. */
export async function listOrphans(
  place: Place,
  { exports, ...wanted }: Wanted & { readonly exports: readonly StackExport[] },
  log: Pick<HookLog, "warn">,
): Promise<Orphan[]> {
  const { client, namespace } = place;
  const [listed, definitions] = await Promise.all([
    listRecorded(place, wanted, log),
    client.list<ConfigMap>({ kind: "ConfigMap", namespace, selector: `${label.kind}=job` }),
  ]);
  const byName = new Map(definitions.map((definition) => [definition.metadata.labels?.[label.job], definition]));
  return listed.flatMap(({ run, record }) => {
    const definition = byName.get(run.job);
    const hasJob = definition !== undefined && isOwnedBy(record, definition);
    const reason = orphanReason({ ...run, job: run.job, owner: ownerOf(record), hasJob, exports });
    return reason === undefined ? [] : [{ ...run, orphanReason: reason }];
  });
}
