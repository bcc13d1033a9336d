import { runStatus, type RunView } from "../core/status/runStatus";
import type { RunStatus } from "../core/status/types";
import { judge, type Judgement, observe } from "../core/status/waiting";
import type { RunSpec, WaitUntil } from "../core/spec/types";
import type { Feed } from "./port";

export interface AwaitOptions {
  readonly spec: RunSpec;
  readonly until: WaitUntil;
  readonly stableSeconds: number;
  readonly deadlineSeconds: number;
  readonly signal: AbortSignal;
  /** Whether the view does not show yet what has just been written. */
  readonly isBehind: (view: RunView) => boolean;
  /** Called after every look that did not end the wait; may ask for another look after some seconds. */
  readonly report: (seen: RunView & RunStatus) => number | undefined;
}

export interface Outcome {
  readonly outcome: "reached" | "failed" | "timeout" | "interrupted";
  readonly seen: RunView & RunStatus;
}

/** The only loop that waits for a run: looks after every change until the wait is over. */
export async function awaitRun(feed: Feed, options: AwaitOptions): Promise<Outcome> {
  const { spec, until, stableSeconds, signal, isBehind, report } = options;
  const observer = observe(monotonicSeconds);
  const deadline = monotonicSeconds() + options.deadlineSeconds;
  // A cluster that does not answer must not hold the wait longer than it may take.
  await feed.ready(
    AbortSignal.any([signal, AbortSignal.timeout(Math.min(options.deadlineSeconds * 1_000, LONGEST_TIMER))]),
  );
  for (;;) {
    const view = feed.view();
    const seen = { ...view, ...runStatus(spec, view) };
    const judgement: Judgement = isBehind(view)
      ? { outcome: "waiting" }
      : judge(seen, { spec, until, stableSeconds, observer });
    if (judgement.outcome !== "waiting") return { outcome: judgement.outcome, seen };
    if (signal.aborted) return { outcome: "interrupted", seen };
    if (monotonicSeconds() >= deadline) return { outcome: "timeout", seen };
    const wishes = [report(seen), judgement.recheckSeconds, deadline - monotonicSeconds()];
    await feed.changed(signal, Math.max(0, Math.min(...wishes.filter((seconds) => seconds !== undefined))));
  }
}

/** Milliseconds; timers hold no more. */
const LONGEST_TIMER = 2 ** 31 - 1;

const monotonicSeconds = (): number => performance.now() / 1_000;
