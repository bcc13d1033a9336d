import { ageOf } from "../kube/duration";
import type { GetJobRunResult } from "../spec/types.generated";
import type { PodView } from "../status/types";
import { type Column, toneOf } from "./columns";

/** What a run has come to on its way. It stays true when the run has gone on. */
export interface Milestone {
  readonly type: "Pending" | "Running" | "Complete" | "Failed";
  readonly status: "True";
  /** When that was; undefined when nobody knows any more. */
  readonly lastTransition?: string;
}

type Run = Pick<GetJobRunResult, "status" | "statusDetails" | "createdAt">;

/** The conditions that Code Engine shows of a run: they add up. */
export function milestonesOf(run: Run, pods: readonly PodView[]): Milestone[] {
  const { status, createdAt, statusDetails } = run;
  const { starts, ends } = timesOf(statusDetails, pods);
  const at = (type: Milestone["type"], time: string | undefined): Milestone => ({
    type,
    status: "True",
    ...(time !== undefined && { lastTransition: time }),
  });
  return [
    at("Pending", createdAt),
    ...(hasRun(run, starts) ? [at("Running", starts.toSorted()[0] ?? statusDetails.startTime)] : []),
    ...(status === "completed" ? [at("Complete", statusDetails.completionTime ?? ends.toSorted().at(-1))] : []),
    ...(status === "failed" ? [at("Failed", statusDetails.completionTime ?? ends.toSorted().at(-1))] : []),
  ];
}

/** A task whose time is over may have failed without a program that ever began. */
function hasRun({ status, statusDetails: { succeeded, running } }: Run, starts: readonly string[]): boolean {
  return starts.length > 0 || status === "completed" || succeeded + running > 0;
}

function timesOf({ indices }: Run["statusDetails"], pods: readonly PodView[]): Record<"starts" | "ends", string[]> {
  const told = [...Object.values(indices), ...pods.flatMap(({ container }) => container ?? [])];
  return {
    starts: told.flatMap(({ startedAt }) => startedAt ?? []),
    ends: told.flatMap(({ finishedAt }) => finishedAt ?? []),
  };
}

/** The table `Conditions`. Kubernetes does not tell when a condition was looked at last, so Code Engine's column for that is left out. */
export const milestoneColumns = (now: number): Column<Milestone>[] => [
  { title: "Type", text: ({ type }) => type, tone: ({ type }) => toneOf(type) },
  { title: "Status", text: ({ status }) => status },
  { title: "Last Transition", text: ({ lastTransition }) => ageOf(lastTransition, now) },
];
