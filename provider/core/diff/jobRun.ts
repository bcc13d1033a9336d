import { stableJson } from "../kube/hash";
import { shapeKeys, shapeOf } from "../spec/jobRun";
import { comparable } from "../spec/template";
import type { JobRunInputs } from "../spec/types";
import { hasUnknown } from "../spec/unknown";
import { quote } from "../spec/validate";

/** What a change of inputs means for a run. */
export interface RunDiff {
  /** Inputs whose change makes a new run. */
  readonly replaces: readonly string[];
  /** Why, a phrase for each: `image: app:1 -> app:2`. */
  readonly why: readonly string[];
  /** Something else has changed: the run goes on, and the next operation is to know. */
  readonly touched: boolean;
}

/** Compares what the two sets of inputs mean, not how they are written. */
export function diffRun(before: JobRunInputs, after: JobRunInputs): RunDiff {
  const named = before.name !== undefined && after.name !== undefined && before.name !== after.name ? ["name"] : [];
  const why = shapeChanges(before, after);
  const changed = why.length === 0 ? [] : changedKeys(before, after);
  const revision = followsByRevision(before, after) && before.jobRevision !== after.jobRevision ? ["jobRevision"] : [];
  return {
    replaces: [...named, ...changed, ...revision],
    why: [...why, ...revision.map(() => "the job has changed")],
    touched: stableJson([before.wait, before.connection]) !== stableJson([after.wait, after.connection]),
  };
}

/** With the definition at hand, the revision says nothing that the definition does not say. */
function followsByRevision(before: JobRunInputs, after: JobRunInputs): boolean {
  return after.jobDefinition === undefined && before.jobDefinition === undefined;
}

/** The inputs that are written differently; a change of meaning is among them. */
function changedKeys(before: JobRunInputs, after: JobRunInputs): string[] {
  return shapeKeys.filter((key) => stableJson(before[key]) !== stableJson(after[key]));
}

function shapeChanges(before: JobRunInputs, after: JobRunInputs): string[] {
  const unknown = shapeKeys.filter(
    (key) => hasUnknown(after[key]) && stableJson(before[key]) !== stableJson(after[key]),
  );
  if (unknown.length > 0 || shapeKeys.some((key) => hasUnknown(after[key])))
    return unknown.map((key) => `${key} is not known yet`);
  const [old, now] = [flatShape(before), flatShape(after)];
  const [was, is] = [comparable(old), comparable(now)];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return keys
    .filter((key) => stableJson(was[key]) !== stableJson(is[key]))
    .map((key) => phrase(key, { old: old[key], now: now[key], after }));
}

function flatShape(inputs: JobRunInputs): Record<string, unknown> {
  const { job, template } = shapeOf(inputs);
  return { ...template, ...(job !== undefined && { job }) };
}

/** Lists and environments are named only: they are long, and may hold secrets. */
function phrase(key: string, { old, now, after }: { old: unknown; now: unknown; after: JobRunInputs }): string {
  const where =
    after.jobDefinition !== undefined && after[key as keyof JobRunInputs] === undefined ? `job.${key}` : key;
  const short = [old, now].every((value) => typeof value !== "object");
  return short ? `${where}: ${show(old)} -> ${show(now)}` : where;
}

const show = (value: unknown): string => (value === undefined ? "none" : quote(value));
