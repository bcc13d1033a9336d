import { defaultOf } from "../spec/schema";
import type { JobRunInputs } from "../spec/types";

/** What the stored outputs and the hidden state say of a run. */
interface Kept {
  readonly status: unknown;
  readonly started?: boolean;
  readonly reached?: boolean;
}

/** What the next `up` has to do for a run whose inputs are unchanged, and how. */
export interface OwedWork {
  readonly reason: string;
  /** The run is replaced by a new one. */
  readonly again: boolean;
}

/** Decided from what is stored, never from the engine's list of init errors, which a refresh drops. Undefined when nothing is owed. */
export function owedWork(
  { status, started = false, reached = false }: Kept,
  { onFailure }: JobRunInputs,
): OwedWork | undefined {
  if (!started) return { reason: "will create the objects that are missing", again: false };
  if (reached) return undefined;
  if (status !== "failed") return { reason: "will wait on: it has not reached what is waited for", again: false };
  return (onFailure ?? defaultOf("onFailure")) === "rerun"
    ? { reason: "will run again: it failed", again: true }
    : { reason: "failed, and counts as failed until its inputs change", again: false };
}
