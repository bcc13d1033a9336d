import { isPlainObject } from "../kube/hash";

/** Sizes beyond any limit of the schema: what is larger is cut before it is looked at, and still found too large. */
const MOST_ITEMS = 1_000;
const LONGEST_TEXT = 20_000;
const DEEPEST = 32;

/** The value, cut so that a check takes little time and memory whatever it is given. */
export function bound(value: unknown, depth = DEEPEST): unknown {
  if (typeof value === "string") return value.length > LONGEST_TEXT ? value.slice(0, LONGEST_TEXT) : value;
  if (Array.isArray(value)) return depth === 0 ? [] : value.slice(0, MOST_ITEMS).map((item) => bound(item, depth - 1));
  if (!isPlainObject(value)) return value;
  const entries = depth === 0 ? [] : Object.entries(value).slice(0, MOST_ITEMS);
  return Object.fromEntries(entries.map(([key, member]) => [key, bound(member, depth - 1)]));
}
