import { eachIndex, readIndexSet } from "../kube/indexSet";
import type { RunSpec } from "../spec/types";
import type { TroubleClass } from "./causes";
import { isOnItsWay } from "./podTroubles";
import type { Seen, Trouble } from "./trouble";
import type { PodView } from "./types";

/** How long the user is willing to wait. */
export interface Graces {
  /** For room, or for what was ordered and has not come; 0 means for ever. */
  readonly unschedulableSeconds: number;
  /** In the queue; without one, for ever. */
  readonly queueSeconds?: number;
}

/** A trouble for whose end the wait does not last for ever. */
export interface Limit {
  readonly trouble: Trouble;
  readonly graceSeconds: number;
  readonly secondsLeft: number;
}

/** A rule that refuses a pod refuses the next one, too; Kubernetes looks once more within this time. */
const REFUSED_SECONDS = 10;
/** What is missing may be created by the same program, and a registry may have a bad minute. */
const CONFIGURATION_SECONDS = 60;

function graceSeconds(kind: TroubleClass, { unschedulableSeconds, queueSeconds = Infinity }: Graces): number {
  const seconds: Readonly<Record<TroubleClass, number>> = {
    refused: REFUSED_SECONDS,
    configuration: CONFIGURATION_SECONDS,
    retrying: Infinity,
    capacity: unschedulableSeconds === 0 ? Infinity : unschedulableSeconds,
    queued: queueSeconds,
  };
  return seconds[kind];
}

/** What is remembered from one look to the next. */
export interface Patience {
  readonly steps: string;
  /** Seconds on the clock at which each class of trouble began to stand in the way of the whole run; empty while the run moves. */
  readonly since: ReadonlyMap<TroubleClass, number>;
}

/** A look at a run, and when it was. */
export interface Look {
  readonly seen: Seen;
  readonly spec: RunSpec;
  readonly now: number;
}

/** Begins anew whenever anything of the run moves: a full node, or a quota, only makes a healthy run one by one. */
export function endure(before: Patience | undefined, { seen, spec, now }: Look): Patience {
  const steps = stepsOf(seen);
  if (isMoving(seen, spec)) return { steps, since: new Map() };
  const known = before?.steps === steps ? before.since : new Map<TroubleClass, number>();
  return { steps, since: new Map(seen.troubles.map((trouble) => [trouble.class, known.get(trouble.class) ?? now])) };
}

/** The trouble whose time is over first; undefined while the run gets on, or may wait for ever. */
export function limitOf({ since }: Patience, graces: Graces, { seen, now }: Look): Limit | undefined {
  const limits = seen.troubles.flatMap((trouble) => {
    const start = since.get(trouble.class);
    const grace = graceSeconds(trouble.class, graces);
    return start === undefined ? [] : [{ trouble, graceSeconds: grace, secondsLeft: start + grace - now }];
  });
  const [first] = limits.toSorted((a, b) => a.secondsLeft - b.secondsLeft);
  return first === undefined || first.secondsLeft === Infinity ? undefined : first;
}

/**
 * Whether an index runs or is about to. The instances of a daemon run for ever and make no room for one another:
 * those that run are no reason to wait for the others.
 */
function isMoving({ pods, troubles }: Seen, { mode }: RunSpec): boolean {
  const troubled = new Set(troubles.flatMap(({ indices }) => [...eachIndex(readIndexSet(indices))]));
  const runs = ({ container }: PodView): boolean => mode === "task" && container?.state === "running";
  return pods.some((pod) => runs(pod) || (isOnItsWay(pod) && !troubled.has(pod.index)));
}

/** Changes whenever an index starts or ends, or the queue lets it go. */
function stepsOf({ pods, jobs, statusDetails }: Seen): string {
  const starts = pods.map(({ container }) => (container?.restarts ?? 0) + (container?.state === "running" ? 1 : 0));
  const ends = pods.map(({ container }) => (container?.restarts ?? 0) + (container?.state === "terminated" ? 1 : 0));
  const suspended = jobs.filter((job) => job.suspended === true).length;
  return [sum(starts), sum(ends), suspended, statusDetails.succeeded, statusDetails.failed].join(" ");
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
