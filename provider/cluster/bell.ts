/** Wakes one sleeper, also for a ring that came while it did not sleep. */
export class Bell {
  #rings = 0;
  #heard = 0;
  #next = Promise.withResolvers<undefined>();

  ring(): void {
    this.#rings++;
    this.#next.resolve(undefined);
  }

  /** Resolves after the next ring, after the time, or when the signal is aborted; rings that came at once count as one. */
  async wait(signal: AbortSignal, seconds?: number): Promise<void> {
    if (this.#rings === this.#heard) await firstOf(this.#next.promise, signal, seconds);
    this.#heard = this.#rings;
    this.#next = Promise.withResolvers();
  }
}

async function firstOf(promise: Promise<unknown>, signal: AbortSignal, seconds = Infinity): Promise<void> {
  if (signal.aborted) return;
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  const end = (): void => {
    resolve(undefined);
  };
  // Timers hold at most 2^31 ms.
  const timer = setTimeout(end, Math.min(seconds * 1_000, 2 ** 31 - 1));
  signal.addEventListener("abort", end);
  await Promise.race([promise, over]);
  clearTimeout(timer);
  signal.removeEventListener("abort", end);
}
