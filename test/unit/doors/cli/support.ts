import { run } from "../../../../provider/doors/cli/run";
import type { ClusterClient } from "../../../../provider/cluster/port";
import type { JobInputs, JobRunInputs } from "../../../../provider/core/spec/types";
import type { KubeEvent } from "../../../../provider/core/kube/types";
import { jobHooks } from "../../../../provider/resources/job";
import { jobRunHooks } from "../../../../provider/resources/jobRun";
import { at } from "../../support/cluster";
import type { FakeCluster } from "../../resources/fakeCluster";
import { clustersOf, hookContext, runInputs } from "../../resources/support";

/** What a command came to. */
export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** How the person at the terminal behaves. */
interface Person {
  /** What is answered to a question; without it, nobody is there. */
  readonly says?: boolean;
  readonly signal?: AbortSignal;
}

/**
 * Runs a command line, its words apart by spaces, two minutes after the test's noon; colours show as `<red>` would, and questions
 * among the errors.
 */
export async function jobrun(cluster: ClusterClient, line: string, { says, signal }: Person = {}): Promise<Ended> {
  let [out, err] = ["", ""];
  const code = await run(line.split(" ").filter(Boolean), {
    open: ({ namespace }) => Promise.resolve(clustersOf(cluster, namespace === undefined ? {} : { namespace })),
    terminal: (wantsColours) => ({
      print: (text) => void (out += text),
      flow: (text) => Promise.resolve(void (out += text)),
      tint: (text, number) => (wantsColours ? `<${number}>${text}</>` : text),
      tell: (text) => void (err += `${text}\n`),
      paint: (text, tone) => (wantsColours && tone !== undefined ? `<${tone}>${text}</>` : text),
      now: () => Date.parse(at(120)),
      ask:
        says === undefined
          ? undefined
          : (question) => {
              err += `${question}\n`;
              return Promise.resolve(says);
            },
      screen: undefined,
      interrupted: () => signal ?? new AbortController().signal,
    }),
  });
  return { code, out, err };
}

export const makeJob = (cluster: FakeCluster, said: Partial<JobInputs> = {}): Promise<unknown> =>
  jobHooks(clustersOf(cluster)).create(hookContext({ name: "report" }), { name: "report", image: "app:1", ...said });

/** A run that goes on. */
export const makeRun = (cluster: FakeCluster, said: Partial<JobRunInputs> = {}) =>
  jobRunHooks(clustersOf(cluster)).create(hookContext(), runInputs({ wait: { until: "nothing" }, ...said }));

/** Puts an event there. */
export function putEvent(cluster: FakeCluster, name: string, said: Partial<KubeEvent>): void {
  cluster.put({
    ...{ apiVersion: "v1", kind: "Event", metadata: { name } },
    ...{ type: "Normal", lastTimestamp: at(60), involvedObject: {}, ...said },
  });
}
