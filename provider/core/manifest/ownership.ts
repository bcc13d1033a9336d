import { isPlainObject } from "../kube/hash";
import { annotation } from "../kube/labels";
import type { Path, Step } from "../kube/path";
import type { KubeObject } from "../kube/types";

/** Who has written a field last, as far as it matters. */
export type Writer = "we" | "kubectl" | "another";

const REVISION: Path = ["metadata", "annotations", annotation.revision];

/**
 * Tells who has written a field of the object last, by the account that the API server keeps of it. What an admission webhook makes of our own
 * request counts as written by us. Undefined when somebody has cleared the account: then nothing is known.
 */
export function writersOf({ metadata }: KubeObject): ((path: Path) => Writer) | undefined {
  const { managedFields = [] } = metadata;
  const owners = (path: Path): string[] =>
    managedFields.flatMap(({ manager, fieldsV1 }) => (owns(fieldsV1, path) ? [manager ?? ""] : []));
  // Only we write the revision.
  const we = new Set(owners(REVISION));
  if (we.size === 0) return undefined;
  return (path) => {
    const writers = owners(path);
    if (writers.some((writer) => we.has(writer))) return "we";
    return writers.some((writer) => writer.startsWith("kubectl")) ? "kubectl" : "another";
  };
}

/** A list or map that is taken as a whole has nothing below it. */
function owns(fields: unknown, [step, ...rest]: Path): boolean {
  if (!isPlainObject(fields)) return false;
  if (step === undefined || Object.keys(fields).length === 0) return true;
  return owns(fields[keyOf(step)], rest);
}

const keyOf = (step: Step): string =>
  typeof step === "string" ? `f:${step}` : `k:${JSON.stringify({ [step.key]: step.value })}`;
