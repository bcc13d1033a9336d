import { defined } from "../kube/defined";
import { annotation, label, MANAGED_BY } from "../kube/labels";
import type { Carrier } from "../backend/carrier";
import { recordName } from "../kube/names";
import type { ConfigMap, KubeObject } from "../kube/types";
import { specHash } from "../spec/jobRun";
import type { Resumed, RunSpec } from "../spec/types";
import type { RunStatus } from "../status/types";
import { secretNameOf, toSecretData, toSecretReferences } from "./env";
import { keptJson } from "./keptJson";
import { runLabels } from "./marks";
import { type Owner, ownerHash, toOwnerMark, toOwnerReference } from "./owner";

const SPEC = "spec.json";
const CARRIER = "carrier.json";
const RESUMED = "resumed.json";
const RESULT = "result.json";

interface RecordOptions {
  readonly owner: Owner;
  readonly carrier: Carrier;
  /** The definition; the run goes when it goes. */
  readonly definition?: ConfigMap;
}

/** The run record: written before any workload, so that what was intended survives a crash. All objects of the run hang on it. */
export function toRecord(spec: RunSpec, { owner, carrier, definition }: RecordOptions): ConfigMap {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: {
      name: recordName(spec.name),
      labels: { ...MANAGED_BY, [label.kind]: "run", ...runLabels(spec), [label.owner]: ownerHash(owner) },
      annotations: { ...toOwnerMark(owner), [annotation.revision]: specHash(spec) },
      ...(definition && { ownerReferences: [toOwnerReference(definition)] }),
    },
    data: {
      [SPEC]: toText(spec),
      [CARRIER]: JSON.stringify(carrier, null, 2),
    },
  };
}

/** The record of a run that is over, complete with its result. */
export function toEndedRecord(spec: RunSpec, options: RecordOptions, result: RunStatus): ConfigMap {
  const record = toRecord(spec, options);
  const resumed = spec.resumed && { [RESUMED]: JSON.stringify(spec.resumed) };
  return { ...record, data: { ...record.data, ...resumed, ...toResultPatch(result).data } };
}

function toText({ resumed: _resumed, ...spec }: RunSpec): string {
  return JSON.stringify({ ...spec, env: toSecretReferences(spec.env, secretNameOf(spec)) }, null, 2);
}

/** The patch that makes the record say what the run is from now on. */
export function toSpecPatch(spec: RunSpec, { metadata: { uid } }: ConfigMap): object {
  return { metadata: { uid, annotations: { [annotation.revision]: specHash(spec) } }, data: { [SPEC]: toText(spec) } };
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
      name: secretNameOf(spec),
      labels: { ...MANAGED_BY, [label.kind]: "run", ...runLabels(spec), [label.runUid]: record.metadata.uid ?? "" },
      ownerReferences: [toOwnerReference(record)],
    },
    immutable: true,
    data,
  };
}

/** What the run was made of, with secret values as references; what carries it; and its result once it has ended. */
export function readRecord(record: ConfigMap): { spec: RunSpec; carrier: Carrier; result?: RunStatus } {
  const what = "the record of a run";
  const optional = (key: string): object | undefined =>
    record.data?.[key] === undefined ? undefined : keptJson(record, key, what);
  return {
    spec: { ...(keptJson(record, SPEC, what) as RunSpec), ...defined({ resumed: optional(RESUMED) as Resumed }) },
    carrier: keptJson(record, CARRIER, what) as Carrier,
    ...defined({ result: optional(RESULT) as RunStatus }),
  };
}

/** Whether the run has ended. */
export const hasResult = ({ data }: ConfigMap): boolean => data?.[RESULT] !== undefined;

/** The patch that begins a further attempt: what it is to run is written down first, and the result is open again. */
export function toResumedPatch(resumed: Resumed, { metadata: { uid } }: ConfigMap): object {
  return { metadata: { uid }, data: { [RESUMED]: JSON.stringify(resumed), [RESULT]: null } };
}

/** The patch that keeps the result of a finished run, which outlives its pods. */
export function toResultPatch(status: RunStatus): { readonly data: Readonly<Record<string, string>> } {
  return { data: { [RESULT]: JSON.stringify(status) } };
}
