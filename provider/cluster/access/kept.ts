/** A value that is got when first needed, once for all who ask meanwhile, and again when it is stale. A failure is not kept. */
export interface Kept<T> {
  current(): Promise<T>;
  /** Another one than this: what somebody else has got since, or a new one. */
  insteadOf(refused: T): Promise<T>;
}

/** Keeps what `get` returns until `isStale` says otherwise. */
export function kept<T extends object>(get: () => Promise<T>, isStale: (value: T) => boolean): Kept<T> {
  let held: T | undefined;
  let coming: Promise<T> | undefined;
  const renew = (): Promise<T> => {
    coming ??= get()
      .then((value) => (held = value))
      .finally(() => (coming = undefined));
    return coming;
  };
  return {
    current: async () => (held === undefined || isStale(held) ? renew() : held),
    insteadOf: async (refused) => (held === undefined || held === refused ? renew() : held),
  };
}
