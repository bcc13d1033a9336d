/** The whole screen of a terminal. */
export interface Screen {
  readonly size: () => { readonly columns: number; readonly rows: number };
  /** Lines that are not longer than it is wide. */
  readonly draw: (lines: readonly string[]) => void;
  /** Gives it back as it was. */
  readonly leave: () => void;
}

const ENTER = "\u001B[?1049h\u001B[?25l";
const LEAVE = "\u001B[?25h\u001B[?1049l";
const HOME = "\u001B[H";
const REST_OF_LINE = "\u001B[K";
const REST_OF_SCREEN = "\u001B[J";

/** The whole screen of a terminal, which gets back what was on it, however the process ends. */
export function openScreen(stdout: NodeJS.WriteStream): Screen {
  let isOpen = true;
  const leave = (): void => {
    if (isOpen) stdout.write(LEAVE);
    isOpen = false;
    process.off("exit", leave);
  };
  process.on("exit", leave);
  stdout.write(ENTER);
  return {
    size: () => ({ columns: stdout.columns, rows: stdout.rows }),
    draw: (lines) => {
      const fitting = lines.slice(0, stdout.rows);
      // No line break after the last line, which would scroll.
      stdout.write(HOME + fitting.map((line) => line + REST_OF_LINE).join("\r\n") + REST_OF_SCREEN);
    },
    leave,
  };
}
