import { countIndices, difference, printIndexSet, readIndexSet, union } from "../kube/indexSet";
import { defined } from "../kube/defined";
import type { Resumed, RunSpec } from "../spec/types";
import type { IndexDetails, RunStatus, StatusDetails } from "./types";

/** More would make the state of a wide run too large to read. */
export const MOST_DETAILS = 200;

/** The part of the run that the attempt runs. */
export function partOf({ indices }: Resumed): Pick<RunSpec, "arrayIndices" | "arraySize"> {
  return { arrayIndices: indices, arraySize: countIndices(readIndexSet(indices)) };
}

/** The run as a whole, when this is what its present attempt came to: the latest attempt of an index counts. */
export function afterEarlier({ indices, before }: Resumed, { status, statusDetails }: RunStatus): RunStatus {
  const again = readIndexSet(indices);
  const succeeded = union(
    difference(readIndexSet(before.succeededIndices), again),
    readIndexSet(statusDetails.succeededIndices),
  );
  const stories = { ...withoutIndices(before.indices, statusDetails.indices), ...statusDetails.indices };
  const { startTime = statusDetails.startTime } = before;
  return {
    status: status === "pending" ? "running" : status,
    statusDetails: defined({
      ...statusDetails,
      ...limited(stories, before.indicesTruncated === true || statusDetails.indicesTruncated === true),
      requested: before.requested,
      succeeded: countIndices(succeeded),
      succeededIndices: printIndexSet(succeeded),
      startTime,
    }),
  };
}

type Stories = Readonly<Record<string, IndexDetails>>;

/** What is told of indices that had succeeded before. */
function withoutIndices(before: Stories, now: Stories): Stories {
  return Object.fromEntries(
    Object.entries(before).filter(([index, { status }]) => status === "succeeded" && !(index in now)),
  );
}

function limited(stories: Stories, truncated: boolean): Pick<StatusDetails, "indices" | "indicesTruncated"> {
  const entries = Object.entries(stories);
  const indices = Object.fromEntries(entries.slice(0, MOST_DETAILS));
  return truncated || entries.length > MOST_DETAILS ? { indices, indicesTruncated: true } : { indices };
}
