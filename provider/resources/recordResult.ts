import { isNotFound, messageOf } from "../cluster/errors";
import type { ClusterClient } from "../cluster/port";
import { label } from "../core/kube/labels";
import { toResultPatch } from "../core/manifest/record";
import { retentionOf } from "../core/spec/jobRun";
import type { HookLog } from "./contract";
import { forEachParallel } from "./parallel";
import type { RunFacts } from "./runState";

/**
 * Keeps the result in the record, and only then lets Kubernetes remove the Jobs in due time:
 * so it never removes what has not been recorded. May be repeated. That it cannot be done is told and is no failure of the run.
 */
export async function recordResult(
  client: ClusterClient,
  facts: Pick<RunFacts, "record" | "status" | "spec" | "inputs">,
  log: Pick<HookLog, "warn">,
): Promise<void> {
  const { record, status, spec, inputs } = facts;
  const { name, namespace = "", uid = "" } = record.metadata;
  const result = toResultPatch({ status: status.status, statusDetails: status.statusDetails });
  try {
    await client.patch({ kind: "ConfigMap", namespace, name }, result);
    await setRetention(client, { namespace, uid }, retentionOf(inputs));
  } catch (error) {
    log.warn(`the result of job run "${spec.name}" is not kept in the cluster: ${messageOf(error)}`);
  }
}

async function setRetention(
  client: ClusterClient,
  run: { namespace: string; uid: string },
  retention: number,
): Promise<void> {
  const { namespace, uid } = run;
  const jobs = await client.list({ kind: "Job", namespace, selector: `${label.runUid}=${uid}` });
  const patch = { spec: { ttlSecondsAfterFinished: retention === -1 ? null : retention } };
  await forEachParallel(jobs, async ({ metadata }) => {
    try {
      await client.patch({ kind: "Job", namespace, name: metadata.name }, patch);
    } catch (error) {
      // Kubernetes or somebody else has removed it meanwhile: nothing is left to keep.
      if (!isNotFound(error)) throw error;
    }
  });
}
