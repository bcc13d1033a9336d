import { isForbidden, messageOf } from "../cluster/errors";
import type { ClusterClient } from "../cluster/port";
import { label } from "../core/kube/labels";
import { toResultPatch } from "../core/manifest/record";
import type { HookLog } from "./contract";
import type { RunFacts } from "./runState";

/** Seconds after the end for which Kubernetes keeps Jobs and pods: Code Engine's week. */
const RETENTION_SECONDS = 604_800;

/**
 * Keeps the result in the record, and only then lets Kubernetes remove the Jobs in due time:
 * so it never removes what has not been recorded. May be repeated; a missing right is told and is no failure.
 */
export async function recordResult(
  client: ClusterClient,
  { record, status, spec }: RunFacts,
  log: HookLog,
): Promise<void> {
  const { name, namespace = "", uid = "" } = record.metadata;
  try {
    await client.patch(
      { kind: "ConfigMap", namespace, name },
      toResultPatch({ status: status.status, statusDetails: status.statusDetails }),
    );
    const jobs = await client.list({ kind: "Job", namespace, selector: `${label.runUid}=${uid}` });
    for (const job of jobs)
      await client.patch(
        { kind: "Job", namespace, name: job.metadata.name },
        { spec: { ttlSecondsAfterFinished: RETENTION_SECONDS } },
      );
  } catch (error) {
    if (!isForbidden(error)) throw error;
    log.warn(`the result of job run "${spec.name}" is not kept in the cluster: ${messageOf(error)}`);
  }
}
