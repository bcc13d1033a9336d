import { createHash } from "node:crypto";

/** JSON with sorted keys and without undefined members: equal values give equal text. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => (isPlainObject(member) ? sortKeys(member) : member));
}

/** Whether the value is an object with keys, not a list and not null. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function sortKeys(object: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** `length` characters of a hash of the value that are all allowed in a Kubernetes name: digits and consonants, so that no words arise. */
export function shortHash(value: unknown, length: number): string {
  const alphabet = "bcdfghjklmnpqrstvwxz0123456789";
  const digest = createHash("sha256").update(stableJson(value)).digest();
  return Array.from(digest.subarray(0, length), (byte) => alphabet.charAt(byte % alphabet.length)).join("");
}
