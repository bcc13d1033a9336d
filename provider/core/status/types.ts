import type { Condition } from "../kube/types";
import type { IndexDetails, IndexStatus, RunStatus as Phase, StatusDetails } from "../spec/types.generated";

export type RunPhase = Phase;
export type IndexPhase = IndexStatus;
export type { IndexDetails, StatusDetails };

/** State of a run, with what is told of it. */
export interface RunStatus {
  readonly status: RunPhase;
  readonly statusDetails: StatusDetails;
}

/** Whether a task run has ended for good: nothing that comes later changes that. A daemon that has stopped may run again. */
export function isTerminal(run: RunStatus): boolean {
  return run.statusDetails.completionTime !== undefined;
}

/** A Job reduced to what the verdict needs. */
export interface JobView {
  readonly uid: string;
  readonly runUid: string;
  readonly name: string;
  /** Of the run, from 1. */
  readonly runAttempt: number;
  /** Set when the Job carries exactly this index. */
  readonly index?: number;
  readonly startTime?: string;
  readonly completedIndexes: string;
  readonly failedIndexes: string;
  /** Held back by a queue or by hand: it has no pods, and its deadline does not run. */
  readonly suspended?: true;
  /** Kubernetes' first irrevocable word. */
  readonly verdict?: Verdict;
  /** Nothing of it runs any more, which can be a minute after the verdict. */
  readonly over: boolean;
  /** Somebody has deleted it; this is how it was last seen. */
  readonly gone?: true;
}

export interface Verdict {
  readonly success: boolean;
  readonly reason?: string;
  readonly message?: string;
  readonly time?: string;
}

/** A Deployment of a daemon, reduced to what is told of it. */
export interface DeploymentView {
  readonly uid: string;
  readonly runUid: string;
  readonly name: string;
  /** Set when the Deployment carries exactly this index, as those of a daemon do. */
  readonly index?: number;
  /** Of what it makes its pods. */
  readonly revision?: string;
  readonly replicas: number;
  /** Scaled to zero because its index ended with exit code 0; when that was seen. */
  readonly settled?: string;
  readonly readyReplicas: number;
  readonly conditions: readonly Condition[];
  /** Somebody has deleted it; this is how it was last seen. */
  readonly gone?: true;
}

/** A pod reduced to what the status needs: a wide run sends tens of megabytes of pod events. */
export interface PodView {
  readonly uid: string;
  readonly runUid: string;
  readonly name: string;
  readonly index: number;
  /** Of the run, from 1. */
  readonly runAttempt: number;
  /** How many attempts of its index failed before it. */
  readonly attempt: number;
  readonly createdAt: string;
  /** Of the daemon's Deployment that made it: an update makes pods of another one. */
  readonly revision?: string;
  readonly phase: string;
  readonly deleting: boolean;
  /** Drained, preempted or evicted: its end is not its program's fault, and costs no retry. */
  readonly disrupted: boolean;
  readonly node?: string;
  /** Its node reports nothing any more: what is told of its containers is old. */
  readonly unheard?: true;
  /** Why the pod as a whole is not well: evicted, not schedulable. */
  readonly reason?: string;
  readonly message?: string;
  readonly container?: ContainerView;
  /** What keeps the container from starting that holds a daemon's pod; the user's container decides all the same. */
  readonly keepAlive?: StuckView;
  /** Of a daemon: the restart policy of its container is not there, which it was made with. */
  readonly lacksRestartPolicy: boolean;
}

/** Kubernetes' word for what a container waits for. */
export interface StuckView {
  readonly reason: string;
  readonly message?: string;
}

export interface ContainerView {
  readonly state: "waiting" | "running" | "terminated";
  readonly restarts: number;
  readonly reason?: string;
  readonly message?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  readonly exitCode?: number;
  /** How the attempt before a restart in place ended. */
  readonly lastEnd?: { readonly exitCode: number; readonly reason?: string; readonly finishedAt?: string };
}

/** An event that tells what a pod or Job waits for, reduced to that. */
export interface EventView {
  /** UID of the object that it is about. */
  readonly objectUid: string;
  readonly reason: string;
  readonly message: string;
  readonly lastSeen: string;
}

/** What keeps an index from going on. */
export interface IndexTrouble {
  readonly index: number;
  /** Kubernetes' reason; Code Engine's word for the end of an attempt. */
  readonly kind: string;
  /** Kubernetes' own words. */
  readonly message?: string;
  /** What is known besides, such as `retry 1 of 3`. */
  readonly note?: string;
  /** When Kubernetes goes on by itself, in milliseconds since 1970. */
  readonly goesOnAt?: number;
}
