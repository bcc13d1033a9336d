import { parseDuration } from "../../core/kube/duration";
import { waitText } from "../../core/report/outcome";
import { awaitOutcome } from "../../resources/awaitOutcome";
import type { Handler } from "./command";
import { printAs } from "./printable";

const exitCodes = { reached: 0, failed: 1, timeout: 2, interrupted: 1 } as const;

/** `jobrun wait`. */
export const waitHandler: Handler = async (asked, terminal) => {
  const { place, name, given } = asked;
  const { tell } = terminal;
  const seconds = given.timeout === undefined ? undefined : parseDuration(given.timeout);
  const context = { log: { status: tell, info: tell, warn: tell }, signal: new AbortController().signal };
  const ended = await awaitOutcome(place, { name, seconds }, context);
  const { outcome, seen } = ended;
  const text = waitText(ended, place.namespace);
  const { status, statusDetails } = seen;
  const data = { name, namespace: place.namespace, outcome, message: text, status, statusDetails };
  await printAs({ data, names: [name], blocks: () => [[text]] }, asked, terminal);
  return exitCodes[outcome];
};
