import { maskSecrets } from "../core/status/mask";
import { maskStamped } from "../core/status/stamped";
import type { Missing } from "../core/status/logs";
import type { Teller } from "../core/status/tails";
import type { Place } from "./clusters";
import { findLogs, whyUnreadable } from "./getJobRunLogs";
import { inOrder } from "./parallel";

interface Wanted {
  readonly name: string;
  /** Without one, all indices of the run. */
  readonly index?: number | undefined;
  /** How many lines of each; without a number, all. */
  readonly lines?: number | undefined;
  /** What the attempt before the present one has printed. */
  readonly previous: boolean;
  readonly timestamps: boolean;
}

/** What the pod of an index has printed, secret values masked. */
export interface PodLog {
  readonly index: number;
  readonly pod: string;
  readonly container: string;
  readonly text: string;
}

/**
 * The logs of a run, index by index and complete, and at the end the indices that have none, with the reasons.
 * @throws when there is no run of that name, it has no such index, or a right is missing.
 */
export async function* readLogs(place: Place, wanted: Wanted): AsyncGenerator<PodLog | Missing> {
  const { client, namespace } = place;
  const { lines, timestamps } = wanted;
  const { container, secrets, tellers, missing } = await findLogs(place, { ...wanted, most: Infinity });
  const mask = timestamps ? maskStamped : maskSecrets;
  const read = async ([index, { pod, previous }]: [number, Teller]): Promise<PodLog | Missing> => {
    const tail = { container, lines, previous, timestamps, complete: true } as const;
    try {
      const text = mask(await client.logs(namespace, pod.name, tail), secrets);
      return { index, pod: pod.name, container, text };
    } catch (error) {
      return { index, why: whyUnreadable(error) };
    }
  };
  yield* inOrder(tellers, read);
  yield* missing;
}
