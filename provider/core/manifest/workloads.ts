import { kubernetes, label, MANAGED_BY } from "../kube/labels";
import { eachIndex, isContiguousFromZero, readIndexSet } from "../kube/indexSet";
import { fitName, indexName, JOB_NAME_LENGTH } from "../kube/names";
import type { ConfigMap, KubeObject, ObjectMeta } from "../kube/types";
import type { RunSpec } from "../spec/types";
import { toOwnerReference } from "./owner";
import { containerName, type PodParts, restricted, toPodTemplate } from "./podTemplate";
import { runLabels } from "./record";

/** The public pause image: small, on most nodes already, and in every registry mirror. */
export const DEFAULT_KEEP_ALIVE_IMAGE = "registry.k8s.io/pause:3.10";

interface Place {
  readonly namespace: string;
  readonly record: ConfigMap;
  readonly keepAliveImage: string;
}

/** The Jobs or Deployments that carry the run. */
export function* toWorkloads(spec: RunSpec, place: Place): Generator<KubeObject> {
  const set = readIndexSet(spec.arrayIndices);
  if (spec.mode === "task" && isContiguousFromZero(set)) yield toKubeJob(spec, place);
  else
    for (const index of eachIndex(set))
      yield spec.mode === "task" ? toKubeJob(spec, place, index) : toDeployment(spec, place, index);
}

/** One Indexed Job for 0…n-1, or for a single index that it carries as a literal. */
function toKubeJob(spec: RunSpec, place: Place, index?: number): KubeObject & { spec: object } {
  const completions = index === undefined ? spec.arraySize : 1;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: metadata(spec, place, index),
    spec: {
      ...(spec.queue !== undefined && { suspend: true }),
      completionMode: "Indexed",
      completions,
      parallelism: completions,
      backoffLimitPerIndex: spec.retryLimit,
      activeDeadlineSeconds: spec.maxExecutionTime,
      ...(spec.ignoreDisruptions !== false && { podFailurePolicy: ignoreDisruptions }),
      template: toPodTemplate(spec, { ...podParts(spec, place, index), restartPolicy: "Never" }),
    },
  };
}

/** Drain, preemption, eviction and node shutdown do not use up a retry. */
const ignoreDisruptions = {
  rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
} as const;

/**
 * One Deployment an index. The user's container restarts in place after a failure and stays stopped after exit code 0;
 * the keep-alive holds the pod, which the ReplicaSet would otherwise replace at once.
 */
function toDeployment(spec: RunSpec, place: Place, index: number): KubeObject & { spec: object } {
  const parts = podParts(spec, place, index);
  const sidecars = [toKeepAlive(spec, place.keepAliveImage)];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata(spec, place, index),
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      revisionHistoryLimit: 1,
      // The largest value turns the deadline off: neither a crash loop nor a stopped daemon is a failed rollout.
      progressDeadlineSeconds: 2_147_483_647,
      selector: { matchLabels: { [label.runUid]: place.record.metadata.uid, [label.index]: index.toString() } },
      template: toPodTemplate(spec, { ...parts, containerRestartPolicy: "OnFailure", sidecars }),
    },
  };
}

function podParts(spec: RunSpec, { namespace, record }: Place, index: number | undefined): PodParts {
  return { namespace, index, labels: workloadLabels(spec, record, index) };
}

function metadata(spec: RunSpec, { record }: Place, index: number | undefined): ObjectMeta {
  return {
    name: index === undefined ? spec.name : fitName(indexName(spec.name, index), JOB_NAME_LENGTH),
    labels: {
      ...workloadLabels(spec, record, index),
      ...(spec.queue !== undefined && { [kubernetes.queue]: spec.queue }),
    },
    ownerReferences: [toOwnerReference(record)],
  };
}

function workloadLabels(spec: RunSpec, record: ConfigMap, index: number | undefined): Record<string, string> {
  return {
    ...MANAGED_BY,
    [label.kind]: "instance",
    ...runLabels(spec),
    [label.runUid]: record.metadata.uid ?? "",
    ...(index !== undefined && { [label.index]: index.toString() }),
  };
}

/** A program that does nothing, and so is the same under every Pod Security standard. */
function toKeepAlive(spec: RunSpec, image: string): object {
  const resources = { cpu: "10m", memory: "16Mi" };
  return {
    name: containerName(spec) === "keep-alive" ? "keep-alive-pod" : "keep-alive",
    image,
    resources: { requests: resources, limits: resources },
    securityContext: { ...restricted, readOnlyRootFilesystem: true, runAsUser: 65_535 },
  };
}
