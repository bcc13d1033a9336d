const MINUTE = 60_000;
const SECOND = 1_000;

/** Tells on stderr that long work goes on: a counting line on a terminal, else a line a minute. */
export async function withProgress<T>(title: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  const terminal = process.stderr.isTTY;
  const tell = (end: string) => process.stderr.write(line(title, started, { terminal, end }));
  tell(terminal ? "" : "\n");
  const timer = setInterval(() => tell(terminal ? "" : "\n"), terminal ? SECOND : MINUTE);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    tell("\n");
  }
}

function line(title: string, started: number, { terminal, end }: { terminal: boolean; end: string }): string {
  const seconds = Math.round((Date.now() - started) / SECOND);
  return `${terminal ? "\r" : ""}${title} … ${seconds} s${end}`;
}
