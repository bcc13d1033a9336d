import { isPlainObject } from "../kube/hash";
import type { ConfigMap } from "../kube/types";

/**
 * What was written into that key of the ConfigMap.
 * @throws when somebody has changed it into something else, with the name of the ConfigMap.
 */
export function keptJson({ metadata, data }: ConfigMap, key: string, what: string): object {
  const text = data?.[key];
  const place = `ConfigMap ${[metadata.namespace, metadata.name].filter(Boolean).join("/")}`;
  if (text === undefined) throw new Error(`${place} has no key ${key}: it is not ${what}`);
  const value = parsed(text);
  if (isPlainObject(value)) return value;
  throw new Error(
    `key ${key} of ${place} must be a JSON object, which ${what} is kept as, got ${JSON.stringify(text.slice(0, 60))}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Whatever it is, it is no JSON, and the caller says so with the text.
    return undefined;
  }
}
