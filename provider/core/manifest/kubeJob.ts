import type { KubeObject } from "../kube/types";
import type { RunSpec } from "../spec/types";
import { podParts, type WorkloadPlace, workloadMetadata } from "./marks";
import { toPodTemplate } from "./podTemplate";

type KubeJobManifest = KubeObject & { readonly spec: object };

/** One Indexed Job for 0…n-1, or for a single index that it carries as a literal. */
export function toKubeJob(spec: RunSpec, place: WorkloadPlace, index?: number): KubeJobManifest {
  const completions = index === undefined ? spec.arraySize : 1;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: workloadMetadata(spec, place, index),
    spec: {
      ...(spec.queue !== undefined && { suspend: true }),
      completionMode: "Indexed",
      completions,
      parallelism: completions,
      ...(spec.mode === "task" ? taskPart(spec, place, index) : daemonPart(spec, place, index)),
    },
  };
}

function taskPart(spec: RunSpec, place: WorkloadPlace, index: number | undefined): object {
  return {
    backoffLimitPerIndex: spec.retryLimit,
    activeDeadlineSeconds: spec.maxExecutionTime,
    ...(spec.ignoreDisruptions !== false && { podFailurePolicy: ignoreDisruptions }),
    template: toPodTemplate(spec, { ...podParts(spec, place, index), restartPolicy: "Never" }),
  };
}

/** Kubernetes' largest number of retries: without limit, for any life of a cluster. */
const WITHOUT_LIMIT = 2_147_483_647;

/** Failed containers restart in place: by a policy of their own where the cluster knows that, so that a lost pod costs nothing; else by the pod's. */
function daemonPart(spec: RunSpec, place: WorkloadPlace, index: number | undefined): object {
  const parts = podParts(spec, place, index);
  if (place.carrier.containerRestart !== true)
    return { backoffLimit: WITHOUT_LIMIT, template: toPodTemplate(spec, { ...parts, restartPolicy: "OnFailure" }) };
  return {
    backoffLimitPerIndex: WITHOUT_LIMIT,
    podFailurePolicy: ignoreDisruptions,
    template: toPodTemplate(spec, { ...parts, restartPolicy: "Never", containerRestartPolicy: "OnFailure" }),
  };
}

/** Drain, preemption, eviction and node shutdown do not use up a retry. */
const ignoreDisruptions = {
  rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
} as const;
