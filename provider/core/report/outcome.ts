import type { RunSpec } from "../spec/types";
import { outcomeMessage } from "../status/failure";
import { countersLine, progressLine, type Waited } from "../status/progress";

/** How a wait for a run ended. */
interface Ended {
  readonly outcome: "reached" | "failed" | "timeout" | "interrupted";
  readonly why?: string;
  readonly seen: Waited;
  readonly spec: RunSpec;
}

/** What is said of the end of a wait that somebody began by hand, when the run is in that namespace. */
export function waitText({ spec, ...ended }: Ended, namespace: string): string {
  const { outcome, seen } = ended;
  if (outcome === "failed") return outcomeMessage(ended, { spec, namespace, waiter: "`jobrun wait`" });
  const name = `JobRun "${spec.name}"`;
  if (outcome === "interrupted") return `${name} is not waited for any more, and goes on: ${progressLine(seen, spec)}`;
  if (outcome === "timeout")
    return `${name} is not ready in time, and goes on: ${progressLine(seen, spec)}; \`jobrun wait\` waits on`;
  return `${name} ${seen.status === "completed" ? "completed" : "is running"}: ${countersLine(seen, spec)}`;
}
