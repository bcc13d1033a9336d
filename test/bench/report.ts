import type { Arm, Figure, Machine, Plan, Result, Results, Target } from "./results.ts";
import { median, medianRatio } from "./statistics.ts";

const ARMS = ["K", "P", "O", "D"] as const satisfies readonly Arm[];

/** The page that shows the results; of what nobody has measured it says so. */
export function page({ machine, rows }: Results, plans: readonly Plan[]): string {
  // What was measured before a target was added must be measured anew.
  const measured = ({ id, targets }: Plan): Result | undefined =>
    rows.find((row) => row.id === id && targets.every(({ figure }) => row.figures.some(({ name }) => name === figure)));
  const summary = plans.flatMap((plan) => summaryOf(plan, measured(plan)));
  const details = plans.flatMap((plan) => detailsOf(plan, measured(plan)));
  return [
    ...HEAD,
    ...(machine === undefined ? [] : machineLines(machine)),
    "",
    "## Targets",
    "",
    ...table(["", "what", "K", "P", "O", "D", "ratio", "target", "met"], summary),
    "",
    "A figure is the median, in brackets the least and the greatest. A ratio is the median of the pairs' ratios.",
    "",
    ...details,
  ].join("\n");
}

const HEAD = [
  "# What it costs",
  "",
  "Written by `npm run bench`; `bench/results.json` has every single value. Nothing here is edited by hand.",
  "",
  "| arm | is |",
  "| --- | --- |",
  "| K | bare kubectl |",
  "| P | a `batch/v1` Job of `@pulumi/kubernetes` |",
  "| O | `pulumi-jobrun` through its plugin |",
  "| D | `pulumi-jobrun` as a dynamic provider |",
  "",
  "The arms take turns on one cluster, in one run. P runs with its own defaults.",
  "Again: `npm run bench -- --pairs 5`; some rows only: `npm run bench -- --only P1,P7`.",
  "",
];

function machineLines({ cpu, cores, memory, versions }: Machine): string[] {
  const list = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [`Machine: ${cpu}, ${cores} cores, ${memory}.`, "", `Versions: ${list.join(", ")}.`];
}

function summaryOf({ id, title, targets }: Plan, result: Result | undefined): string[][] {
  if (result === undefined) return [[id, title, "not run", "", "", "", "", "", ""]];
  return targets.map((target) => {
    const figure = figureOf(result, target);
    const value = valueOf(result, target);
    return [
      id,
      `${title}: ${figure.name}`,
      ...ARMS.map((arm) => shown(figure, arm)),
      target.arms[1] === undefined ? "" : `${target.arms.join("/")} ${short(value)}`,
      limitOf(target, figure),
      isMet(result, target) ? "yes" : "**no**",
    ];
  });
}

function detailsOf({ id, title, work, targets, notes = [] }: Plan, result: Result | undefined): string[] {
  if (result === undefined) return [];
  const { figures, run } = result;
  const missed = targets.filter((target) => !isMet(result, target));
  const size = run.scale === 1 ? "" : ` at ${run.scale} of the size`;
  const rows = figures.map((figure) => [figure.name, ...ARMS.map((arm) => shown(figure, arm))]);
  return [
    `## ${id}: ${title}`,
    "",
    `${work} Measured on ${run.date} at ${run.commit}, ${run.pairs} ${run.pairs === 1 ? "pair" : "pairs"}${size}, \`--parallel ${run.parallel}\`, in ${run.seconds} s; load average ${run.load.join(" … ")}.`,
    "",
    ...table(["", ...ARMS], rows),
    "",
    ...notes.flatMap((note) => [note, ""]),
    ...missed.flatMap((target) => [`Missed, ${nameOf(result, target)}: ${target.why ?? "not looked into yet."}`, ""]),
  ];
}

const nameOf = (result: Result, target: Target): string =>
  `${target.arms.filter(Boolean).join("/")} ${figureOf(result, target).name}`;

function figureOf({ id, figures }: Result, target: Target): Figure {
  const figure = figures.find(({ name }) => name === target.figure);
  if (figure === undefined) throw new Error(`${id} must have measured ${target.figure} for its target`);
  return figure;
}

function valueOf(result: Result, target: Target): number {
  const [arm, over] = target.arms;
  const { [arm]: values = [], ...others } = figureOf(result, target).values;
  return over === undefined ? median(values) : medianRatio(values, (others as Figure["values"])[over] ?? []);
}

/** Whether the target is reached; what could not be measured is not. */
export function isMet(result: Result, target: Target): boolean {
  const value = valueOf(result, target);
  return value <= (target.atMost ?? Infinity) && value >= (target.atLeast ?? -Infinity);
}

function limitOf({ atMost, atLeast, arms }: Target, { unit }: Figure): string {
  const of = arms[1] === undefined ? ` ${unit}` : "";
  return `${atMost === undefined ? `≥ ${String(atLeast)}` : `≤ ${atMost}`}${of}`.trimEnd();
}

function shown({ values, unit }: Figure, arm: Arm): string {
  const { [arm]: own = [] } = values;
  if (own.length === 0) return "";
  const [least, middle, greatest] = [Math.min(...own), median(own), Math.max(...own)].map(short);
  return least === greatest ? `${middle} ${unit}`.trimEnd() : `${middle} ${unit} (${least} … ${greatest})`;
}

/** Three digits that count, and none that says more than was measured. */
function short(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 100) return Math.round(value).toString();
  return Number(value.toPrecision(3)).toString();
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}
