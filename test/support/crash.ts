import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";
import { until } from "./kubectl";
import type { TestStack } from "./stack";

/** Where the provider's process kills itself: at its n-th write to the API server, once that is sent or answered. */
export interface CrashPoint {
  readonly write: number;
  readonly moment: "sent" | "answered";
}

const preload = { NODE_OPTIONS: `--require=${join(repositoryRoot(), "test/support/crashPreload.cjs")}` };

/** Runs a command whose provider kills itself there. */
export async function crashAt<T>(
  stack: TestStack,
  { write, moment }: CrashPoint,
  command: () => Promise<T>,
): Promise<T> {
  return withVariables(stack, { ...preload, JOBRUN_CRASH: `${write.toString()}:${moment}` }, command);
}

/** Runs a command and returns all writes of its provider to the API server, in order: `POST /api/v1/… {body}`. */
export async function writesOf<T>(
  stack: TestStack,
  command: () => Promise<T>,
): Promise<{ ended: T; writes: string[] }> {
  const file = join(mkdtempSync(join(tmpdir(), "jobrun-writes-")), "list");
  writeFileSync(file, "");
  const ended = await withVariables(stack, { ...preload, JOBRUN_WRITES: file }, command);
  const writes = readFileSync(file, "utf8").split("\n").filter(Boolean);
  rmSync(join(file, ".."), { recursive: true });
  return { ended, writes };
}

/** Runs a command whose provider stops before the first write that contains the text, until `meanwhile` is done. */
export async function holdAt<T>(
  stack: TestStack,
  { text, meanwhile }: { text: string; meanwhile: () => Promise<void> },
  command: () => Promise<T>,
): Promise<T> {
  const gate = join(mkdtempSync(join(tmpdir(), "jobrun-hold-")), "gate");
  writeFileSync(gate, "");
  const running = withVariables(stack, { ...preload, JOBRUN_HOLD: `${text}|${gate}` }, command);
  try {
    await until(() => Promise.resolve(existsSync(`${gate}.reached`)));
    await meanwhile();
  } finally {
    rmSync(gate);
  }
  const ended = await running;
  rmSync(join(gate, ".."), { recursive: true });
  return ended;
}

async function withVariables<T>(
  stack: TestStack,
  variables: Readonly<Record<string, string>>,
  command: () => Promise<T>,
): Promise<T> {
  stack.setEnvironment(variables);
  try {
    return await command();
  } finally {
    stack.setEnvironment({});
  }
}
