import type { GetJobRunResult } from "../spec/types.generated";
import type { Trouble } from "../status/trouble";
import type { PodView } from "../status/types";

interface Described {
  readonly run: Pick<GetJobRunResult, "name" | "status" | "mode" | "statusDetails">;
  readonly pods: readonly PodView[];
  readonly troubles: readonly Trouble[];
  /** Submitted from the command line: no `pulumi up` knows of it. */
  readonly byHand: boolean;
}

/** What somebody who looks at a run may want to do next. `command` makes a command line of the words. */
export function nextSteps({ run, pods, troubles, byHand }: Described, command: (words: string) => string): string[] {
  const helps = troubles.flatMap(({ help }) => (help === "" ? [] : [`To go on: ${help}.`]));
  const { status } = run;
  // Nobody knows of a run whose objects have gone; one whose nodes do not answer may go on.
  const isOver = status === "completed" || status === "failed" || (status === "unknown" && pods.length === 0);
  const again = byHand ? `\`${command(`resubmit ${run.name} --failed`)}\` runs again what has failed.` : AGAIN;
  const logs = pods.length > 0 ? [logsStep(run, command)] : [];
  return [...helps, ...logs, ...(isOver ? stepsAfter(run, pods, again) : stepsMeanwhile(run, command))];
}

function logsStep({ name, statusDetails }: Described["run"], command: (words: string) => string): string {
  const [failed = ""] = statusDetails.failedIndices.split(/[-,]/);
  return failed === ""
    ? `\`${command(`logs ${name}`)}\` shows what its instances printed.`
    : `\`${command(`logs ${name} --index ${failed}`)}\` shows what index ${failed} printed.`;
}

function stepsMeanwhile({ name, mode }: Described["run"], command: (words: string) => string): string[] {
  const events = `\`${command(`events ${name}`)}\` shows what Kubernetes tells of its instances.`;
  return mode === "daemon" ? [events] : [events, `\`${command(`wait ${name}`)}\` waits for its end.`];
}

const GONE = "Its pods have gone, and their logs and events with them: what is shown is the run's record.";
const AGAIN = "The next `pulumi up` runs again what has failed, unless the run's `onFailure` says otherwise.";

function stepsAfter({ status }: Described["run"], pods: readonly PodView[], again: string): string[] {
  return [...(pods.length === 0 ? [GONE] : []), ...(status === "failed" ? [again] : [])];
}
