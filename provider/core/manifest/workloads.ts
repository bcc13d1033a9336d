import type { Carrier } from "../backend/carrier";
import { countIndices, eachIndex, isContiguousFromZero, readIndexSet } from "../kube/indexSet";
import type { KubeObject } from "../kube/types";
import { attemptedIndices } from "../spec/attempt";
import type { RunSpec } from "../spec/types";
import { toDeployment } from "./deployment";
import { toKubeJob } from "./kubeJob";
import type { WorkloadPlace } from "./marks";

/** The public pause image: small, on most nodes already, and in every registry mirror. */
export const DEFAULT_KEEP_ALIVE_IMAGE = "registry.k8s.io/pause:3.10";

/** The Jobs or Deployments that carry the run: one Job for 0…n-1, else one object an index. */
export function* toWorkloads(spec: RunSpec, place: WorkloadPlace): Generator<KubeObject> {
  const set = readIndexSet(attemptedIndices(spec));
  const isJob = place.carrier.backend === "job";
  if (isJob && isOneJob(spec)) yield toKubeJob(spec, place);
  else
    for (const index of eachIndex(set)) yield isJob ? toKubeJob(spec, place, index) : toDeployment(spec, place, index);
}

/** How many objects that is. */
export function countWorkloads(spec: RunSpec, { backend }: Carrier): number {
  return backend === "job" && isOneJob(spec) ? 1 : countIndices(readIndexSet(attemptedIndices(spec)));
}

/** A further attempt has an object an index, whatever the set: the name of the one Job is that of the first. */
function isOneJob({ arrayIndices, resumed }: RunSpec): boolean {
  return resumed === undefined && isContiguousFromZero(readIndexSet(arrayIndices));
}
