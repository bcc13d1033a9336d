import { shortHash } from "../kube/hash";
import { annotation, label } from "../kube/labels";
import type { KubeObject } from "../kube/types";
import type { RunSpec } from "../spec/types";
import { podParts, type WorkloadPlace, workloadMetadata } from "./marks";
import { containerName, restricted, toPodTemplate } from "./podTemplate";

type DeploymentManifest = KubeObject & {
  readonly spec: {
    readonly replicas: number;
    readonly selector: object;
    readonly template: { readonly metadata: object; readonly spec: object };
  };
};

/**
 * The Deployment of one index. The user's container restarts in place after a failure and stays stopped after exit code 0;
 * the keep-alive holds the pod, which the ReplicaSet would otherwise replace at once.
 */
export function toDeployment(spec: RunSpec, place: WorkloadPlace, index: number): DeploymentManifest {
  const metadata = workloadMetadata(spec, place, index);
  const revision = revisionOf(spec, place, index);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { ...metadata, annotations: { ...metadata.annotations, [annotation.revision]: revision } },
    spec: deploymentSpec(spec, place, { index, annotations: { [annotation.revision]: revision } }),
  };
}

const rollout = {
  revisionHistoryLimit: 1,
  // Never two instances of one index at a time.
  strategy: { type: "Recreate" },
  // The largest value turns the deadline off: neither a crash loop nor a stopped daemon is a failed rollout.
  progressDeadlineSeconds: 2_147_483_647,
} as const;

interface Instance {
  readonly index: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

function deploymentSpec(
  spec: RunSpec,
  place: WorkloadPlace,
  { index, annotations = {} }: Instance,
): DeploymentManifest["spec"] {
  const parts = { ...podParts(spec, place, index), annotations };
  const sidecars = [toKeepAlive(spec, place.keepAliveImage)];
  return {
    replicas: 1,
    ...rollout,
    selector: { matchLabels: { [label.runUid]: place.record.metadata.uid, [label.index]: index.toString() } },
    template: toPodTemplate(spec, { ...parts, containerRestartPolicy: "OnFailure", sidecars }),
  };
}

/**
 * What shapes the instances of the index. The size of the array does not: when it grows or shrinks, the indices that stay go on,
 * and keep the `JOB_ARRAY_SIZE` that they were started with.
 */
function revisionOf(spec: RunSpec, place: WorkloadPlace, index: number): string {
  return shortHash(deploymentSpec({ ...spec, arraySize: 0 }, place, { index }), 12);
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
