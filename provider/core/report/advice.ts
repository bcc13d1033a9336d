import type { GetJobRunResult } from "../spec/types.generated";
import type { Trouble } from "../status/trouble";
import type { PodView } from "../status/types";

interface Described {
  readonly run: Pick<GetJobRunResult, "name" | "status" | "mode" | "statusDetails">;
  readonly pods: readonly PodView[];
  readonly troubles: readonly Trouble[];
}

/** What somebody who looks at a run may want to do next. `command` makes a command line of the words. */
export function nextSteps({ run, pods, troubles }: Described, command: (words: string) => string): string[] {
  const { name, status, mode, statusDetails } = run;
  const [failed] = statusDetails.failedIndices.split(/[-,]/);
  const isOver = status === "completed" || status === "failed" || status === "unknown";
  return [
    ...troubles.flatMap(({ help }) => (help === "" ? [] : [`To go on: ${help}.`])),
    ...(pods.length > 0
      ? [`\`${command(`logs ${name}${failed ? ` --index ${failed}` : ""}`)}\` shows what ${printer(failed)} printed.`]
      : []),
    ...(isOver && pods.length === 0
      ? ["Its pods have gone, and their logs and events with them: what is shown is the run's record."]
      : []),
    ...(isOver ? [] : [`\`${command(`events ${name}`)}\` shows what Kubernetes tells of its instances.`]),
    ...(isOver || mode === "daemon" ? [] : [`\`${command(`wait ${name}`)}\` waits for its end.`]),
    ...(status === "failed"
      ? ["The next `pulumi up` runs again what has failed, unless the run's `onFailure` says otherwise."]
      : []),
  ];
}

const printer = (failed: string | undefined): string => (failed ? `index ${failed}` : "its instances");
