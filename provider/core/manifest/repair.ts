import { isPlainObject, shortHash } from "../kube/hash";
import { annotation, kubernetes } from "../kube/labels";
import { show } from "../kube/path";
import type { Deployment, KubeJob, KubeObject } from "../kube/types";
import { toJobView } from "../status/views";
import { type Edit, editsOf, liesIn, mended } from "./edits";
import { TEMPLATE } from "./places";

/** What has to be written to bring an object of a run in line with what is wanted. */
export type Repair = { readonly replace: KubeObject } | { readonly patch: object };

/** The repair of a Job or Deployment that is there already; undefined when it is as wanted. */
export function repairOf(found: KubeObject, wanted: KubeObject, now: string): Repair | undefined {
  return found.kind === "Job" ? repairOfJob(found, wanted) : repairOfDeployment(found, wanted, now);
}

/** Of a Job that still runs, only the time limit may change, and only to a longer one: everything else makes a new run. What others have changed goes back. */
function repairOfJob(found: KubeJob, wanted: KubeJob): Repair | undefined {
  const { activeDeadlineSeconds: before = 0 } = found.spec ?? {};
  const { activeDeadlineSeconds: after = 0 } = wanted.spec ?? {};
  const edits = editsOf(found, wanted);
  if (edits.length > 0) return { patch: patchOf(edits) };
  if (after <= before || toJobView(found).verdict !== undefined) return undefined;
  return { patch: { spec: { activeDeadlineSeconds: after } } };
}

/** The merge patch that undoes the edits, which lie in maps and in no list. */
function patchOf(edits: readonly Edit[]): object {
  return edits.reduce<object>((patch, { path, wanted = null }) => {
    const own = path.toReversed().reduce<unknown>((inner, step) => ({ [show([step])]: inner }), wanted);
    return together(patch, own as object);
  }, {});
}

function together(one: object, other: object): object {
  const merged = Object.entries(other).map(([key, value]: [string, unknown]) => {
    const before = (one as Record<string, unknown>)[key];
    return [key, isPlainObject(before) && isPlainObject(value) ? together(before, value) : value] as const;
  });
  return { ...one, ...Object.fromEntries(merged) };
}

/** An index that has ended on purpose stays so, unless what it runs has changed. */
function repairOfDeployment(found: Deployment, wanted: Deployment, now: string): Repair | undefined {
  const { annotations = {} } = found.metadata;
  if (annotations[annotation.revision] !== wanted.metadata.annotations?.[annotation.revision])
    return { replace: renewed(found, wanted) };
  const edits = editsOf(found, wanted);
  if (edits.length > 0) return { replace: restored(found, wanted, { edits, now }) };
  if (isRescaled(found)) return { patch: { spec: { replicas: 1 } } };
  // A ReplicaSet that was refused pods for long waits for up to 17 minutes before it tries again.
  const isRefused = ({ type, status }: { type: string; status: string }): boolean =>
    type === "ReplicaFailure" && status === "True";
  return found.status?.conditions?.some(isRefused) === true
    ? { patch: { metadata: { annotations: { [annotation.nudge]: now } } } }
    : undefined;
}

/** Whether somebody has scaled the Deployment of an index, which has one instance, or none after it has ended on purpose. */
export function isRescaled({ metadata, spec: { replicas = 1 } = {} }: Deployment): boolean {
  return replicas > 1 || (replicas === 0 && metadata.annotations?.[annotation.settled] === undefined);
}

interface Restoring {
  readonly edits: readonly Edit[];
  readonly now: string;
}

/** The Deployment without what others have changed, and with all that they have added. Its pods are told from those that were made of the change. */
function restored(found: Deployment, wanted: Deployment, { edits, now }: Restoring): KubeObject {
  const { status: _status, metadata, ...rest } = mended(found, wanted, edits);
  const { managedFields: _fields, resourceVersion: _version, ...kept } = metadata;
  const rescaled = { ...rest, apiVersion: wanted.apiVersion, metadata: kept, spec: { ...rest.spec } };
  if (isRescaled(found)) Object.assign(rescaled.spec, { replicas: 1 });
  if (!edits.some((edit) => liesIn(edit, TEMPLATE))) return rescaled;
  const revision = `${wanted.metadata.annotations?.[annotation.revision] ?? ""}-${shortHash(now, 5)}`;
  return mended(rescaled, wanted, [
    { path: [...TEMPLATE, "metadata", "annotations", annotation.revision], live: undefined, wanted: revision },
  ]);
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

/** What makes a Deployment start its pod anew, as `kubectl rollout restart` does. */
export function toRestartPatch(now: string): { spec: object } {
  return { spec: { template: { metadata: { annotations: { [kubernetes.restartedAt]: now } } } } };
}
