import type { RunSpec } from "../core/spec/types";
import { progressOf, type Waited } from "../core/status/progress";
import type { RunView } from "../core/status/runStatus";
import type { RunStatus } from "../core/status/types";
import { warningsOf } from "../core/status/warnings";
import type { HookLog } from "./contract";

/** In a pipeline every message is a line: often in the first minute, seldom later. */
const EARLY_SECONDS = 60;
const EARLY_PAUSE_SECONDS = 2;
const LATE_PAUSE_SECONDS = 30;

/**
 * Shows the progress of a run on its own row: what is new, not too often, and at once when another kind of trouble appears.
 * What only says the same in other words, or with less time left, is shown seldom.
 * Returns the seconds after which it wants to be asked again, when it held something back.
 */
export function reporter(log: HookLog, spec: RunSpec): (seen: Waited) => number | undefined {
  const start = performance.now() / 1_000;
  const told = new Set([""]);
  let last = { at: -Infinity, line: "", key: "" };
  return (seen) => {
    const now = performance.now() / 1_000;
    const { line, key, kind } = progressOf(seen, spec);
    if (line === last.line) return undefined;
    const early = key !== last.key && now - start < EARLY_SECONDS;
    const rest = (early ? EARLY_PAUSE_SECONDS : LATE_PAUSE_SECONDS) - (now - last.at);
    if (told.has(kind) && rest > 0) return rest;
    log.status(line);
    told.add(kind);
    last = { at: now, line, key };
    return undefined;
  };
}

/** Tells what is no failure of the run and should be known. */
export function tellWarnings(log: HookLog, seen: RunView & RunStatus, spec: RunSpec): void {
  for (const warning of warningsOf(seen, spec)) log.warn(warning);
}
