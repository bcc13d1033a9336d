import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";
import type { Tone } from "../../core/report/columns";
import { openScreen, type Screen } from "./screen";

/** Where a command prints to. */
export interface Terminal {
  /** What was asked for. */
  readonly print: (text: string) => void;
  /** The same for what may be large; resolves when more can be taken. */
  readonly flow: (text: string) => Promise<void>;
  /** What is to be known besides: nobody who reads the output by program is to meet it. */
  readonly tell: (line: string) => void;
  readonly paint: (text: string, tone: Tone | undefined) => string;
  /** In a colour of its own for each of a few numbers. */
  readonly tint: (text: string, number: number) => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Whether the person says yes; undefined where nobody sits at a terminal. */
  readonly ask: ((question: string) => Promise<boolean>) | undefined;
  /** Takes the whole screen; undefined where there is none, as in a pipe. */
  readonly screen: (() => Screen) | undefined;
  /** Aborted when the person wants to end the command. Whoever asks for it has to end by it. */
  readonly interrupted: () => AbortSignal;
}

const colours = { good: "green", bad: "red", busy: "cyan" } as const satisfies Readonly<Record<Tone, string>>;

const tints = ["cyan", "yellow", "green", "magenta", "blue", "cyanBright", "yellowBright", "greenBright"] as const;

/** The terminal of this process. Node decides about colours, by the stream and by NO_COLOR and its like. */
export function processTerminal(wantsColours: boolean): Terminal {
  const { stdout, stderr } = process;
  const style = (colour: Parameters<typeof styleText>[0], text: string): string =>
    wantsColours ? styleText(colour, text, { stream: stdout }) : text;
  return {
    print: (text) => void stdout.write(text),
    flow: async (text) => {
      if (!stdout.write(text)) await once(stdout, "drain");
    },
    tell: (line) => void stderr.write(`${line}\n`),
    paint: (text, tone) => (tone === undefined ? text : style(colours[tone], text)),
    tint: (text, number) => style(tints[number % tints.length] ?? "cyan", text),
    now: () => Date.now(),
    ask: process.stdin.isTTY ? ask : undefined,
    screen: stdout.isTTY && process.env["TERM"] !== "dumb" ? () => openScreen(stdout) : undefined,
    interrupted: interruption,
  };
}

async function ask(question: string): Promise<boolean> {
  const questions = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await questions.question(`${question} [y/N] `)).trim());
  } catch (error) {
    // Ctrl-C and Ctrl-D are no answer.
    if (error instanceof Error && error.name === "AbortError") return false;
    throw error;
  } finally {
    questions.close();
  }
}

/** A second signal ends the process as it would have without this. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => {
      controller.abort();
    });
  return controller.signal;
}

/** Whoever reads only the beginning, as `head` does, has what he wants. */
export function endWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit(0);
    });
}
