import { isPlainObject } from "../kube/hash";

/** A value that only the deployment will tell. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What Pulumi's engine sends for a value that is not known at preview, one text for each kind of value. */
const sentinels: ReadonlySet<unknown> = new Set([
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  UNKNOWN,
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** Whether the value is one that will be known only during the deployment. */
export function isUnknown(value: unknown): boolean {
  return sentinels.has(value);
}

/** Whether the value or anything in it is unknown. */
export function hasUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isPlainObject(value) ? Object.values(value).some(hasUnknown) : isUnknown(value);
}

/** The value that the path leads to; undefined where it leads nowhere. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, step) => {
    if (Array.isArray(at)) return at[Number(step)];
    return isPlainObject(at) ? at[step] : undefined;
  }, value);
}

/** Whether the path leads to an unknown value or into one. */
export function leadsToUnknown(value: unknown, path: readonly string[]): boolean {
  return (
    path.some((_step, length) => isUnknown(valueAt(value, path.slice(0, length)))) || isUnknown(valueAt(value, path))
  );
}

/** The object without its unknown members, for rules that treat unknown as not given. */
export function onlyKnown<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => !isUnknown(member))) as Partial<T>;
}
