/** How often the clock is looked at, and how far it may have jumped between two looks. */
const LOOK_MS = 1_000;
const JUMP_MS = 30_000;

/** A signal that is aborted once the machine has slept: connections from before are dead, and nobody says so. */
export function sleepSignal(): { readonly signal: AbortSignal; readonly close: () => void } {
  const slept = new AbortController();
  let last = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - last > JUMP_MS) slept.abort(new Error("the machine has slept"));
    last = now;
  }, LOOK_MS);
  // A watch that is forgotten must not keep the process.
  timer.unref();
  return {
    signal: slept.signal,
    close: () => {
      clearInterval(timer);
    },
  };
}
