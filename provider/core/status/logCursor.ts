import type { LogLine } from "./logLines";

/** How far a log has been read, by the times of its lines: it is read again from there after a break. */
export interface LogCursor {
  /** The time of the last line; undefined before the first one. */
  readonly time: string | undefined;
  /** The lines that are new. */
  fresh(lines: readonly LogLine[]): LogLine[];
  /** The log is read again from `time`, which Kubernetes takes by the second. */
  rewind(): void;
}

export function logCursor(): LogCursor {
  let last: { time: string; key: string; count: number } | undefined;
  /** Of the lines of that time that come once more. */
  let repeated = 0;
  let isSkipping = false;
  const isFresh = ({ time }: LogLine): boolean => {
    // The rest of a line that was broken.
    if (time === undefined) return !isSkipping;
    const key = keyOf(time);
    if (last === undefined || key > last.key) {
      [last, repeated, isSkipping] = [{ time, key, count: 1 }, 0, false];
      return true;
    }
    isSkipping = key < last.key || repeated > 0;
    if (key === last.key && repeated > 0) repeated--;
    else if (key === last.key) last.count++;
    return !isSkipping;
  };
  return {
    get time() {
      return last?.time;
    },
    fresh: (lines) => lines.filter(isFresh),
    rewind: () => {
      repeated = last?.count ?? 0;
    },
  };
}

/** Times of a node in an order that holds over a change of its clock's zone. */
function keyOf(time: string): string {
  const seconds = Math.floor(Date.parse(time) / 1_000);
  const [, fraction = ""] = /\.(\d+)/.exec(time) ?? [];
  return `${seconds.toString().padStart(12, "0")}.${fraction.padEnd(9, "0")}`;
}
