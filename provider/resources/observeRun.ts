import type { ClusterClient } from "../cluster/port";
import { label } from "../core/kube/labels";
import type { Deployment, KubeJob, Pod } from "../core/kube/types";
import type { RunSpec } from "../core/spec/types";
import { maskView } from "../core/status/mask";
import type { RunView } from "../core/status/runStatus";
import { toDeploymentView, toJobView, toPodView } from "../core/status/views";
import { secretValues } from "./secretValues";

interface Observed {
  readonly namespace: string;
  readonly uid: string;
  readonly spec: RunSpec;
}

/** The run as it is now, by lists: for a single look. Secret values are masked. */
export async function observeRun(client: ClusterClient, { namespace, uid, spec }: Observed): Promise<RunView> {
  const selector = `${label.runUid}=${uid}`;
  const [jobs, deployments, pods] = await Promise.all([
    client.list<KubeJob>({ kind: "Job", namespace, selector }),
    client.list<Deployment>({ kind: "Deployment", namespace, selector }),
    client.list<Pod>({ kind: "Pod", namespace, selector }),
  ]);
  const view = { jobs: jobs.map(toJobView), deployments: deployments.map(toDeploymentView), pods: pods.map(toPodView) };
  return maskView(view, await secretValues(client, namespace, spec));
}
