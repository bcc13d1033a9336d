/** Milliseconds of each pause between two tries since the test began. */
export const pauses: number[] = [];

type Timers = typeof import("node:timers/promises");

/** Timers whose pauses are noted, and are over three hundred times sooner; for `jest.mock`. */
export function shortTimers(): Timers {
  const real = jest.requireActual<Timers>("node:timers/promises");
  const setTimeout = (ms: number, value: unknown, options: object): Promise<unknown> => {
    if (ms > 10) pauses.push(ms);
    return real.setTimeout(ms > 10 ? ms / 300 : ms, value, options);
  };
  return { ...real, setTimeout } as Timers;
}
