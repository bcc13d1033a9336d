import type { EnvFromSource, EnvVar, Mount } from "../spec/types.generated";
import type { Column } from "./columns";

interface Variable {
  readonly type: string;
  readonly name: string;
  readonly value: string;
}

/** The table `Environment Variables` (Code Engine). */
export const variableColumns: readonly Column<Variable>[] = [
  { title: "Type", text: ({ type }) => type },
  { title: "Name", text: ({ name }) => name },
  { title: "Value", text: ({ value }) => value },
];

/** The variables of a job or run in Code Engine's words. What is taken as a whole stands first: what comes later wins. */
export function variablesOf({
  env = [],
  envFrom = [],
}: {
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly EnvFromSource[];
}): Variable[] {
  return [...envFrom.map(fullReference), ...env.map(variableOf)];
}

function fullReference({ prefix = "", configMapRef, secretRef }: EnvFromSource): Variable {
  const kind = configMapRef === undefined ? "Secret" : "ConfigMap";
  const object = (configMapRef ?? secretRef)?.name ?? "";
  return { type: `${kind} full reference`, name: prefix === "" ? object : `${prefix}=${object}`, value: "" };
}

/** The value of a secret is never known here: it stands in its Secret, and is referred to. */
function variableOf({ name, value = "", valueFrom }: EnvVar): Variable {
  if (valueFrom === undefined) return { type: "Literal", name, value };
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = valueFrom;
  if (configMapKeyRef !== undefined) return { type: "ConfigMap key reference", name, value: keyOf(configMapKeyRef) };
  if (secretKeyRef !== undefined) return { type: "Secret key reference", name, value: keyOf(secretKeyRef) };
  if (fieldRef !== undefined) return { type: "Field reference", name, value: fieldRef.fieldPath };
  return { type: "Resource reference", name, value: resourceFieldRef?.resource ?? "" };
}

const keyOf = ({ name = "", key }: { readonly name?: string; readonly key: string }): string => `${name}.${key}`;

/** The table `Mounts`. */
export const mountColumns: readonly Column<Mount>[] = [
  { title: "Path", text: ({ mountPath }) => mountPath },
  { title: "Type", text: (mount) => sourceOf(mount)[0] },
  { title: "Name", text: (mount) => sourceOf(mount)[1] },
  { title: "Sub Path", text: ({ subPath = "" }) => subPath },
  { title: "Access", text: (mount) => (isReadOnly(mount) ? "read-only" : "read-write") },
];

function sourceOf({ configMap, secret, persistentVolumeClaim, emptyDir }: Mount): [type: string, name: string] {
  if (configMap !== undefined) return ["ConfigMap", configMap];
  if (secret !== undefined) return ["Secret", secret];
  if (persistentVolumeClaim !== undefined) return ["PersistentVolumeClaim", persistentVolumeClaim];
  return ["Empty directory", emptyDir?.sizeLimit ?? ""];
}

const isReadOnly = ({ configMap, secret, readOnly }: Mount): boolean =>
  readOnly === true || configMap !== undefined || secret !== undefined;
