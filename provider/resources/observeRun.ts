import type { ClusterClient } from "../cluster/port";
import { label } from "../core/kube/labels";
import type { Deployment, KubeJob, Pod } from "../core/kube/types";
import type { RunView } from "../core/status/runStatus";
import { toDeploymentView, toJobView, toPodView } from "../core/status/views";

/** The run as it is now, by lists: for a single look. */
export async function observeRun(
  client: ClusterClient,
  { namespace, uid }: { namespace: string; uid: string },
): Promise<RunView> {
  const selector = `${label.runUid}=${uid}`;
  const [jobs, deployments, pods] = await Promise.all([
    client.list<KubeJob>({ kind: "Job", namespace, selector }),
    client.list<Deployment>({ kind: "Deployment", namespace, selector }),
    client.list<Pod>({ kind: "Pod", namespace, selector }),
  ]);
  return { jobs: jobs.map(toJobView), deployments: deployments.map(toDeploymentView), pods: pods.map(toPodView) };
}
