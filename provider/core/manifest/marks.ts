import type { Carrier } from "../backend/carrier";
import { annotation, kubernetes, label, MANAGED_BY } from "../kube/labels";
import { fitName, indexName, JOB_NAME_LENGTH } from "../kube/names";
import type { ConfigMap, ObjectMeta } from "../kube/types";
import { attemptOf } from "../spec/attempt";
import type { RunSpec } from "../spec/types";
import { ownerOf, toOwnerMark, toOwnerReference } from "./owner";
import type { PodParts } from "./podTemplate";

/** Where workloads are made, and what they hang on. */
export interface WorkloadPlace {
  readonly namespace: string;
  readonly record: ConfigMap;
  readonly carrier: Carrier;
  readonly keepAliveImage: string;
}

/** Labels that every object of the run carries. */
export function runLabels(spec: RunSpec): Record<string, string> {
  return { [label.run]: spec.name, [label.mode]: spec.mode, ...(spec.job !== undefined && { [label.job]: spec.job }) };
}

/** Name, labels, annotations and owner of the Job or Deployment of one index, or of all. */
export function workloadMetadata(spec: RunSpec, { record }: WorkloadPlace, index: number | undefined): ObjectMeta {
  const owner = ownerOf(record);
  const { [annotation.revision]: revision } = record.metadata.annotations ?? {};
  return {
    name: workloadName(spec, index),
    labels: {
      ...spec.labels,
      ...instanceLabels(spec, record, index),
      ...(spec.queue !== undefined && { [kubernetes.queue]: spec.queue }),
    },
    annotations: {
      ...(owner && toOwnerMark(owner)),
      ...(revision !== undefined && { [annotation.revision]: revision }),
    },
    ownerReferences: [toOwnerReference(record)],
  };
}

/** The objects of an earlier attempt keep their names. */
function workloadName({ name, resumed }: RunSpec, index: number | undefined): string {
  if (index === undefined) return name;
  const own = indexName(name, index);
  return fitName(resumed === undefined ? own : `${own}-${resumed.attempt.toString()}`, JOB_NAME_LENGTH);
}

/** Namespace, index and labels of the pods of one index, or of all. */
export function podParts(spec: RunSpec, { namespace, record }: WorkloadPlace, index: number | undefined): PodParts {
  return { namespace, index, labels: instanceLabels(spec, record, index) };
}

function instanceLabels(spec: RunSpec, record: ConfigMap, index: number | undefined): Record<string, string> {
  return {
    ...MANAGED_BY,
    [label.kind]: "instance",
    ...runLabels(spec),
    [label.runUid]: record.metadata.uid ?? "",
    [label.attempt]: attemptOf(spec).toString(),
    ...(index !== undefined && { [label.index]: index.toString() }),
  };
}
