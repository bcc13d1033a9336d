import type { RunSpec } from "../core/spec/types";
import { progressLine, troubleOf } from "../core/status/progress";
import type { RunView } from "../core/status/runStatus";
import type { RunStatus } from "../core/status/types";
import type { HookLog } from "./contract";

/** In a pipeline every message is a line: often in the first minute, seldom later. */
const EARLY_SECONDS = 60;
const EARLY_PAUSE_SECONDS = 2;
const LATE_PAUSE_SECONDS = 30;

/**
 * Shows the progress of a run on its own row: what is new, not too often, and at once when there is another kind of trouble.
 * Returns the seconds after which it wants to be asked again, when it held something back.
 */
export function reporter(log: HookLog, spec: RunSpec): (seen: RunView & RunStatus) => number | undefined {
  const start = performance.now() / 1_000;
  let last = { at: -Infinity, line: "", kind: "" };
  return (seen) => {
    const now = performance.now() / 1_000;
    const line = progressLine(seen, spec);
    const kind = troubleOf(seen, spec)?.kind ?? "";
    const pause = now - start < EARLY_SECONDS ? EARLY_PAUSE_SECONDS : LATE_PAUSE_SECONDS;
    if (line === last.line) return undefined;
    if (kind === last.kind && now - last.at < pause) return pause - (now - last.at);
    log.status(line);
    last = { at: now, line, kind };
    return undefined;
  };
}
