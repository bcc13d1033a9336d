import { label, MANAGED_BY } from "../kube/labels";
import { logsName } from "../kube/names";
import type { ConfigMap, KubeObject, Secret } from "../kube/types";
import { attemptOf } from "../spec/attempt";
import type { RunSpec } from "../spec/types";
import type { CapturedLogs } from "../status/captured";
import { holdsSecrets } from "./env";
import { runLabels } from "./marks";
import { toOwnerReference } from "./owner";

/** The Secret that keeps the captured logs of an attempt, with a key for each index: it outlives the pods. */
export function toLogsSecret(spec: RunSpec, record: ConfigMap, logs: CapturedLogs): KubeObject {
  const data = Object.entries(logs).map(([index, text]) => [index, Buffer.from(text).toString("base64")]);
  const secret: KubeObject & { readonly immutable: true; readonly data: object } = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: logsName(spec.name, attemptOf(spec)),
      labels: { ...MANAGED_BY, [label.kind]: "run", ...runLabels(spec), [label.runUid]: record.metadata.uid ?? "" },
      ownerReferences: [toOwnerReference(record)],
    },
    immutable: true,
    data: Object.fromEntries(data) as object,
  };
  return secret;
}

/** The logs in that Secret; undefined when it is another run's. */
export function readLogsSecret({ metadata, data = {} }: Secret, record: ConfigMap): CapturedLogs | undefined {
  if (metadata.labels?.[label.runUid] !== record.metadata.uid) return undefined;
  const logs = Object.entries(data).map(([index, text]) => [index, Buffer.from(text, "base64").toString()] as const);
  return Object.fromEntries(logs);
}

/**
 * Outputs that are secret though no input of that name is. A program that was given a secret may print it in a form
 * that masking does not know. A kubeconfig is not given to programs.
 */
export function secretOutputsOf(spec: RunSpec, secretPaths: readonly string[]): readonly string[] {
  const isGiven = secretPaths.some((path) => path !== "connection" && !path.startsWith("connection."));
  return isGiven || holdsSecrets(spec) ? ["capturedLogs"] : [];
}
