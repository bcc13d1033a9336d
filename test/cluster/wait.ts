import { setTimeout as pause } from "node:timers/promises";

const STEP_MILLISECONDS = 50;

/** Asks again and again until the answer is yes; tells whether it was, within the time. */
export async function waitUntil(seconds: number, condition: () => boolean | Promise<boolean>): Promise<boolean> {
  const end = Date.now() + seconds * 1_000;
  while (!(await condition())) {
    if (Date.now() > end) return false;
    await pause(STEP_MILLISECONDS);
  }
  return true;
}
