import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { endOf, jobrunPath, start } from "../support/commandLine";
import { makeNamespace, removeNamespace, until } from "../support/kubectl";
import { ScreenModel, startAtTerminal } from "../support/pseudoTerminal";

jest.setTimeout(240_000);

const namespace = "e2e-cli-watch";
const jobrun = (...words: string[]) => endOf(start(jobrunPath(), ["-n", namespace, ...words]));

/** Five indices that succeed one after the other; the last fails. */
const script = "sleep $((JOB_INDEX * 2 + 2)); [ $JOB_INDEX != 4 ]";
const submit = (name: string) =>
  jobrun(
    ...["submit", "--name", name, "--image", "docker.io/library/busybox:1", "--cpu", "20m", "--memory", "32M"],
    ...["--array-size", "5", "--retrylimit", "0", "--command", "sh", "--command=-c", "--command", script],
  );

beforeAll(() => makeNamespace(namespace));
afterAll(() => removeNamespace(namespace));

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 200, rows: 60 },
];

describe.each(sizes)("[E] watch at a terminal of $columns × $rows", ({ columns, rows }) => {
  const run = `run-${columns}`;

  it("shows a run with each of its indices to its end, and gives the screen back", async () => {
    expect((await submit(run)).code).toBe(0);
    const screen = new ScreenModel({ columns, rows });
    const frames = new Set<string>();
    const child = startAtTerminal(`${jobrunPath()} -n ${namespace} watch ${run}`, { columns, rows });
    child.stdout?.on("data", (data: Buffer) => {
      screen.write(data.toString());
      if (screen.isFull) frames.add(screen.text);
    });
    const { code, out } = await endOf(child);
    expect(code).toBe(0);
    expect(out).toContain("\u001B[32m");
    expect([screen.overflowed, screen.isFull, screen.cursorIsShown]).toEqual([false, false, true]);
    expect(screen.text).toMatch(new RegExp(`^${run}: Failed, 4 succeeded, 1 failed\n.*jobrun get ${run}`));
    const all = [...frames];
    expect(all.every((frame) => frame === "" || frame.startsWith(`Job run ${run} in ${namespace}, task`))).toBe(true);
    expect(all.some((frame) => /\n0 {2}[.=]{5}\n/.test(frame))).toBe(true);
    expect(all.some((frame) => /\n0 {2}#+[=.]+\n/.test(frame))).toBe(true);
    expect(all.at(-1)).toMatch(/\n0 {2}####!\n/);
  });

  it("shows all runs until Ctrl-C, which gives the screen back", async () => {
    const screen = new ScreenModel({ columns, rows });
    const child = startAtTerminal(`${jobrunPath()} -n ${namespace} watch`, { columns, rows });
    child.stdout?.on("data", (data: Buffer) => screen.write(data.toString()));
    const ended = endOf(child);
    await until(() => Promise.resolve(screen.isFull && screen.text.includes(`\n${run} `)));
    expect(screen.text).toMatch(new RegExp(`^Job runs in ${namespace}: \\d+, \\d+ going on\n`));
    expect(screen.text).toMatch(new RegExp(`\n${run} +\\[#+!+\\] {2}Failed +\\d+m?\\w* {2}4/5\n`));
    expect(screen.cursorIsShown).toBe(false);
    child.stdin?.write("\u0003");
    expect((await ended).code).toBe(130);
    expect([screen.overflowed, screen.isFull, screen.cursorIsShown]).toEqual([false, false, true]);
  });
});

describe("[E] watch in a pipe", () => {
  it("prints a line for each change, without colours and without moving a cursor", async () => {
    expect((await submit("piped")).code).toBe(0);
    const { code, out } = await jobrun("watch", "piped");
    expect(code).toBe(0);
    expect(out).not.toContain("\u001B");
    const lines = out.trimEnd().split("\n");
    expect(lines.at(-1)).toBe("piped: Failed, 4 succeeded, 1 failed");
    expect(new Set(lines).size).toBe(lines.length);
  });
});
