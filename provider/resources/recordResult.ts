import { isNotFound, messageOf } from "../cluster/errors";
import type { ClusterClient } from "../cluster/port";
import { label } from "../core/kube/labels";
import { toResultPatch } from "../core/manifest/record";
import { retentionOf } from "../core/spec/jobRun";
import type { JobView } from "../core/status/types";
import type { HookLog } from "./contract";
import { forEachParallel } from "./parallel";
import type { RunFacts } from "./runState";

/** A run that has ended. */
interface Ended extends Pick<RunFacts, "record" | "status" | "spec" | "inputs"> {
  /** Its Jobs as they were seen last; without them the cluster is asked. */
  readonly jobs?: readonly JobView[];
}

/**
 * Keeps the result in the record, and only then lets Kubernetes remove the Jobs in due time:
 * so it never removes what has not been recorded. May be repeated. That it cannot be done is told and is no failure of the run.
 */
export async function recordResult(
  client: ClusterClient,
  { record, status, spec, inputs, jobs = [] }: Ended,
  log: Pick<HookLog, "warn">,
): Promise<void> {
  const { name, namespace = "", uid = "" } = record.metadata;
  const result = toResultPatch({ status: status.status, statusDetails: status.statusDetails });
  try {
    await client.patch({ kind: "ConfigMap", namespace, name }, result);
    const names = jobs.length > 0 ? jobs.map((job) => job.name) : await jobNames(client, namespace, uid);
    await setRetention(client, { namespace, names }, retentionOf(inputs));
  } catch (error) {
    log.warn(`the result of job run "${spec.name}" is not kept in the cluster: ${messageOf(error)}`);
  }
}

async function jobNames(client: ClusterClient, namespace: string, runUid: string): Promise<string[]> {
  const jobs = await client.list({ kind: "Job", namespace, selector: `${label.runUid}=${runUid}` });
  return jobs.map(({ metadata }) => metadata.name);
}

async function setRetention(
  client: ClusterClient,
  { namespace, names }: { namespace: string; names: readonly string[] },
  retention: number,
): Promise<void> {
  const patch = { spec: { ttlSecondsAfterFinished: retention === -1 ? null : retention } };
  await forEachParallel(names, async (name) => {
    try {
      await client.patch({ kind: "Job", namespace, name }, patch);
    } catch (error) {
      // Kubernetes or somebody else has removed it meanwhile: nothing is left to keep.
      if (!isNotFound(error)) throw error;
    }
  });
}
