import { capital } from "../../core/report/columns";
import type { ListedRun } from "../../core/report/lists";
import type { Place } from "../../resources/clusters";
import { watchRuns } from "../../resources/watchRuns";
import { runBoard, runsBoard } from "./board";
import type { Handler } from "./command";
import type { Screen } from "./screen";
import type { Terminal } from "./terminal";

const INTERRUPTED = 130;

/** `jobrun watch`. */
export const watchHandler: Handler = async (asked, terminal) => {
  const wanted = asked.name === "" ? undefined : asked.name;
  const signal = terminal.interrupted();
  const last = await watch({ place: asked.place, wanted, signal }, terminal);
  if (wanted === undefined || signal.aborted) return INTERRUPTED;
  const hint = `\`${asked.commandLine(`get ${wanted}`)}\` shows more`;
  terminal.tell(last.length === 0 ? `job run "${wanted}" was deleted meanwhile` : hint);
  return 0;
};

interface Watched {
  readonly place: Place;
  readonly wanted: string | undefined;
  readonly signal: AbortSignal;
}

/** Shows the runs until the person has seen enough, or the one that is wanted has ended; returns them as they were last. */
async function watch({ place, wanted, signal }: Watched, terminal: Terminal): Promise<readonly ListedRun[]> {
  const screen = terminal.screen?.();
  const notes: string[] = [];
  // On a screen there is no room for them until it is left.
  const warn = screen === undefined ? terminal.tell : (message: string) => void notes.push(message);
  const show = screen === undefined ? lineByLine(terminal) : drawing(screen, terminal, place.namespace);
  let last: readonly ListedRun[] = [];
  try {
    for await (const runs of watchRuns(place, wanted, { signal, log: { status: warn, info: warn, warn } })) {
      last = runs;
      show(runs, wanted);
      if (isOver(runs, wanted)) break;
    }
  } finally {
    screen?.leave();
    for (const note of notes) terminal.tell(note);
  }
  if (screen !== undefined && wanted !== undefined) terminal.print(last.map((run) => `${lineOf(run)}\n`).join(""));
  return last;
}

/** Only a single run has an end; what nobody knows the end of is over for whoever watches it. */
const isOver = (runs: readonly ListedRun[], wanted: string | undefined): boolean =>
  wanted !== undefined && runs.every(({ status }) => status !== "pending" && status !== "running");

type Show = (runs: readonly ListedRun[], wanted: string | undefined) => void;

function drawing(screen: Screen, { paint, now }: Terminal, place: string): Show {
  return (runs, wanted) => {
    const canvas = { ...screen.size(), paint, now: now() };
    const [run] = runs;
    screen.draw(
      wanted === undefined || run === undefined ? runsBoard(runs, place, canvas) : runBoard(run, place, canvas),
    );
  };
}

/** For a pipe: a line for each change, and nothing else. */
function lineByLine({ print }: Terminal): Show {
  const told = new Map<string, string>();
  return (runs) => {
    for (const run of runs) {
      const line = lineOf(run);
      if (told.get(run.uid) === line) continue;
      told.set(run.uid, line);
      print(`${line}\n`);
    }
    const present = new Set(runs.map(({ uid }) => uid));
    for (const uid of told.keys()) if (!present.has(uid)) told.delete(uid);
  };
}

function lineOf({ name, status, statusDetails }: ListedRun): string {
  const phases = ["succeeded", "running", "pending", "failed", "unknown"] as const;
  const counters = phases.filter((phase) => statusDetails[phase] > 0);
  return `${name}: ${capital(status)}, ${counters.map((phase) => `${statusDetails[phase].toString()} ${phase}`).join(", ")}`;
}
