import { countIndices, eachIndex, indexSetOf, printIndexSet, readIndexSet } from "../kube/indexSet";
import { attemptedIndices, attemptOf } from "../spec/attempt";
import type { RunSpec } from "../spec/types";
import type { RunView } from "./runStatus";
import type { DeploymentView, JobView, RunStatus } from "./types";

/** What is asked of a view. */
interface Question {
  readonly spec: RunSpec;
  /** Every object was there before, and everything has been listed: what is missing has been deleted. */
  readonly complete: boolean;
}

type Workload = JobView | DeploymentView;

/**
 * Why there is nothing left to wait for, when somebody has deleted what Kubernetes had no verdict on. A task's other
 * indices still go on to their ends; a daemon without one of its indices is not what was asked for.
 */
export function lossOf(view: RunView, question: Question): string | undefined {
  const { mode } = question.spec;
  const isBusy = currentJobs(view, question).some(({ gone, verdict }) => gone !== true && verdict === undefined);
  if (mode === "task" && isBusy) return undefined;
  const lost = indexSetOf(lostIndices(view, question));
  if (lost.length === 0) return undefined;
  const what = mode === "task" ? "Job" : "Deployment or Job";
  const whose = countIndices(lost) === question.spec.arraySize ? "" : ` of index ${printIndexSet(lost)}`;
  return `its ${what}${whose} was deleted before it had ended; the next \`pulumi up\` starts it again`;
}

/** The status of a run whose objects have all gone, with nothing that tells how it ended. */
export function lostStatus({ statusDetails }: RunStatus): RunStatus {
  const { requested } = statusDetails;
  return { status: "unknown", statusDetails: { ...statusDetails, pending: 0, pendingIndices: "", unknown: requested } };
}

function lostIndices(view: RunView, question: Question): number[] {
  const { spec, complete } = question;
  const workloads: readonly Workload[] = [...currentJobs(view, question), ...view.deployments];
  // A daemon's missing objects are made again by whoever updates it.
  const isMissingLost = complete && spec.mode === "task";
  if (!isMissingLost && !workloads.some(isLost)) return [];
  const isCarried = carriedBy(workloads.filter((workload) => !isLost(workload)));
  const wasCarried = carriedBy(workloads.filter(isLost));
  return [...eachIndex(readIndexSet(attemptedIndices(spec)))].filter(
    (index) => !isCarried(index) && (isMissingLost || wasCarried(index)),
  );
}

/** What became of an earlier attempt does not matter. */
function currentJobs({ jobs }: RunView, { spec }: Question): JobView[] {
  return jobs.filter(({ runAttempt }) => runAttempt === attemptOf(spec));
}

/** What was deleted after its verdict has done its work. */
const isLost = (workload: Workload): boolean => workload.gone === true && !("verdict" in workload);

/** Which indices the workloads carry; one that names none carries all. */
function carriedBy(workloads: readonly Workload[]): (index: number) => boolean {
  const indices = new Set(workloads.map(({ index }) => index));
  return (index) => indices.has(undefined) || indices.has(index);
}
