import { parseDuration } from "../../core/kube/duration";
import { type LogLine, printLines } from "../../core/status/logLines";
import { countersLine } from "../../core/status/progress";
import { type Followed, followLogs } from "../../resources/followLogs";
import type { LogOrigin } from "../../resources/readLogs";
import type { Asked } from "./command";
import { headingOf, tellMissing } from "./logTexts";
import type { Terminal } from "./terminal";

/** `jobrun logs --follow`: the lines of all pods as they come, each with the name of its pod before it. Ctrl-C ends the process as it is. */
export async function follow(asked: Asked, terminal: Terminal): Promise<number> {
  const { place, name, given } = asked;
  const { tell } = terminal;
  const followed = await followLogs(
    place,
    {
      name,
      index: given.index === undefined ? undefined : Number(given.index),
      lines: given.tail === undefined ? undefined : Number(given.tail),
      sinceSeconds: given.since === undefined ? undefined : parseDuration(given.since),
    },
    {
      signal: new AbortController().signal,
      log: { status: tell, info: tell, warn: tell },
      show: (origin, lines) => terminal.flow(textOf(origin, lines, { given, terminal })),
    },
  );
  tellMissing(asked, terminal, followed.missing);
  tell(endText(name, followed));
  return followed.count === 0 ? 1 : 0;
}

function textOf(
  origin: LogOrigin,
  lines: readonly LogLine[],
  { given, terminal }: { given: Asked["given"]; terminal: Terminal },
): string {
  const text = printLines(lines, { timestamps: given.timestamps !== undefined });
  if (given.raw !== undefined) return text;
  const prefix = terminal.tint(`${headingOf(origin)}:`, origin.index);
  return text.replaceAll(/^/gm, `${prefix} `).slice(0, -`${prefix} `.length);
}

function endText(name: string, { status, spec }: Followed): string {
  if (status === undefined) return `job run "${name}" was deleted meanwhile`;
  return `job run "${name}" has ended, ${status.status}: ${countersLine(status, spec)}`;
}
