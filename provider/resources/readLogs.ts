import { lineMask } from "../core/status/lineMask";
import { lineCutter, type LogLine } from "../core/status/logLines";
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
  /** Only those of the last so many seconds. */
  readonly sinceSeconds?: number | undefined;
  /** What the attempt before the present one has printed. */
  readonly previous: boolean;
  readonly timestamps: boolean;
}

/** Whose log it is. */
export interface LogOrigin {
  readonly index: number;
  readonly pod: string;
  readonly container: string;
}

/** What the pod of an index has printed, secret values masked. It comes as it is read, so that it may be of any size. */
export interface PodLog extends LogOrigin {
  readonly lines: AsyncIterable<readonly LogLine[]>;
}

/**
 * The logs of a run, index by index and complete, and at the end the indices that have none, with the reasons. Each is to be read before
 * the next one is asked for.
 * @throws when there is no run of that name, it has no such index, or a right is missing.
 */
export async function* readLogs(place: Place, wanted: Wanted): AsyncGenerator<PodLog | Missing> {
  const { client, namespace } = place;
  const { lines, timestamps, sinceSeconds } = wanted;
  const { container, secrets, tellers, missing } = await findLogs(place, { ...wanted, most: Infinity });
  const { signal } = new AbortController();
  const open = async ([index, { pod, previous }]: [number, Teller]): Promise<PodLog | Missing> => {
    const part = { pod: pod.name, container, lines, previous, timestamps, sinceSeconds } as const;
    try {
      const pieces = await client.logStream(namespace, part, signal);
      return { index, pod: pod.name, container, lines: shownLines(pieces, { timestamps, secrets }) };
    } catch (error) {
      return { index, why: whyUnreadable(error) };
    }
  };
  yield* inOrder(tellers, open);
  yield* missing;
}

async function* shownLines(
  pieces: AsyncIterable<Uint8Array>,
  { timestamps, secrets }: { timestamps: boolean; secrets: readonly string[] },
): AsyncGenerator<readonly LogLine[]> {
  const [decoder, cutter, mask] = [new TextDecoder(), lineCutter(timestamps), lineMask(secrets)];
  for await (const piece of pieces) yield mask.push(cutter.push(decoder.decode(piece, { stream: true })));
  yield [...mask.push([...cutter.push(decoder.decode()), ...cutter.rest()]), ...mask.rest()];
}
