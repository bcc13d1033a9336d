import { isForbidden, messageOf } from "../cluster/errors";
import type { ClusterClient, Following, WatchedKind } from "../cluster/port";
import { label } from "../core/kube/labels";
import type { Deployment, KubeJob, KubeObject, Pod } from "../core/kube/types";
import type { Mode, RunSpec } from "../core/spec/types";
import { maskView } from "../core/status/mask";
import type { RunView } from "../core/status/runStatus";
import { toDeploymentView, toJobView, toPodView } from "../core/status/views";
import type { HookLog } from "./contract";
import { secretValues } from "./secretValues";

interface Observed {
  readonly namespace: string;
  readonly uid: string;
  readonly spec: RunSpec;
}

/** What is looked at of a run: a task is judged by its Jobs; whether a daemon runs is known from its pods alone. */
export function followingOf(mode: Mode, log: Pick<HookLog, "warn">): Following {
  const note = (message: string): void => {
    log.warn(message);
  };
  return mode === "task"
    ? { needed: "Job", helpful: ["Pod"], note }
    : { needed: "Pod", helpful: ["Deployment", "Job"], note };
}

/** What is looked at of a run that goes: it has gone with its last pod. */
export function followingPods(log: Pick<HookLog, "warn">): Following {
  return { ...followingOf("daemon", log), helpful: [] };
}

/** What is looked at of a task that is to end. */
export function followingJobs(log: Pick<HookLog, "warn">): Following {
  return { ...followingOf("task", log), helpful: [] };
}

/** The run as it is now, by lists: for a single look. Secret values are masked. */
export async function observeRun(
  client: ClusterClient,
  observed: Observed,
  log: Pick<HookLog, "warn">,
): Promise<RunView> {
  return (await observeObjects(client, observed, log)).view;
}

/** The same, with the Jobs or Deployments themselves. */
export async function observeObjects(
  client: ClusterClient,
  { namespace, uid, spec }: Observed,
  log: Pick<HookLog, "warn">,
): Promise<{ view: RunView; workloads: readonly (KubeJob | Deployment)[] }> {
  const { view, workloads } = await listObjects(client, {
    namespace,
    selector: `${label.runUid}=${uid}`,
    followings: [followingOf(spec.mode, log)],
  });
  return { view: maskView(view, await secretValues(client, namespace, spec)), workloads };
}

interface Selected {
  readonly namespace: string;
  readonly selector: string;
  /** What is wanted of each mode that is among the runs. */
  readonly followings: readonly Following[];
}

/** The objects of runs that the selector takes, one list for each kind; secret values are not masked. */
export async function listObjects(
  client: ClusterClient,
  { namespace, selector, followings }: Selected,
): Promise<{ view: RunView; workloads: readonly (KubeJob | Deployment)[] }> {
  const list = async <O extends KubeObject>(kind: WatchedKind): Promise<O[]> => {
    const isNeeded = followings.some(({ needed }) => needed === kind);
    const [helped] = followings.filter(({ helpful }) => helpful.includes(kind));
    if (!isNeeded && helped === undefined) return [];
    try {
      return await client.list<O>({ kind, namespace, selector });
    } catch (error) {
      if (isNeeded || !isForbidden(error)) throw error;
      helped?.note(`${messageOf(error)}; the run is judged without what its ${kind}s tell`);
      return [];
    }
  };
  const [jobs, deployments, pods] = await Promise.all([
    list<KubeJob>("Job"),
    list<Deployment>("Deployment"),
    list<Pod>("Pod"),
  ]);
  const view = { jobs: jobs.map(toJobView), deployments: deployments.map(toDeploymentView), pods: pods.map(toPodView) };
  return { view, workloads: [...jobs, ...deployments] };
}
