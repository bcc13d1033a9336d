import { ageOf, printDuration } from "../kube/duration";
import type { GetJobResult, GetJobRunResult } from "../spec/types.generated";
import { capital, type Column, toneOf } from "./columns";

/** A run as it stands in a list. */
export type ListedRun = GetJobRunResult;

/** A job as it stands in a list, with the newest of its runs that are still there. */
export interface ListedJob extends GetJobResult {
  readonly lastRun?: LastRun;
}

/** What is told of a job's newest run. */
export interface LastRun {
  readonly name: string;
  readonly createdAt: string;
}

type Counter = "failed" | "pending" | "requested" | "running" | "succeeded" | "unknown";

const counter = (key: Counter): Column<ListedRun> => ({
  title: capital(key),
  text: ({ statusDetails }) => statusDetails[key].toString(),
  tone: ({ statusDetails }) => (statusDetails[key] > 0 ? toneOf(capital(key)) : undefined),
});

/** The columns of `jobrun list` (Code Engine), and more for those who ask. */
export const runColumns = (now: number): Column<ListedRun>[] => [
  { title: "Name", text: ({ name }) => name },
  ...(["failed", "pending", "requested", "running", "succeeded", "unknown"] as const).map(counter),
  { title: "Age", text: ({ createdAt }) => ageOf(createdAt, now) },
  { title: "Status", text: ({ status }) => capital(status), tone: ({ status }) => toneOf(capital(status)), wide: true },
  { title: "Duration", text: (run) => durationOf(run, now), wide: true },
  { title: "Job", text: ({ job }) => job ?? "", wide: true },
  { title: "Mode", text: ({ mode }) => mode, wide: true },
  { title: "Attempt", text: ({ attempt }) => attempt.toString(), wide: true },
];

/** From the start of a task to its end, or until now. Kubernetes notes no start of a daemon. */
function durationOf({ statusDetails: { startTime, completionTime } }: ListedRun, now: number): string {
  if (startTime === undefined) return "";
  const end = completionTime === undefined ? now : Date.parse(completionTime);
  return printDuration((end - Date.parse(startTime)) / 1_000);
}

/** The columns of `job list` (Code Engine), and more for those who ask. */
export const jobColumns = (now: number): Column<ListedJob>[] => [
  { title: "Name", text: ({ name }) => name },
  { title: "Age", text: ({ createdAt }) => ageOf(createdAt, now) },
  { title: "Last Job Run Name", text: ({ lastRun }) => lastRun?.name ?? "" },
  { title: "Last Job Run Age", text: ({ lastRun }) => (lastRun === undefined ? "" : ageOf(lastRun.createdAt, now)) },
  { title: "Mode", text: ({ mode }) => mode, wide: true },
  { title: "Array Indices", text: ({ arrayIndices }) => arrayIndices, wide: true },
  { title: "Image", text: ({ image }) => image, wide: true },
];
