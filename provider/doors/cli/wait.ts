import { parseDuration } from "../../core/kube/duration";
import { waitText } from "../../core/report/outcome";
import { awaitOutcome } from "../../resources/awaitOutcome";
import type { Asked, Handler } from "./command";
import { printAs } from "./printable";
import type { Terminal } from "./terminal";

/** 130 is what shells say of a program that Ctrl-C has ended. */
const exitCodes = { reached: 0, failed: 1, timeout: 2, interrupted: 130 } as const;

/** `jobrun wait`. Ctrl-C ends the process as it is. */
export const waitHandler: Handler = (asked, terminal) =>
  waitAndPrint(asked, terminal, {
    seconds: parseSeconds(asked.given.timeout),
    signal: new AbortController().signal,
  });

interface Patience {
  /** Without a number, for as long as it takes. */
  readonly seconds: number | undefined;
  readonly signal: AbortSignal;
}

/** Waits for the run, tells how that ended, and returns the exit code. */
export async function waitAndPrint(asked: Asked, terminal: Terminal, { seconds, signal }: Patience): Promise<number> {
  const { place, name } = asked;
  const { tell } = terminal;
  const context = { log: { status: tell, info: tell, warn: tell }, signal };
  const ended = await awaitOutcome(place, { name, seconds }, context);
  const { outcome, seen } = ended;
  const text = waitText(ended, place.namespace);
  const { status, statusDetails } = seen;
  const data = { name, namespace: place.namespace, outcome, message: text, status, statusDetails };
  await printAs({ data, names: [name], blocks: () => [[text]] }, asked, terminal);
  return exitCodes[outcome];
}

/** Seconds of `90`, `90s`, `5m` or `1h30m`. */
export function parseSeconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  return /^\d+$/.test(text) ? Number(text) : parseDuration(text);
}
