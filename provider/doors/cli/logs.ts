import { type Missing, missingLogs } from "../../core/status/logs";
import { type PodLog, readLogs } from "../../resources/readLogs";
import type { Asked, Handler } from "./command";
import { printAs } from "./printable";
import type { Terminal } from "./terminal";

/** `jobrun logs`. */
export const logsHandler: Handler = async (asked, terminal) => {
  const { place, name } = asked;
  const shows = asked.format === "table" ? printer(terminal) : () => undefined;
  const logs: PodLog[] = [];
  const missing: Missing[] = [];
  let count = 0;
  for await (const log of readLogs(place, wantedOf(asked))) {
    if ("why" in log) missing.push(log);
    else {
      count++;
      shows(log);
      // Whoever reads it by program gets all of them at once; of the others none is kept.
      if (asked.format !== "table") logs.push(log);
    }
  }
  const told = missingLogs(missing);
  if (asked.format !== "table")
    await printAs({ data: { logs, ...told }, names: [], blocks: () => [] }, asked, terminal);
  if (told.missingReason !== undefined)
    terminal.tell(`job run "${name}" has no log of some of its indices: ${told.missingReason}`);
  return count === 0 ? 1 : 0;
};

function wantedOf({ name, given: { index, tail, previous, timestamps } }: Asked): Parameters<typeof readLogs>[1] {
  return {
    name,
    index: numberOf(index),
    lines: numberOf(tail),
    previous: previous !== undefined,
    timestamps: timestamps !== undefined,
  };
}

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

/** Each log below `pod/container:`, with an empty line in between. */
function printer({ print }: Terminal): (log: PodLog) => void {
  let between = "";
  return ({ pod, container, text }) => {
    const end = text === "" || text.endsWith("\n") ? "" : "\n";
    print(`${between}${pod}/${container}:\n${text}${end}`);
    between = "\n";
  };
}
