import { eachIndex, type IndexSet, readIndexSet } from "../kube/indexSet";
import type { DeploymentView, JobView, Verdict } from "./types";

/** Code Engine's word for Kubernetes' `DeadlineExceeded`. */
const TIME_EXCEEDED = "MaxExecutionTimeExceeded";

/** Kubernetes' final word on one index; the reason is there when the run, and not the index, is why. */
export interface Decision {
  readonly state: "succeeded" | "failed";
  readonly reason?: string;
}

/** Kubernetes' word on the whole run: where each index has its own Job, the last of their words. */
export function runVerdict(jobs: readonly JobView[], arraySize: number): Verdict | undefined {
  const [first] = jobs;
  if (first !== undefined && first.index === undefined) return first.verdict;
  const verdicts = jobs.flatMap(({ verdict }) => verdict ?? []);
  if (verdicts.length < arraySize) return undefined;
  const last = verdicts
    .flatMap(({ time }) => time ?? [])
    .toSorted()
    .at(-1);
  const failed = verdicts.find(({ success }) => !success);
  return { ...(failed ?? { success: true }), ...(last !== undefined && { time: last }) };
}

/** The indices of the set that Kubernetes has decided. */
export function decidedIndices(jobs: readonly JobView[], set: IndexSet): Map<number, Decision> {
  const decided = new Map<number, Decision>();
  for (const job of jobs) {
    const own: IndexSet = job.index === undefined ? set : [[job.index, job.index]];
    const place = (index: number): number => job.index ?? index;
    if (job.verdict !== undefined) for (const index of eachIndex(own)) decided.set(index, byVerdict(job.verdict));
    for (const index of eachIndex(readIndexSet(job.completedIndexes)))
      decided.set(place(index), { state: "succeeded" });
    for (const index of eachIndex(readIndexSet(job.failedIndexes))) decided.set(place(index), { state: "failed" });
  }
  return decided;
}

/** The indices of a daemon whose end was seen, and whose pods were taken away for it. */
export function settledIndices(deployments: readonly DeploymentView[]): Map<number, Decision> {
  const settled = deployments.flatMap(({ index, replicas, settled }) =>
    index !== undefined && replicas === 0 && settled !== undefined ? [index] : [],
  );
  return new Map(settled.map((index) => [index, { state: "succeeded" }]));
}

/** An index that the Job's own lists do not name shares the Job's fate. */
function byVerdict({ success, reason = "Failed" }: Verdict): Decision {
  if (success) return { state: "succeeded" };
  return { state: "failed", reason: reason === "DeadlineExceeded" ? TIME_EXCEEDED : reason };
}
