import { stableJson } from "../kube/hash";
import { isByName, retentionOf, shapeKeys, shapeOf, waitOf } from "../spec/jobRun";
import { defaultOf, typeDefault } from "../spec/schema";
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
  const revision = revisionChanged(before, after) ? ["jobRevision"] : [];
  return {
    replaces: [...named, ...changed, ...revision],
    why: [...why, ...revision.map(() => "the job has changed")],
    touched: stableJson(behaviour(before)) !== stableJson(behaviour(after)),
  };
}

/** With a definition at hand, the revision says nothing that the definition does not say. */
function revisionChanged(before: JobRunInputs, after: JobRunInputs): boolean {
  return isByName(before) && isByName(after) && before.jobRevision !== after.jobRevision;
}

/** What a change of runs nothing again, in a form in which equal meaning is equal text. */
function behaviour(inputs: JobRunInputs): object {
  const { wait, connection = {}, logs } = inputs;
  const { onFailure = defaultOf("onFailure") } = inputs;
  const { tailLines = typeDefault("Logs", "tailLines"), capture = typeDefault("Logs", "capture") } = logs ?? {};
  const template = { mode: inputs.mode ?? inputs.jobDefinition?.mode ?? "task" };
  return {
    wait: waitOf(wait, template),
    connection,
    onFailure,
    logs: { tailLines, capture },
    retention: retentionOf(inputs),
  };
}

/** The inputs that are written differently; a change of meaning is among them. */
function changedKeys(before: JobRunInputs, after: JobRunInputs): string[] {
  return shapeKeys.filter((key) => stableJson(before[key]) !== stableJson(after[key]));
}

function shapeChanges(before: JobRunInputs, after: JobRunInputs): string[] {
  if (shapeKeys.some((key) => hasUnknown(after[key]))) {
    const changed = changedKeys(before, after).filter((key) => hasUnknown(after[key as keyof JobRunInputs]));
    return changed.map((key) => `${key} is not known yet`);
  }
  // Of a job that one side knows by name only, the definitions cannot be compared: giving the resource instead of its name runs nothing.
  const byName = isByName(before) || isByName(after);
  const [old, now] = [flatShape(before, byName), flatShape(after, byName)];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return keys
    .filter((key) => stableJson(comparable(old)[key]) !== stableJson(comparable(now)[key]))
    .map((key) => phrase(key, { old: old[key], now: now[key], after }));
}

function flatShape(inputs: JobRunInputs, byName: boolean): Record<string, unknown> {
  const { job, template, own } = shapeOf(inputs, byName);
  return { ...template, ...own, ...(job !== undefined && { job }) };
}

interface Change {
  readonly old: unknown;
  readonly now: unknown;
  readonly after: JobRunInputs;
}

/** Lists and environments are named only: they are long, and may hold secrets. */
function phrase(key: string, { old, now, after }: Change): string {
  const ofJob = after.jobDefinition !== undefined && after[key as keyof JobRunInputs] === undefined && key !== "job";
  const where = ofJob ? `job.${key}` : key;
  const short = [old, now].every((value) => typeof value !== "object");
  return short ? `${where}: ${show(old)} -> ${show(now)}` : where;
}

const show = (value: unknown): string => (value === undefined ? "none" : quote(value));
