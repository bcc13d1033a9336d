import { annotation, kubernetes } from "../kube/labels";
import type { Deployment, KubeJob, KubeObject } from "../kube/types";
import { toJobView } from "../status/views";

/** What has to be written to bring an object of a run in line with what is wanted. */
export type Repair = { readonly replace: KubeObject } | { readonly patch: object };

/** The repair of a Job or Deployment that is there already; undefined when it is as wanted. */
export function repairOf(found: KubeObject, wanted: KubeObject, now: string): Repair | undefined {
  return found.kind === "Job" ? repairOfJob(found, wanted) : repairOfDeployment(found, wanted, now);
}

/** Of a Job that still runs, only the time limit may change, and only to a longer one: everything else makes a new run. */
function repairOfJob(found: KubeJob, { spec: wanted }: KubeJob): Repair | undefined {
  const { activeDeadlineSeconds: before = 0 } = found.spec ?? {};
  const { activeDeadlineSeconds: after = 0 } = wanted ?? {};
  if (after <= before || toJobView(found).verdict !== undefined) return undefined;
  return { patch: { spec: { activeDeadlineSeconds: after } } };
}

/** An index that has ended on purpose stays so, unless what it runs has changed. */
function repairOfDeployment(found: Deployment, wanted: Deployment, now: string): Repair | undefined {
  const { annotations = {} } = found.metadata;
  if (annotations[annotation.revision] !== wanted.metadata.annotations?.[annotation.revision])
    return { replace: renewed(found, wanted) };
  if (found.spec?.replicas === 0 && annotations[annotation.settled] === undefined)
    return { patch: { spec: { replicas: 1 } } };
  // A ReplicaSet that was refused pods for long waits for up to 17 minutes before it tries again.
  const isRefused = ({ type, status }: { type: string; status: string }): boolean =>
    type === "ReplicaFailure" && status === "True";
  return found.status?.conditions?.some(isRefused) === true
    ? { patch: { metadata: { annotations: { [annotation.nudge]: now } } } }
    : undefined;
}

/** The wanted object in the place of the one that is there, with what others have written on it. */
function renewed(found: Deployment, wanted: Deployment): KubeObject {
  const { [annotation.settled]: _settled, ...kept } = found.metadata.annotations ?? {};
  const { uid } = found.metadata;
  return {
    ...wanted,
    metadata: {
      ...wanted.metadata,
      ...(uid !== undefined && { uid }),
      annotations: { ...kept, ...wanted.metadata.annotations },
    },
    ...{ spec: { ...wanted.spec, ...withRestart(found, wanted) } },
  };
}

/** Without the time of the last `kubectl rollout restart` the template would differ from what runs in that, too. */
function withRestart(found: Deployment, { spec }: Deployment): object {
  const restartedAt = found.spec?.template?.metadata?.annotations?.[kubernetes.restartedAt];
  if (restartedAt === undefined) return {};
  const { metadata, ...template } = spec?.template ?? {};
  const annotations = { ...metadata?.annotations, [kubernetes.restartedAt]: restartedAt };
  return { template: { ...template, metadata: { ...metadata, annotations } } };
}

/** The patch that frees the resources of a daemon's index that has ended with exit code 0. */
export function toSettlePatch(now: string): { metadata: object; spec: object } {
  return { metadata: { annotations: { [annotation.settled]: now } }, spec: { replicas: 0 } };
}
