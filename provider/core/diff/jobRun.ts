import { stableJson } from "../kube/hash";
import { isByName, retentionOf, shapeKeys, shapeOf, waitOf } from "../spec/jobRun";
import { defaultOf, typeDefault } from "../spec/schema";
import { comparable } from "../spec/template";
import type { JobRunInputs } from "../spec/types";
import { hasUnknown } from "../spec/unknown";
import { quote } from "../spec/validate";

/** What is stored of a run, as far as it decides what a change means. */
export interface Stored {
  readonly status: string;
  readonly backend: string;
}

/** What a change of inputs means for a run. */
export interface RunDiff {
  /** Inputs whose change makes a new run. */
  readonly replaces: readonly string[];
  /** What has changed in the run's shape, a phrase for each: `image: app:1 -> app:2`. */
  readonly why: readonly string[];
  /** The shape has changed, and the run goes on with the new one. */
  readonly inPlace: boolean;
  /** Something else has changed: the run goes on, and the next operation is to know. */
  readonly touched: boolean;
}

/** Compares what the two sets of inputs mean, not how they are written. */
export function diffRun(before: JobRunInputs, after: JobRunInputs, stored: Stored): RunDiff {
  const named = before.name !== undefined && after.name !== undefined && before.name !== after.name ? ["name"] : [];
  const changes = [...shapeChanges(before, after), ...revisionChange(before, after)].filter(
    ({ key }) => key !== "backend" || isOtherBackend(after, stored),
  );
  const inPlace = named.length === 0 && changes.length > 0 && isInPlace(changes, after, stored);
  return {
    replaces: inPlace ? [] : [...named, ...replacedKeys(changes, before, after)],
    why: changes.map(({ phrase }) => phrase),
    inPlace,
    touched: stableJson(behaviour(before)) !== stableJson(behaviour(after)),
  };
}

/** A change of the run's shape. */
interface Change {
  readonly key: string;
  readonly phrase: string;
  /** Of a task's time limit: it is longer now. */
  readonly longer?: boolean;
}

/** What carries a run is chosen once: only another wish than what it has makes a new run. */
function isOtherBackend({ backend = "auto" }: JobRunInputs, stored: Stored): boolean {
  return backend !== "auto" && backend !== stored.backend;
}

/** A change of one of these is another run, whatever carries it. */
const newRunKeys: ReadonlySet<string> = new Set(["mode", "job", "triggers", "backend"]);

/** Deployments take up a change of nearly everything; a task that runs takes a longer time limit, and nothing else. */
function isInPlace(changes: readonly Change[], after: JobRunInputs, { status, backend }: Stored): boolean {
  if (backend === "deployment") return after.backend !== "job" && !changes.some(({ key }) => newRunKeys.has(key));
  return status !== "completed" && status !== "failed" && changes.every(({ longer }) => longer === true);
}

/** The inputs that are written differently; a change of meaning is among them. */
function replacedKeys(changes: readonly Change[], before: JobRunInputs, after: JobRunInputs): string[] {
  const revision = changes.filter(({ key }) => key === REVISION).map(({ key }) => key);
  return changes.length === revision.length ? revision : [...changedKeys(before, after), ...revision];
}

const REVISION = "jobRevision";

/** With a definition at hand, the revision says nothing that the definition does not say. */
function revisionChange(before: JobRunInputs, after: JobRunInputs): Change[] {
  const changed = isByName(before) && isByName(after) && before.jobRevision !== after.jobRevision;
  return changed ? [{ key: REVISION, phrase: "the job has changed" }] : [];
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
    settle: inputs.settle ?? defaultOf("settle"),
    retention: retentionOf(inputs),
  };
}

function changedKeys(before: JobRunInputs, after: JobRunInputs): string[] {
  return shapeKeys.filter((key) => stableJson(before[key]) !== stableJson(after[key]));
}

function shapeChanges(before: JobRunInputs, after: JobRunInputs): Change[] {
  if (shapeKeys.some((key) => hasUnknown(after[key]))) {
    const changed = changedKeys(before, after).filter((key) => hasUnknown(after[key as keyof JobRunInputs]));
    return changed.map((key) => ({ key, phrase: `${key} is not known yet` }));
  }
  // Of a job that one side knows by name only, the definitions cannot be compared: giving the resource instead of its name runs nothing.
  const byName = isByName(before) || isByName(after);
  const [old, now] = [flatShape(before, byName), flatShape(after, byName)];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return keys
    .filter((key) => stableJson(comparable(old)[key]) !== stableJson(comparable(now)[key]))
    .map((key) => toChange(key, { old: old[key], now: now[key], after }));
}

function flatShape(inputs: JobRunInputs, byName: boolean): Record<string, unknown> {
  const { job, template, own } = shapeOf(inputs, byName);
  return { ...template, ...own, ...(job !== undefined && { job }) };
}

interface Values {
  readonly old: unknown;
  readonly now: unknown;
  readonly after: JobRunInputs;
}

/** Lists and environments are named only: they are long, and may hold secrets. */
function toChange(key: string, { old, now, after }: Values): Change {
  const ofJob = after.jobDefinition !== undefined && after[key as keyof JobRunInputs] === undefined && key !== "job";
  const where = ofJob ? `job.${key}` : key;
  const short = [old, now].every((value) => typeof value !== "object");
  const phrase = short ? `${where}: ${show(old)} -> ${show(now)}` : where;
  return key === "maxExecutionTime" ? { key, phrase, longer: Number(now) > Number(old) } : { key, phrase };
}

const show = (value: unknown): string => (value === undefined ? "none" : quote(value));
