import { setTimeout as delay } from "node:timers/promises";
import { curious } from "../core/status/curiosity";
import type { Graces } from "../core/status/patience";
import type { Waited } from "../core/status/progress";
import { runStatus, type RunView } from "../core/status/runStatus";
import { withTroubles } from "../core/status/trouble";
import { judge, type Judgement, observe } from "../core/status/waiting";
import type { RunSpec, WaitUntil } from "../core/spec/types";
import { type ListEvents, openInquiry } from "./inquiry";
import type { Feed } from "./port";

export interface AwaitOptions extends Graces {
  readonly spec: RunSpec;
  readonly until: WaitUntil;
  readonly stableSeconds: number;
  /** Time in a queue does not count. */
  readonly deadlineSeconds: number;
  /** Every object of the run was there before: one that is missing has been deleted. */
  readonly startedBefore: boolean;
  readonly signal: AbortSignal;
  /** Whether the view does not show yet what has just been written. */
  readonly isBehind: (view: RunView) => boolean;
  readonly listEvents: ListEvents;
  /** Called after every look that did not end the wait; may ask for another look after some seconds. */
  readonly report: (seen: Waited) => number | undefined;
  /** Called with what is no failure and should be known. */
  readonly warn: (message: string) => void;
}

export interface Outcome {
  readonly outcome: "reached" | "failed" | "timeout" | "interrupted";
  /** When the status does not tell it. */
  readonly why?: string;
  readonly seen: Waited;
}

/** The only loop that waits for a run: looks after every change until the wait is over. */
export async function awaitRun(feed: Feed, options: AwaitOptions): Promise<Outcome> {
  const { spec, signal, isBehind, report } = options;
  const observer = observe(monotonicSeconds);
  const wantedEvents = curious(spec, monotonicSeconds);
  const inquiry = openInquiry(options.listEvents, options.warn);
  const secondsLeft = countDown(options.deadlineSeconds);
  // A cluster that does not answer must not hold the wait longer than it may take.
  const isReady = await feed.ready(
    AbortSignal.any([signal, AbortSignal.timeout(Math.min(options.deadlineSeconds * 1_000, LONGEST_TIMER))]),
  );
  const question = { ...options, observer, complete: options.startedBefore && isReady };
  for (;;) {
    const view = feed.view();
    const found = withTroubles({ ...view, ...runStatus(spec, view) }, spec, inquiry.events());
    const judgement: Judgement = isBehind(view) ? { outcome: "waiting" } : judge(found, question);
    const seen = withLimit(found, judgement);
    if (judgement.outcome !== "waiting") return { ...judgement, seen };
    if (signal.aborted) return { outcome: "interrupted", seen };
    const left = secondsLeft(isQueued(seen));
    if (left <= 0) return { outcome: "timeout", seen };
    const arrived = inquiry.arrived();
    const { kinds, recheckSeconds } = wantedEvents(seen);
    const wishes = [report(seen), judgement.recheckSeconds, recheckSeconds, inquiry.ask(kinds), left];
    await rest(view, signal);
    await feed.changed(AbortSignal.any([signal, arrived]), soonest(wishes));
  }
}

/** What a look costs grows with the run (some 4 µs a pod), and so does what happens to it: looking at every change would take all the time there is. */
const REST_MS_PER_POD = 0.05;
const LONGEST_REST_MS = 1_000;

/** Lets pass about ten times as long as a look takes; that of a narrow run cannot be measured. */
async function rest({ pods }: RunView, signal: AbortSignal): Promise<void> {
  const ms = Math.min(LONGEST_REST_MS, REST_MS_PER_POD * pods.length);
  // The delay rejects when the signal ends it; the loop looks at the signal itself.
  if (ms >= 1) await delay(ms, undefined, { signal }).catch(() => undefined);
}

type Found = Parameters<typeof judge>[0];

function withLimit(seen: Found, judgement: ReturnType<typeof judge>): Waited {
  return "limit" in judgement ? { ...seen, limit: judgement.limit } : seen;
}

const isQueued = ({ troubles }: Found): boolean => troubles.some((trouble) => trouble.class === "queued");

function soonest(wishes: readonly (number | undefined)[]): number | undefined {
  const seconds = Math.max(0, Math.min(...wishes.filter((wish) => wish !== undefined)));
  return seconds === Infinity ? undefined : seconds;
}

/** Seconds that are left; those after a look at which the clock was to stop do not count. */
function countDown(seconds: number): (stopped: boolean) => number {
  let left = seconds;
  let last = { at: monotonicSeconds(), stopped: false };
  return (stopped) => {
    const at = monotonicSeconds();
    if (!last.stopped) left -= at - last.at;
    last = { at, stopped };
    return stopped ? Infinity : left;
  };
}

/** Milliseconds; timers hold no more. */
const LONGEST_TIMER = 2 ** 31 - 1;

const monotonicSeconds = (): number => performance.now() / 1_000;
