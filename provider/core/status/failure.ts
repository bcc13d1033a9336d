import type { RunSpec } from "../spec/types";
import { oneLine } from "./oneLine";
import type { Limit } from "./patience";
import { countersLine, progressLine, troubleText, type Waited, whereText, wordsOf } from "./progress";
import type { IndexDetails, RunStatus } from "./types";

/** More lines hide the first ones. */
const MOST_LINES = 10;

/** How a wait ended, and where. */
interface Ended {
  readonly outcome: "reached" | "failed" | "timeout" | "interrupted";
  /** When the status does not tell it. */
  readonly why?: string;
  readonly seen: Waited;
  /** What the programs of the first failed indices printed last. */
  readonly tails?: readonly string[];
}

interface Told {
  readonly spec: RunSpec;
  readonly namespace: string;
  /** What takes the wait up again. */
  readonly waiter?: string;
}

/** The sentence and table that a user reads when a wait ends without success. */
export function outcomeMessage(
  { outcome, why, seen, tails = [] }: Ended,
  { spec, namespace, waiter = "the next `pulumi up`" }: Told,
): string {
  const { limit } = seen;
  const place = { name: spec.name, namespace };
  const lines =
    outcome === "failed" && limit !== undefined
      ? [
          `cannot go on: ${wordsOf(limit.trouble, MOST_WORDS)}`,
          ...limitLines(limit, seen),
          `  the run stays in the cluster, and ${waiter} waits on`,
          more("get", place, describeCommand(place)),
        ]
      : [
          why === undefined ? headings[outcome](seen, spec) : `failed: ${why}`,
          ...indexLines(seen, spec),
          ...tails,
          more("logs", place, logsCommand(place)),
        ];
  return `JobRun "${spec.name}" ${lines.join("\n")}`;
}

interface Place {
  readonly name: string;
  readonly namespace: string;
}

/** Where there is more, ready to paste: in our own command line, and in Kubernetes'. */
function more(command: "get" | "logs", { name, namespace }: Place, kubectl: string): string {
  return `more: npx jobrun ${command} ${name} --namespace ${namespace}, or ${kubectl}`;
}

/** Every rule that a pod breaks is to be read. */
const MOST_WORDS = 1_500;

/** What has lasted too long does not end the run: it is for the user to say what becomes of it. */
function limitLines({ trouble, graceSeconds }: Limit, { troubles }: Waited): string[] {
  const others = troubles.filter((other) => other !== trouble).map((other) => `  ${troubleText(other)}`);
  return [
    `  ${whereText(trouble.indices)}, without any progress of the run for ${graceSeconds.toString()} s`,
    ...others,
    `  what to do: ${trouble.help}`,
  ];
}

const headings: Readonly<Record<Ended["outcome"], (seen: Ended["seen"], spec: RunSpec) => string>> = {
  reached: countersLine,
  failed: (seen, spec) => `failed: ${verdictText(seen) ?? troubleLine(seen) ?? countersLine(seen, spec)}`,
  timeout: (seen, spec) =>
    `is not ready in time, and goes on: ${progressLine(seen, spec)}; the next \`pulumi up\` waits on, \`customTimeouts\` give it longer`,
  interrupted: (seen, spec) =>
    `goes on, the wait was interrupted: ${progressLine(seen, spec)}; the next \`pulumi up\` waits on`,
};

function troubleLine({ troubles: [first] }: Waited): string | undefined {
  return first && troubleText(first);
}

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

/** The command that shows more of a run that does not start, ready to paste. */
function describeCommand({ name, namespace }: Place): string {
  return `kubectl describe jobs,deployments,pods --namespace ${namespace} --selector pulumi-jobrun/run=${name}`;
}

/** The command that shows what the run has printed. */
function logsCommand({ name, namespace }: Place): string {
  return `kubectl logs --namespace ${namespace} --selector pulumi-jobrun/run=${name} --prefix --all-containers`;
}
