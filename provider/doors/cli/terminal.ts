import { styleText } from "node:util";
import type { Tone } from "../../core/report/columns";

/** Where a command prints to. */
export interface Terminal {
  /** What was asked for. */
  readonly print: (text: string) => void;
  /** What is to be known besides: nobody who reads the output by program is to meet it. */
  readonly tell: (line: string) => void;
  readonly paint: (text: string, tone: Tone | undefined) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

const colours = { good: "green", bad: "red", busy: "cyan" } as const satisfies Readonly<Record<Tone, string>>;

/** The terminal of this process. Node decides about colours, by the stream and by NO_COLOR and its like. */
export function processTerminal(wantsColours: boolean): Terminal {
  const { stdout, stderr } = process;
  return {
    print: (text) => void stdout.write(text),
    tell: (line) => void stderr.write(`${line}\n`),
    paint: (text, tone) =>
      tone === undefined || !wantsColours ? text : styleText(colours[tone], text, { stream: stdout }),
    now: () => Date.now(),
  };
}

/** Whoever reads only the beginning, as `head` does, has what he wants. */
export function endWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit(0);
    });
}
