import type { RunSpec } from "../spec/types";
import { oneLine } from "./oneLine";
import { countersLine, progressLine, troubleOf } from "./progress";
import type { RunView } from "./runStatus";
import type { IndexDetails, RunStatus } from "./types";

/** More lines hide the first ones. */
const MOST_LINES = 10;

/** How a wait ended, and where. */
interface Ended {
  readonly outcome: "reached" | "failed" | "timeout" | "interrupted";
  readonly seen: RunView & RunStatus;
}

/** The sentence and table that a user reads when a wait ends without success. */
export function outcomeMessage(
  { outcome, seen }: Ended,
  { spec, namespace }: { spec: RunSpec; namespace: string },
): string {
  const heading = `JobRun "${spec.name}" ${headings[outcome](seen, spec)}`;
  return [heading, ...indexLines(seen, spec), `more: ${logsCommand({ name: spec.name, namespace })}`].join("\n");
}

const headings: Readonly<Record<Ended["outcome"], (seen: Ended["seen"], spec: RunSpec) => string>> = {
  reached: countersLine,
  failed: (seen, spec) => `failed: ${verdictText(seen) ?? troubleOf(seen, spec)?.text ?? countersLine(seen, spec)}`,
  timeout: (seen, spec) =>
    `is not ready in time, and goes on: ${progressLine(seen, spec)}; the next \`pulumi up\` waits on, \`customTimeouts\` give it longer`,
  interrupted: (seen, spec) =>
    `goes on, the wait was interrupted: ${progressLine(seen, spec)}; the next \`pulumi up\` waits on`,
};

function verdictText({ statusDetails: { reason, message } }: RunStatus): string | undefined {
  return reason === undefined ? undefined : `[${reason}] ${oneLine(message ?? "")}`.trim();
}

function indexLines({ statusDetails }: RunStatus, spec: RunSpec): string[] {
  const told = Object.entries(statusDetails.indices).filter(
    ([, { status, lastFailureReason }]) => status !== "succeeded" && lastFailureReason !== undefined,
  );
  const lines = told.slice(0, MOST_LINES).map(([index, details]) => `  index ${index}: ${indexStory(details, spec)}`);
  const rest = Math.max(statusDetails.failed, told.length) - lines.length;
  return rest > 0 ? [...lines, `  and ${rest.toString()} more`] : lines;
}

function indexStory(
  { lastFailureReason, retries = 0, restarts = 0, message }: IndexDetails,
  { mode }: RunSpec,
): string {
  const again = mode === "daemon" ? plural(restarts, "restart") : plural(retries + 1, "attempt");
  return `${lastFailureReason ?? "failed"} after ${again}${message === undefined ? "" : `: ${oneLine(message)}`}`;
}

const plural = (count: number, noun: string): string => `${count.toString()} ${noun}${count === 1 ? "" : "s"}`;

/** The command that shows more, ready to paste. */
function logsCommand({ name, namespace }: { name: string; namespace: string }): string {
  return `kubectl logs --namespace ${namespace} --selector pulumi-jobrun/run=${name} --prefix --all-containers`;
}
