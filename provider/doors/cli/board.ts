import { printDuration } from "../../core/kube/duration";
import { capital, type Tone, toneOf } from "../../core/report/columns";
import { gridPhases, indexGrid } from "../../core/report/indexGrid";
import type { ListedRun } from "../../core/report/lists";
import type { IndexPhase } from "../../core/status/types";
import type { Terminal } from "./terminal";

/** What there is room for, and how it is drawn. */
export interface Canvas {
  readonly columns: number;
  readonly rows: number;
  readonly paint: Terminal["paint"];
  /** Milliseconds since 1970. */
  readonly now: number;
}

const marks: Readonly<Record<IndexPhase, string>> = {
  succeeded: "#",
  running: "=",
  pending: ".",
  failed: "!",
  unknown: "?",
};

const tones: Readonly<Record<IndexPhase, Tone | undefined>> = {
  succeeded: "good",
  running: "busy",
  pending: undefined,
  failed: "bad",
  unknown: "bad",
};

const LEGEND = gridPhases
  .toReversed()
  .map((phase) => `${marks[phase]} ${phase}`)
  .join("  ");

const cut = (text: string, width: number): string => (text.length <= width ? text : `${text.slice(0, width - 1)}…`);

/** All runs: a line each, the ones that go on first. None is longer than the canvas is wide. */
export function runsBoard(runs: readonly ListedRun[], place: string, canvas: Canvas): string[] {
  const { columns, rows } = canvas;
  const room = rows - 4;
  const sorted = [...runs.filter(isGoing), ...runs.filter((run) => !isGoing(run))];
  const shown = sorted.length > room ? sorted.slice(0, room - 1) : sorted;
  const more = sorted.length - shown.length;
  const width = Math.min(Math.max(4, ...shown.map(({ name }) => name.length)), Math.floor(columns * 0.4));
  return [
    cut(`Job runs in ${place}: ${runs.length.toString()}, ${runs.filter(isGoing).length.toString()} going on`, columns),
    "",
    ...shown.map((run) => runLine(run, width, canvas)),
    ...(more > 0 ? [`and ${more.toString()} more: \`jobrun list\` has them all`] : []),
    cut(`${LEGEND}   Ctrl-C ends`, columns),
  ];
}

const isGoing = ({ status }: ListedRun): boolean => status === "pending" || status === "running";

const BAR = 20;

function runLine(run: ListedRun, width: number, { columns, paint, now }: Canvas): string {
  const { succeeded, running, requested } = run.statusDetails;
  const state = capital(run.status).padEnd(9);
  const goal = run.mode === "task" ? succeeded : running;
  const end = ` ${elapsed(run, now).padStart(6)}  ${goal.toString()}/${requested.toString()}`;
  const left = columns - width - 2 - BAR - 4 - state.length - end.length;
  const bar = left >= 0 ? `[${barOf(run, BAR, paint)}]  ` : "";
  return `${cut(run.name, width).padEnd(width)}  ${bar}${paint(state, toneOf(capital(run.status)))}${end}`;
}

/** One run: its counters, a bar, and a cell for each index. */
export function runBoard(run: ListedRun, place: string, canvas: Canvas): string[] {
  const { columns, rows, paint, now } = canvas;
  const { statusDetails, arrayIndices } = run;
  const counters = gridPhases
    .toReversed()
    .filter((phase) => statusDetails[phase] > 0)
    .map((phase) => `${statusDetails[phase].toString()} ${phase}`);
  const label = Math.max(1, ...arrayIndices.split(/[-,]/).map(({ length }) => length));
  const { rows: cells, perCell } = indexGrid(arrayIndices, statusDetails, {
    width: columns - label - 2,
    height: Math.max(1, rows - 9),
  });
  const state = capital(run.status);
  return [
    cut(`Job run ${run.name} in ${place}, ${run.mode}`, columns),
    `${paint(state, toneOf(state))} for ${elapsed(run, now)}: ${cut(counters.join(", "), columns - state.length - 16)}`,
    "",
    `[${barOf(run, columns - 2, paint)}]`,
    "",
    ...cells.map(({ first, cells: row }) => `${first.toString().padStart(label)}  ${painted(row, paint)}`),
    "",
    cut(`${LEGEND}${perCell > 1 ? `   a cell is ${perCell.toString()} indices, the worst shows` : ""}`, columns),
  ];
}

/** Neighbours of one kind are painted together. */
function painted(cells: readonly IndexPhase[], paint: Canvas["paint"]): string {
  const runs: { phase: IndexPhase; count: number }[] = [];
  for (const phase of cells) {
    const last = runs.at(-1);
    if (last?.phase === phase) last.count++;
    else runs.push({ phase, count: 1 });
  }
  return runs.map(({ phase, count }) => paint(marks[phase].repeat(count), tones[phase])).join("");
}

function barOf({ statusDetails }: ListedRun, width: number, paint: Canvas["paint"]): string {
  const { requested } = statusDetails;
  let [count, at] = [0, 0];
  const parts = (["succeeded", "running", "failed", "unknown", "pending"] as const).map((phase) => {
    count += statusDetails[phase];
    const end = Math.round((count / Math.max(1, requested)) * width);
    const text = marks[phase].repeat(end - at);
    at = end;
    return text === "" ? "" : paint(text, tones[phase]);
  });
  return parts.join("") + marks.pending.repeat(width - at);
}

/** From the start of a run to its end, or until now. */
function elapsed({ createdAt, statusDetails }: ListedRun, now: number): string {
  const { startTime = createdAt, completionTime } = statusDetails;
  const end = completionTime === undefined ? now : Date.parse(completionTime);
  return printDuration(Math.max(0, end - Date.parse(startTime)) / 1_000);
}
