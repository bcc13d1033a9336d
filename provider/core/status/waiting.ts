import type { RunSpec, WaitUntil } from "../spec/types";
import { lossOf } from "./lost";
import { endure, type Graces, type Limit, limitOf, type Look, type Patience } from "./patience";
import type { RunView } from "./runStatus";
import type { Seen } from "./trouble";
import type { PodView, RunStatus } from "./types";

/** A daemon whose index restarts this often while `up` waits is crash-looping. */
const MOST_RESTARTS = 3;

/** What a look at a run means for the one who waits. */
export type Judgement =
  | { readonly outcome: "reached" }
  /** A limit says that a trouble has lasted too long; without one the run itself has failed, and `why` says what its status does not. */
  | { readonly outcome: "failed"; readonly limit?: Limit; readonly why?: string }
  | { readonly outcome: "waiting"; readonly recheckSeconds?: number; readonly limit?: Limit };

/** What the one who waits has seen before: when each container was first seen running, and the restarts at the start. */
export interface Observer {
  /** Seconds for which the pod's container has been seen running without a restart. */
  readonly steadySeconds: (pod: PodView) => number;
  /** Restarts of the index since the wait began. */
  readonly newRestarts: (pod: PodView) => number;
  /** The trouble whose time is over first. */
  readonly limit: (look: Omit<Look, "now">, graces: Graces) => Limit | undefined;
}

/** What is asked of a look. */
export interface Question extends Graces {
  readonly spec: RunSpec;
  readonly until: WaitUntil;
  /** A daemon that ran this long without a restart is taken to be well; Kubernetes restarts a first crash at once. */
  readonly stableSeconds: number;
  readonly observer: Observer;
  /** Every object was there before, and everything has been listed: what is missing has been deleted. */
  readonly complete: boolean;
}

/** Whether the wait is over. */
export function judge(seen: Seen, question: Question): Judgement {
  const judgement = judgeRun(seen, question);
  const limit = question.observer.limit({ seen, spec: question.spec }, question);
  if (judgement.outcome !== "waiting" || limit === undefined) return judgement;
  if (limit.secondsLeft <= 0) return { outcome: "failed", limit };
  const recheckSeconds = Math.min(limit.secondsLeft, judgement.recheckSeconds ?? Infinity);
  return { outcome: "waiting", recheckSeconds, limit };
}

function judgeRun(view: RunView & RunStatus, question: Question): Judgement {
  const { spec, until, stableSeconds, observer } = question;
  if (until === "nothing") return { outcome: "reached" };
  if (view.status === "completed") return { outcome: "reached" };
  if (view.status === "failed") return { outcome: "failed" };
  const why = lossOf(view, question);
  if (why !== undefined) return { outcome: "failed", why };
  if (spec.mode === "daemon" && view.pods.some((pod) => observer.newRestarts(pod) >= MOST_RESTARTS))
    return { outcome: "failed" };
  return until === "running"
    ? judgeRunning(view, observer, spec.mode === "daemon" ? stableSeconds : 0)
    : { outcome: "waiting" };
}

function judgeRunning(
  { statusDetails, pods }: RunView & RunStatus,
  observer: Observer,
  stableSeconds: number,
): Judgement {
  if (statusDetails.running + statusDetails.succeeded < statusDetails.requested) return { outcome: "waiting" };
  const running = pods.filter(({ container, deleting }) => container?.state === "running" && !deleting);
  const youngest = Math.min(...running.map(observer.steadySeconds));
  return youngest >= stableSeconds
    ? { outcome: "reached" }
    : { outcome: "waiting", recheckSeconds: stableSeconds - youngest };
}

/** An observer of one wait. `now` is a monotonic clock in seconds: the cluster's own clock may differ from ours. */
export function observe(now: () => number): Observer {
  const firstSeen = new Map<string, number>();
  const restartsAtStart = new Map<string, number>();
  let patience: Patience | undefined;
  const remember = (map: Map<string, number>, key: string, value: number): number =>
    map.get(key) ?? (map.set(key, value), value);
  return {
    steadySeconds: ({ uid, container }) =>
      now() - remember(firstSeen, `${uid}/${(container?.restarts ?? 0).toString()}`, now()),
    newRestarts: ({ uid, container }) => {
      const restarts = container?.restarts ?? 0;
      return restarts - remember(restartsAtStart, uid, restarts);
    },
    limit: (about, graces) => {
      const look = { ...about, now: now() };
      patience = endure(patience, look);
      return limitOf(patience, graces, look);
    },
  };
}
