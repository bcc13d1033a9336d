import { annotation, label, MANAGED_BY } from "../kube/labels";
import { recordName } from "../kube/names";
import type { ConfigMap, KubeObject } from "../kube/types";
import type { RunSpec } from "../spec/types";
import type { RunStatus } from "../status/types";
import { toSecretData, toSecretReferences } from "./env";
import { type Owner, toOwnerMark, toOwnerReference } from "./owner";

const SPEC = "spec.json";
const RESULT = "result.json";

interface RecordOptions {
  readonly owner: Owner;
  readonly revision: string;
  /** The definition; the run goes when it goes. */
  readonly definition?: ConfigMap;
}

/** The run record: written before any workload, so that what was intended survives a crash. All objects of the run hang on it. */
export function toRecord(spec: RunSpec, { owner, revision, definition }: RecordOptions): ConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: recordName(spec.name),
      labels: { ...MANAGED_BY, [label.kind]: "run", ...runLabels(spec) },
      annotations: { ...toOwnerMark(owner), [annotation.revision]: revision },
      ...(definition && { ownerReferences: [toOwnerReference(definition)] }),
    },
    data: { [SPEC]: JSON.stringify({ ...spec, env: toSecretReferences(spec.env, recordName(spec.name)) }, null, 2) },
  };
}

/** Labels that every object of the run carries. */
export function runLabels(spec: RunSpec): Record<string, string> {
  return { [label.run]: spec.name, [label.mode]: spec.mode, ...(spec.job !== undefined && { [label.job]: spec.job }) };
}

/** The Secret with the run's secret values, a snapshot; undefined when there are none. */
export function toRunSecret(
  spec: RunSpec,
  record: ConfigMap,
): (KubeObject & { data: object; immutable: true }) | undefined {
  const data = toSecretData(spec.env);
  if (data === undefined) return undefined;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: recordName(spec.name),
      labels: { ...MANAGED_BY, [label.kind]: "run", ...runLabels(spec), [label.runUid]: record.metadata.uid ?? "" },
      ownerReferences: [toOwnerReference(record)],
    },
    immutable: true,
    data,
  };
}

/** What the run was made of, with secret values as references, and its result once it has ended. */
export function readRecord(record: ConfigMap): { spec: RunSpec; result?: RunStatus } {
  const { [SPEC]: spec, [RESULT]: result } = record.data ?? {};
  if (spec === undefined)
    throw new Error(`ConfigMap ${record.metadata.name} has no key ${SPEC}: it is not the record of a run`);
  return {
    spec: JSON.parse(spec) as RunSpec,
    ...(result !== undefined && { result: JSON.parse(result) as RunStatus }),
  };
}

/** The patch that keeps the result of a finished run, which outlives its pods. */
export function toResultPatch(status: RunStatus): object {
  return { data: { [RESULT]: JSON.stringify(status) } };
}
