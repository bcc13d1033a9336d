import { type ChildProcess, spawn } from "node:child_process";
import { bed } from "./bed";

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A command at a terminal of that size; what is written to its standard input is typed. */
export function startAtTerminal(command: string, { columns, rows }: Size): ChildProcess {
  const line = `stty rows ${rows} columns ${columns} && exec ${command}`;
  const { NO_COLOR: _none, FORCE_COLOR: _forced, CI: _ci, ...env } = process.env;
  return spawn("script", ["--quiet", "--return", "--command", line, "/dev/null"], {
    env: { ...env, KUBECONFIG: bed().kubeconfig, TERM: "xterm-256color", SHELL: "/bin/sh" },
  });
}

const SEQUENCE = new RegExp(String.raw`\u001B\[(?<mark>\??)(?<argument>[\d;]*)(?<letter>[A-Za-z])`, "y");

/** What stands on a screen of that size after all of this was written to it. It knows what we use, and throws at anything else. */
export class ScreenModel {
  readonly #size: Size;
  #lines: string[] = [""];
  #kept: string[] | undefined;
  #row = 0;
  #column = 0;
  /** Whether something was written beyond the right edge or below the last line. */
  overflowed = false;
  cursorIsShown = true;

  constructor(size: Size) {
    this.#size = size;
  }

  /** Whether the whole screen is in use, and what was there before is kept. */
  get isFull(): boolean {
    return this.#kept !== undefined;
  }

  get text(): string {
    return this.#lines.map((line) => line.trimEnd()).join("\n");
  }

  write(raw: string): void {
    for (let at = 0; at < raw.length;) {
      SEQUENCE.lastIndex = at;
      const sequence = SEQUENCE.exec(raw);
      if (sequence?.groups !== undefined) this.#obey(sequence.groups);
      else this.#put(raw[at] ?? "");
      at += sequence?.[0].length ?? 1;
    }
  }

  #obey({ mark = "", argument = "", letter = "" }: Record<string, string>): void {
    const command = `${mark}${argument}${letter}`;
    if (letter === "m") return;
    if (command === "H") [this.#row, this.#column] = [0, 0];
    else if (command === "K") this.#lines[this.#row] = this.#line().slice(0, this.#column);
    else if (command === "J") {
      this.#lines = this.#lines.slice(0, this.#row + 1);
      this.#lines[this.#row] = this.#line().slice(0, this.#column);
    } else if (command === "?1049h") [this.#kept, this.#lines, this.#row, this.#column] = [this.#lines, [""], 0, 0];
    else if (command === "?1049l") {
      [this.#lines, this.#kept] = [this.#kept ?? [""], undefined];
      [this.#row, this.#column] = [this.#lines.length - 1, this.#lines.at(-1)?.length ?? 0];
    } else if (command === "?25l" || command === "?25h") this.cursorIsShown = letter === "h";
    else throw new Error(`the model does not know the sequence ESC[${command}`);
  }

  #put(character: string): void {
    if (character === "\r") this.#column = 0;
    else if (character === "\n") {
      this.#row++;
      if (this.isFull && this.#row >= this.#size.rows) this.overflowed = true;
    } else {
      if (this.#column >= this.#size.columns) this.overflowed = true;
      this.#lines[this.#row] =
        this.#line().padEnd(this.#column).slice(0, this.#column) + character + this.#line().slice(this.#column + 1);
      this.#column++;
    }
    while (this.#lines.length <= this.#row) this.#lines.push("");
  }

  #line(): string {
    return this.#lines[this.#row] ?? "";
  }
}
