import type { Column } from "../../core/report/columns";
import type { Terminal } from "./terminal";

/** Lines that stand together. */
export type Lines = readonly string[];

interface Look {
  readonly wide: boolean;
  readonly paint: Terminal["paint"];
}

/** A table with a heading, its columns two spaces apart. No rows: no lines. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], { wide, paint }: Look): Lines {
  if (rows.length === 0) return [];
  const shown = columns.filter((column) => wide || column.wide !== true);
  const texts = rows.map((row) => shown.map(({ text }) => text(row)));
  const widths = shown.map(({ title }, at) => Math.max(title.length, ...texts.map((row) => row[at]?.length ?? 0)));
  const heading = joined(
    shown.map(({ title }) => title),
    widths,
  );
  const lines = rows.map((row, i) => {
    const cells = shown.map(({ tone }, at) => paint(texts[i]?.[at] ?? "", tone?.(row)));
    const padded = cells.map((cell, at) => cell + " ".repeat((widths[at] ?? 0) - (texts[i]?.[at]?.length ?? 0)));
    return padded.join("  ").trimEnd();
  });
  return [heading, ...lines];
}

const joined = (cells: readonly string[], widths: readonly number[]): string =>
  cells
    .map((cell, at) => cell.padEnd(widths[at] ?? 0))
    .join("  ")
    .trimEnd();

/** `Name:  nightly`, the values below each other. What is undefined is left out. */
export function fields(entries: readonly (readonly [label: string, value: string | number | undefined])[]): Lines {
  const known = entries.filter(([, value]) => value !== undefined && value !== "");
  const width = Math.max(0, ...known.map(([label]) => label.length));
  return known.map(([label, value]) => `${`${label}:`.padEnd(width + 1)}  ${String(value)}`);
}

/** Lines below a heading; nothing without lines. */
export function section(heading: string, lines: Lines): Lines {
  return lines.length === 0 ? [] : [`${heading}:`, ...lines.map((line) => `  ${line}`)];
}

/** Blocks with an empty line between them; those without lines are left out. */
export function document(blocks: readonly Lines[]): string {
  const kept = blocks.filter((lines) => lines.length > 0);
  return kept.length === 0 ? "" : `${kept.map((lines) => lines.join("\n")).join("\n\n")}\n`;
}
