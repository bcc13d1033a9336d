import { PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";
import { isPlainObject, stableJson } from "../../core/kube/hash";
import type { DiffResult } from "../../resources/contract";
import type { Props } from "../props";

const { Kind } = PropertyDiff;
type Kinds = readonly [change: PropertyDiff.Kind, replacement: PropertyDiff.Kind];

const added: Kinds = [Kind.ADD, Kind.ADD_REPLACE];
const removed: Kinds = [Kind.DELETE, Kind.DELETE_REPLACE];
const changed: Kinds = [Kind.UPDATE, Kind.UPDATE_REPLACE];

/** What differs between old and new inputs, by property path, and whether it makes a new resource. */
export function detailedDiff(before: Props, after: Props, { replaces }: DiffResult): Map<string, PropertyDiff> {
  const paths = new Map(differences(before, after, ""));
  const roots = new Set([...paths.keys()].map(rootOf));
  // A reason that no input shows, such as a run that failed before.
  for (const property of replaces) if (!roots.has(property)) paths.set(property, changed);
  return new Map([...paths].map(([path, kinds]) => [path, toDiff(kinds, replaces.includes(rootOf(path)))]));
}

function toDiff([change, replacement]: Kinds, isReplaced: boolean): PropertyDiff {
  const diff = new PropertyDiff();
  diff.setKind(isReplaced ? replacement : change);
  diff.setInputdiff(true);
  return diff;
}

const rootOf = (path: string): string => /^[^.[]*/.exec(path)?.[0] ?? path;

function* differences(before: unknown, after: unknown, at: string): Generator<readonly [string, Kinds]> {
  if (stableJson([before]) === stableJson([after])) return;
  if (before === undefined) yield [at, added];
  else if (after === undefined) yield [at, removed];
  else if (Array.isArray(before) && Array.isArray(after)) yield* inLists(before, after, at);
  else if (isPlainObject(before) && isPlainObject(after)) yield* inMaps(before, after, at);
  else yield [at, changed];
}

function* inLists(
  before: readonly unknown[],
  after: readonly unknown[],
  at: string,
): Generator<readonly [string, Kinds]> {
  for (let i = 0; i < Math.max(before.length, after.length); i++)
    yield* differences(before[i], after[i], `${at}[${i.toString()}]`);
}

function* inMaps(before: Props, after: Props, at: string): Generator<readonly [string, Kinds]> {
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
    yield* differences(before[key], after[key], stepInto(at, key));
}

/** As Pulumi writes paths: a key that is no plain name stands in brackets. */
function stepInto(at: string, key: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${at}[${JSON.stringify(key)}]`;
  return at === "" ? key : `${at}.${key}`;
}
