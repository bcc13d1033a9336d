import type { EnvFromSource, EnvVar, Mount } from "../../core/spec/types.generated";

/** How Code Engine's command line writes variables, references and mounts. */

/** `NAME=VALUE`; the value may be empty. */
export const isPair = (text: string): boolean => text.indexOf("=") > 0;

export const isReference = (text: string): boolean => /^([^=:]+=)?[^=:]+$|^[^=:]+:[^,:]+(,[^,:]+)*$/.test(text);

function pairOf(text: string): [name: string, value: string] {
  const at = text.indexOf("=");
  return [text.slice(0, at), text.slice(at + 1)];
}

export function variableOf(text: string): EnvVar {
  const [name, value] = pairOf(text);
  return { name, value };
}

type ReferenceKind = "configMap" | "secret";

/** A reference to all keys of an object: `NAME`, or `PREFIX=NAME`; undefined when it is one to single keys. */
export function wholeOf(text: string, kind: ReferenceKind): EnvFromSource | undefined {
  if (text.includes(":")) return undefined;
  const [prefix, name] = isPair(text) ? pairOf(text) : [undefined, text];
  const from = kind === "secret" ? { secretRef: { name } } : { configMapRef: { name } };
  return { ...(prefix !== undefined && { prefix }), ...from };
}

/** References to single keys: `NAME:KEY,KEY`, where `VARIABLE=KEY` gives one another name; none for a reference to all. */
export function keysOf(text: string, kind: ReferenceKind): EnvVar[] {
  const [name = "", keys] = text.split(":", 2);
  return (keys?.split(",") ?? []).map((entry) => {
    const [variable, key] = isPair(entry) ? pairOf(entry) : [entry, entry];
    const from = { name, key };
    return { name: variable, valueFrom: kind === "secret" ? { secretKeyRef: from } : { configMapKeyRef: from } };
  });
}

/** `DIRECTORY=NAME`; of a claim also `DIRECTORY=NAME:PATH`. */
export function mountOf(text: string, kind: "configMap" | "secret" | "persistentVolumeClaim"): Mount {
  const [mountPath, source] = pairOf(text);
  if (kind !== "persistentVolumeClaim") return { mountPath, [kind]: source };
  const [name = "", subPath] = source.split(":", 2);
  return { mountPath, persistentVolumeClaim: name, ...(subPath !== undefined && { subPath }) };
}
