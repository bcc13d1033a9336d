/** A value that is got when first needed, once for all who ask meanwhile, and again when it is stale. A failure is not kept. */
export interface Kept<T> {
  current(): Promise<T>;
  /** Another one than this: what somebody else has got since, or a new one. */
  insteadOf(refused: T): Promise<T>;
}

interface Judgement<T> {
  readonly isStale: (value: T) => boolean;
  readonly isSame: (a: T, b: T) => boolean;
}

/** Keeps what `get` returns until it is stale. */
export function kept<T extends object>(get: () => Promise<T>, { isStale, isSame }: Judgement<T>): Kept<T> {
  let held: T | undefined;
  let coming: Promise<T> | undefined;
  const renew = (): Promise<T> => {
    coming ??= get()
      .then((value) => (held = value))
      .finally(() => (coming = undefined));
    return coming;
  };
  const heldUnless = async (isOver: (value: T) => boolean): Promise<T> =>
    held === undefined || isStale(held) || isOver(held) ? renew() : held;
  return {
    current: () => heldUnless(() => false),
    insteadOf: (refused) => heldUnless((value) => isSame(value, refused)),
  };
}
