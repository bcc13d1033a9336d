import type { LogLine } from "./logLines";
import { flat, maskForms, secretForms, SHORTEST_PIECE } from "./mask";

/** Masks the secret values in a log that comes in pieces. */
export interface LineMask {
  /** The lines that may be shown. One that may begin a secret value is held back until it is known how that goes on. */
  push(lines: readonly LogLine[]): LogLine[];
  /** What was held back, when nothing more comes. */
  rest(): LogLine[];
}

/** A line that has been shown already, and is looked at once more because a secret value may begin with its end. */
type Held = LogLine & { readonly told?: true };

const untouched: LineMask = { push: (lines) => [...lines], rest: () => [] };

/** The mask of one program's log, which may begin and end within a value. */
export function lineMask(secrets: readonly string[]): LineMask {
  const forms = secretForms(secrets);
  if (forms.length === 0) return untouched;
  const flatForms = forms.map(flat);
  let held: readonly Held[] = [];
  let start = true;
  const show = (lines: readonly Held[], end: boolean): LogLine[] => {
    if (lines.length === 0) return [];
    const shown = masked(lines, (text) => maskForms(text, forms, { start, end }));
    start = false;
    return shown;
  };
  return {
    push: (lines) => {
      const all = [...held, ...lines];
      const count = safeCount(all, flatForms);
      const piece = shortPiece(all.slice(0, count), flatForms);
      held = [...(piece === "" ? [] : [{ words: piece, told: true } as const]), ...all.slice(count)];
      return show(all.slice(0, count), false);
    },
    rest: () => {
      const last = held;
      held = [];
      return show(last, true);
    },
  };
}

/** A value that is spread over lines is found in all of them together; no line's time is known any more then. */
function masked(lines: readonly Held[], mask: (text: string) => string): LogLine[] {
  const before = lines.map(({ words }) => words);
  const after = mask(before.join("\n")).split("\n");
  const shown =
    after.length === before.length
      ? lines.map(({ time }, i) => ({ ...(time !== undefined && { time }), words: after[i] ?? "" }))
      : after.map((words) => ({ words }));
  const isToldAgain = lines[0]?.told === true && after[0] === before[0];
  return isToldAgain ? shown.slice(1) : shown;
}

/** How many of the lines do not end within what may be a secret value. */
function safeCount(lines: readonly Held[], forms: readonly string[]): number {
  let count = lines.length;
  for (;;) {
    const length = Math.max(...forms.map((form) => begun(endOf(lines.slice(0, count), form.length), form)));
    if (length < SHORTEST_PIECE) return count;
    count = lineOf(lines.slice(0, count), length);
  }
}

/** Too short to be held back, and enough to find the value by when it goes on. */
function shortPiece(lines: readonly Held[], forms: readonly string[]): string {
  const end = endOf(lines, SHORTEST_PIECE);
  const length = Math.max(...forms.map((form) => begun(end, form)));
  return end.slice(end.length - length);
}

/** How much of the form, but not all of it, stands at the end of the text. */
function begun(text: string, form: string): number {
  for (let length = Math.min(text.length, form.length - 1); length > 0; length--)
    if (text.endsWith(form.slice(0, length))) return length;
  return 0;
}

/** The last characters of the lines, as if they were one. */
function endOf(lines: readonly Held[], length: number): string {
  let end = "";
  for (let i = lines.length - 1; i >= 0 && end.length < length; i--) end = flat(lines[i]?.words ?? "") + end;
  return end.slice(-length);
}

/** The line in which the last so many characters begin. */
function lineOf(lines: readonly Held[], length: number): number {
  let [at, left] = [lines.length, length];
  while (left > 0 && at > 0) left -= flat(lines[--at]?.words ?? "").length;
  return at;
}
