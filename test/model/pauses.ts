type Timers = typeof import("node:timers/promises");

/** What happens while the world's present process pauses. */
export const pauseOf: { current: () => Promise<void> } = { current: () => Promise.resolve() };

/** Timers whose pauses take no time; for `jest.mock`. */
export const worldTimers = (): Timers =>
  ({ ...jest.requireActual<Timers>("node:timers/promises"), setTimeout: () => pauseOf.current() }) as unknown as Timers;
