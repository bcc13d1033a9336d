import { countIndices, eachIndex, indexSetOf, printIndexSet, readIndexSet } from "../kube/indexSet";
import type { Mode, RunSpec } from "../spec/types";
import { defined } from "../kube/defined";
import { decidedIndices, runVerdict, settledIndices } from "./decided";
import { afterEarlier, MOST_DETAILS, partOf } from "./attempts";
import { indexDetails } from "./indexStatus";
import type {
  DeploymentView,
  IndexDetails,
  IndexPhase,
  JobView,
  PodView,
  RunPhase,
  RunStatus,
  StatusDetails,
  Verdict,
} from "./types";

/** What is observed of a run. */
export interface RunView {
  readonly jobs: readonly JobView[];
  readonly deployments: readonly DeploymentView[];
  readonly pods: readonly PodView[];
}

/** The one judgement of a run, used wherever a status is shown or decided upon. */
export function runStatus(spec: RunSpec, view: RunView): RunStatus {
  const { resumed } = spec;
  if (resumed === undefined) return attemptStatus(spec, view);
  const { arrayIndices, arraySize } = partOf(resumed);
  const ofAttempt = ({ runAttempt }: { runAttempt: number }): boolean => runAttempt === resumed.attempt;
  const own = { ...view, jobs: view.jobs.filter(ofAttempt), pods: view.pods.filter(ofAttempt) };
  return afterEarlier(resumed, attemptStatus({ ...spec, arrayIndices, arraySize }, own));
}

function attemptStatus(spec: RunSpec, view: RunView): RunStatus {
  const verdict = runVerdict(view.jobs, spec.arraySize);
  const table = indexTable(spec, view);
  const statusDetails = { ...counters(table), ...timesOf(view.jobs, verdict), ...tellingIndices(table) };
  return { status: phaseOf(statusDetails, spec.mode, verdict), statusDetails };
}

function indexTable(spec: RunSpec, { jobs, deployments, pods }: RunView): Map<number, IndexDetails> {
  const set = readIndexSet(spec.arrayIndices);
  const decided = new Map([...decidedIndices(jobs, set), ...settledIndices(deployments)]);
  const podsOf = Map.groupBy(currentPods(pods, deployments), ({ index }) => index);
  const table = new Map<number, IndexDetails>();
  for (const index of eachIndex(set)) {
    const decision = decided.get(index);
    const pods = podsOf.get(index) ?? [];
    table.set(
      index,
      indexDetails({ mode: spec.mode, retryLimit: spec.retryLimit ?? 0, pods, ...(decision && { decision }) }),
    );
  }
  return table;
}

/** While an update rolls, the pods that go still run what was wanted before. A pod that does not say what it runs counts. */
export function currentPods(pods: readonly PodView[], deployments: readonly DeploymentView[]): readonly PodView[] {
  if (deployments.length === 0) return pods;
  const wanted = new Map(deployments.map(({ index, revision }) => [index, revision]));
  return pods.filter(({ index, revision }) => revision === undefined || (wanted.get(index) ?? revision) === revision);
}

function phaseOf(details: StatusDetails, mode: Mode, verdict: Verdict | undefined): RunPhase {
  if (verdict !== undefined) return verdict.success ? "completed" : "failed";
  // Of a task, Kubernetes has the last word: it may still count a container's end otherwise.
  if (mode === "daemon" && details.succeeded === details.requested) return "completed";
  if (details.unknown > 0 && details.running === 0) return "unknown";
  return details.pending < details.requested || Object.keys(details.indices).length > 0 ? "running" : "pending";
}

type Counters = Omit<
  StatusDetails,
  "startTime" | "completionTime" | "reason" | "message" | "indices" | "indicesTruncated"
>;

function counters(table: ReadonlyMap<number, IndexDetails>): Counters {
  const inPhase = (phase: IndexPhase) =>
    indexSetOf([...table].filter(([, { status }]) => status === phase).map(([index]) => index));
  const sets = {
    pending: inPhase("pending"),
    running: inPhase("running"),
    succeeded: inPhase("succeeded"),
    failed: inPhase("failed"),
  };
  return {
    requested: table.size,
    pending: countIndices(sets.pending),
    running: countIndices(sets.running),
    succeeded: countIndices(sets.succeeded),
    failed: countIndices(sets.failed),
    unknown: countIndices(inPhase("unknown")),
    pendingIndices: printIndexSet(sets.pending),
    runningIndices: printIndexSet(sets.running),
    succeededIndices: printIndexSet(sets.succeeded),
    failedIndices: printIndexSet(sets.failed),
  };
}

function timesOf(
  jobs: readonly JobView[],
  verdict: Verdict | undefined,
): Pick<StatusDetails, "startTime" | "completionTime" | "reason" | "message"> {
  const startTime = jobs.flatMap((job) => job.startTime ?? []).toSorted()[0];
  const failure = verdict?.success === false ? { reason: verdict.reason ?? "Failed", message: verdict.message } : {};
  return defined({ startTime, completionTime: verdict?.time, ...failure });
}

function tellingIndices(table: ReadonlyMap<number, IndexDetails>): Pick<StatusDetails, "indices" | "indicesTruncated"> {
  const telling = [...table].filter(([, details]) => hasStory(details));
  const indices = Object.fromEntries(
    telling.slice(0, MOST_DETAILS).map(([index, details]) => [index.toString(), details]),
  );
  return telling.length > MOST_DETAILS ? { indices, indicesTruncated: true } : { indices };
}

function hasStory({ status, retries, restarts, message, lastFailureReason }: IndexDetails): boolean {
  return status === "failed" || (retries ?? restarts ?? message ?? lastFailureReason) !== undefined;
}
