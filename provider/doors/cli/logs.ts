import { parseDuration } from "../../core/kube/duration";
import { type LogLine, printLines } from "../../core/status/logLines";
import { type Missing, missingLogs } from "../../core/status/logs";
import { type LogOrigin, type PodLog, readLogs } from "../../resources/readLogs";
import type { Asked, Handler } from "./command";
import { Misuse } from "./command";
import { headingOf, tellMissing } from "./logTexts";
import { printAs } from "./printable";
import type { Terminal } from "./terminal";

/** `jobrun logs`. */
export const logsHandler: Handler = async (asked, terminal) => {
  const { given, format } = asked;
  if (given.follow === undefined) return format === "table" ? showAll(asked, terminal) : collectAll(asked, terminal);
  if (given.previous !== undefined)
    throw new Misuse("--previous has ended, and cannot be followed: leave out --follow");
  if (format !== "table")
    throw new Misuse(`what is followed has no end: --output ${format} needs it, leave out --follow`);
  return (await import("./followedLogs.ts")).follow(asked, terminal);
};

function wantedOf({
  name,
  given: { index, tail, since, previous, timestamps },
}: Asked): Parameters<typeof readLogs>[1] {
  return {
    name,
    index: numberOf(index),
    lines: numberOf(tail),
    sinceSeconds: since === undefined ? undefined : parseDuration(since),
    previous: previous !== undefined,
    timestamps: timestamps !== undefined,
  };
}

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

/** Each log below `pod/container:`, with an empty line in between; of none more is kept than is shown. */
async function showAll(asked: Asked, terminal: Terminal): Promise<number> {
  const isRaw = asked.given.raw !== undefined;
  const { flow } = terminal;
  const missing: Missing[] = [];
  let between = "";
  for await (const log of readLogs(asked.place, wantedOf(asked))) {
    if ("why" in log) {
      missing.push(log);
      continue;
    }
    if (!isRaw) await flow(`${between}${headingOf(log)}:\n`);
    for await (const lines of log.lines) await flow(textOf(lines, asked));
    between = "\n";
  }
  tellMissing(asked, terminal, missing);
  return between === "" ? 1 : 0;
}

/** For programs: all of them at once. */
async function collectAll(asked: Asked, terminal: Terminal): Promise<number> {
  const logs: (LogOrigin & { text: string })[] = [];
  const missing: Missing[] = [];
  for await (const log of readLogs(asked.place, wantedOf(asked)))
    if ("why" in log) missing.push(log);
    else logs.push(await complete(log, asked));
  await printAs({ data: { logs, ...missingLogs(missing) }, names: [], blocks: () => [] }, asked, terminal);
  tellMissing(asked, terminal, missing);
  return logs.length === 0 ? 1 : 0;
}

async function complete({ lines, ...origin }: PodLog, asked: Asked): Promise<LogOrigin & { text: string }> {
  let text = "";
  for await (const some of lines) text += textOf(some, asked);
  return { ...origin, text };
}

const textOf = (lines: readonly LogLine[], { given }: Asked): string =>
  printLines(lines, { timestamps: given.timestamps !== undefined });
