import { defaultOf } from "../spec/schema";
import { countIndices, difference, printIndexSet, readIndexSet } from "../kube/indexSet";
import type { JobRunInputs } from "../spec/types";
import type { StatusDetails } from "../spec/types.generated";

/** What the stored outputs and the hidden state say of a run. */
interface Kept {
  readonly status: string;
  readonly arrayIndices: string;
  readonly attempt: number;
  readonly statusDetails: Pick<StatusDetails, "succeededIndices">;
  readonly started?: boolean;
  readonly reached?: boolean;
  /** What somebody has changed in the cluster, by input. */
  readonly live?: Readonly<Record<string, unknown>>;
}

/** What the next `up` has to do for a run whose inputs are unchanged, and how. */
export interface OwedWork {
  readonly reason: string;
  /** The run is replaced by a new one. */
  readonly again: boolean;
  /** What failed runs once more, as a further attempt of the same run. */
  readonly resume: boolean;
}

/** Decided from what is stored, never from the engine's list of init errors, which a refresh drops. Undefined when nothing is owed. */
export function owedWork(kept: Kept, { onFailure }: JobRunInputs): OwedWork | undefined {
  const { status, started = false, reached = false, live } = kept;
  if (live !== undefined) return { reason: putBack(Object.keys(live).toSorted()), ...goOn };
  if (!started) return { reason: "will bring the objects in line that are missing or not as they should be", ...goOn };
  if (reached) return undefined;
  if (status !== "failed") return { reason: "will wait on: it has not reached what is waited for", ...goOn };
  switch (onFailure ?? defaultOf("onFailure")) {
    case "rerun":
      return { reason: "will run again: it failed", again: true, resume: false };
    case "resume":
      return { reason: resumption(kept), again: false, resume: true };
    default:
      return { reason: "failed, and counts as failed until its inputs change", ...goOn };
  }
}

const goOn = { again: false, resume: false } as const;

function putBack(keys: readonly string[]): string {
  return `will put back what somebody has changed in the cluster${keys.length === 0 ? "" : `: ${keys.join(", ")}`}`;
}

function resumption({ arrayIndices, statusDetails, attempt }: Kept): string {
  const missing = difference(readIndexSet(arrayIndices), readIndexSet(statusDetails.succeededIndices));
  const many = countIndices(missing) === 1 ? "index" : "indices";
  return `will run ${many} ${printIndexSet(missing)} again as attempt ${(attempt + 1).toString()}`;
}
