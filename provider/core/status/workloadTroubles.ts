import { defined } from "../kube/defined";
import { eachIndex, readIndexSet } from "../kube/indexSet";
import type { RunSpec } from "../spec/types";
import { causeOf } from "./causes";
import { type EventsByObject, FAILED_CREATE, isLater, latestEvent } from "./events";
import type { RunView } from "./runStatus";
import type { EventView, IndexTrouble, JobView, PodView, RunStatus } from "./types";

/** Pending indices of which no pod is left that could still run. */
export function awaitingIndices({ pods, statusDetails }: RunView & RunStatus): number[] {
  const alive = new Set(pods.filter(isAlive).map(({ index }) => index));
  return [...eachIndex(readIndexSet(statusDetails.pendingIndices))].filter((index) => !alive.has(index));
}

/** Whether the pod's program still runs, or is still to run. */
export const isAlive = ({ deleting, phase }: PodView): boolean =>
  !deleting && phase !== "Failed" && phase !== "Succeeded";

/** Indices whose Job a queue, or somebody, holds back. */
export function heldBack({ jobs, statusDetails }: RunView & RunStatus, { queue }: RunSpec): IndexTrouble[] {
  const note = queue === undefined ? "queued (suspended)" : `queued in "${queue}" (suspended)`;
  const pending = [...eachIndex(readIndexSet(statusDetails.pendingIndices))];
  const held = jobs.filter(({ suspended, verdict }) => suspended === true && verdict === undefined);
  return carriedBy(held, pending).map(({ index }) => ({ index, kind: "JobSuspended", note }));
}

/** These indices, each with its Job: one Job carries all of them, or each has its own. */
function carriedBy(jobs: readonly JobView[], indices: readonly number[]): { index: number; job: JobView }[] {
  const jobOf = new Map(jobs.map((job) => [job.index, job]));
  return indices.flatMap((index) => {
    const job = jobOf.get(index) ?? jobOf.get(undefined);
    return job === undefined ? [] : [{ index, job }];
  });
}

/** Indices whose pods Kubernetes may not create: a Deployment says so itself, of a Job only events do. */
export function refusedPods(seen: RunView & RunStatus, events: EventsByObject): IndexTrouble[] {
  const awaiting = awaitingIndices(seen);
  return [...refusedReplicas(seen, new Set(awaiting)), ...refusedByJobs(seen, awaiting, events)];
}

function refusedReplicas({ deployments }: RunView, awaiting: ReadonlySet<number>): IndexTrouble[] {
  return deployments.flatMap(({ index, conditions }) => {
    const failure = conditions.find(({ type, status }) => type === "ReplicaFailure" && status === "True");
    if (index === undefined || !awaiting.has(index) || failure === undefined) return [];
    return [defined({ index, kind: failure.reason ?? FAILED_CREATE, message: failure.message })];
  });
}

function refusedByJobs({ jobs, pods }: RunView, awaiting: readonly number[], events: EventsByObject): IndexTrouble[] {
  const free = jobs.filter(({ suspended, verdict }) => suspended !== true && verdict === undefined);
  const podsOf = Map.groupBy(pods, ({ index }) => index);
  const newest = newestOf(pods);
  return carriedBy(free, awaiting).flatMap(({ index, job }) => {
    const event = latestEvent(events, job.uid, (reason) => reason === FAILED_CREATE);
    if (event === undefined || wasTriedSince(event, podsOf.get(index))) return [];
    if (job.index === undefined && wasLifted(event, newest)) return [];
    return [{ index, kind: event.reason, message: event.message }];
  });
}

/** An index that was tried since then waits for its next attempt. */
function wasTriedSince({ lastSeen }: EventView, pods: readonly PodView[] = []): boolean {
  return pods.some(({ container, createdAt }) => !isLater(lastSeen, container?.finishedAt ?? createdAt));
}

/** Room that comes and goes lets some pods through and others not. A rule that refused pods has changed once it lets one through. */
function wasLifted({ lastSeen, reason, message }: EventView, newestPod: string): boolean {
  return causeOf(reason, message).class === "refused" && isLater(newestPod, lastSeen);
}

/** When the youngest pod was created; Kubernetes writes these times in one form, which sorts. */
const newestOf = (pods: readonly PodView[]): string =>
  pods.reduce((newest, { createdAt }) => (createdAt > newest ? createdAt : newest), "");
