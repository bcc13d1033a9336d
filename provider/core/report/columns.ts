/** What a cell is about, for those who show colours. */
export type Tone = "good" | "bad" | "busy";

/** A column of a table, and what it shows of a row. */
export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  readonly tone?: (row: Row) => Tone | undefined;
  /** Shown only to those who ask for more. */
  readonly wide?: true;
}

const tones: Readonly<Record<string, Tone>> = {
  Completed: "good",
  Complete: "good",
  Succeeded: "good",
  Failed: "bad",
  Unknown: "bad",
  Warning: "bad",
  Pending: "busy",
  Running: "busy",
  Terminating: "busy",
};

/** The tone of a state by its first word, as in `Failed (OOMKilled)`. */
export const toneOf = (state: string): Tone | undefined => tones[state.split(" ", 1)[0] ?? ""];

/** `completed` as it is shown in a table. */
export const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
