/** A line of a log. */
export interface LogLine {
  /** When it was printed, as the kubelet writes it; undefined where that was not asked for, or is not known. */
  readonly time?: string;
  readonly words: string;
}

/** A line as the kubelet stamps it. */
const STAMPED = /^(\d{4}-\d\d-\d\dT\S+) (.*)$/s;

/** A program may print without ever ending a line: what is longer is broken. */
const LONGEST_LINE = 1_048_576;

/** Cuts a text that comes in pieces into lines. */
export interface LineCutter {
  push(text: string): LogLine[];
  /** What has come of a line that has not ended yet. */
  rest(): LogLine[];
}

/** `stamped`: each line begins with its time. */
export function lineCutter(stamped: boolean): LineCutter {
  let rest = "";
  // What follows a forced break belongs to a line whose time has been read already.
  let isBroken = false;
  const toLine = (text: string): LogLine => {
    const [, time, words = ""] = (stamped && !isBroken && STAMPED.exec(text)) || [];
    isBroken = false;
    return time === undefined ? { words: text } : { time, words };
  };
  return {
    push: (text) => {
      const [last = "", ...complete] = (rest + text).split("\n").reverse();
      const lines = complete.reverse().map(toLine);
      rest = last;
      if (rest.length <= LONGEST_LINE) return lines;
      lines.push(toLine(rest));
      [rest, isBroken] = ["", true];
      return lines;
    },
    rest: () => (rest === "" ? [] : [toLine(rest)]),
  };
}

/** The lines as they are shown. */
export function printLines(lines: readonly LogLine[], { timestamps }: { timestamps: boolean }): string {
  const texts = lines.map(({ time, words }) =>
    timestamps && time !== undefined ? `${time} ${words}`.trimEnd() : words,
  );
  return texts.map((text) => `${text}\n`).join("");
}
