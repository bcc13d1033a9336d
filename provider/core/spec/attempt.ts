import { difference, printIndexSet, readIndexSet } from "../kube/indexSet";
import type { Resumed, RunSpec } from "./types";
import type { StatusDetails } from "./types.generated";

/** Which attempt of the run it is, from 1. */
export function attemptOf({ resumed }: RunSpec): number {
  return resumed?.attempt ?? 1;
}

/** The indices that the present attempt runs. */
export function attemptedIndices({ arrayIndices, resumed }: RunSpec): string {
  return resumed?.indices ?? arrayIndices;
}

/** The attempt after one that failed: what has succeeded is not run again. */
export function nextAttempt(spec: RunSpec, details: StatusDetails): Resumed {
  const missing = difference(readIndexSet(spec.arrayIndices), readIndexSet(details.succeededIndices));
  return { attempt: attemptOf(spec) + 1, indices: printIndexSet(missing), before: details };
}
