import { isForbidden } from "../cluster/errors";
import { eachIndex, readIndexSet } from "../core/kube/indexSet";
import type { RunSpec } from "../core/spec/types";
import type { RunView } from "../core/status/runStatus";
import { noTailText, tailText, tellersOf } from "../core/status/tails";
import type { RunStatus } from "../core/status/types";
import { type KeptTail, KeptTails } from "./keptTails";
import { type LogReader, whyNotRead } from "./logReader";

/** What the programs of a run would be quoted with if it failed: read while their pods are there, which a deadline or a clean-up takes away. */
export interface Tails {
  /** Reads in the background what has become worth reading. */
  look(seen: RunView & RunStatus): void;
  /** The lines of the message about the failed run, a text for each index. */
  lines(seen: RunView & RunStatus, over: AbortSignal): Promise<string[]>;
}

/** One for each of the indices that are quoted. */
const PARALLEL = 3;

/** Follows a run from one look to the next. Without a reader there is nothing to tell. */
export function followTails(spec: RunSpec, readLog: LogReader | undefined): Tails {
  if (readLog === undefined) return { look: () => undefined, lines: () => Promise.resolve([]) };
  const tails = new KeptTails({ readLog, parallel: PARALLEL });
  const look = (seen: RunView & RunStatus): number[] => {
    const { indices, tellers } = tellersOf(seen, spec, tails.known);
    tails.only(indices);
    tails.read(tellers);
    return tellers.map(({ pod }) => pod.index);
  };
  return {
    look,
    lines: async (seen, over) => {
      // One that failed may have lost its pod since; one of a daemon may be well again.
      const told = new Set([...look(seen), ...eachIndex(readIndexSet(seen.statusDetails.failedIndices))]);
      const kept = [...(await tails.all(over))].filter(([index]) => told.has(index)).toSorted(([a], [b]) => a - b);
      return kept.flatMap(([, tail]) => linesOf(tail));
    },
  };
}

function linesOf({ teller, text, error }: KeptTail): string[] {
  if (text !== undefined) return [tailText(teller.pod, text)];
  // That logs may not be read has been told before.
  return isForbidden(error) ? [] : [noTailText(teller.pod, whyNotRead(error))];
}
