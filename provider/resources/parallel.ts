/** How many requests are under way at a time: the API server answers 10 as fast as 100, and refuses fewer. */
const CONCURRENCY = 10;

/** Does the work for every item, some at a time. The first failure ends it, and so does the signal. */
export async function forEachParallel<T>(
  items: Iterable<T>,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); next.done !== true && !failed; next = rest.next()) {
      if (signal?.aborted === true) throw new Error("the operation was interrupted");
      await work(next.value);
    }
  };
  const guarded = (): Promise<void> =>
    worker().catch((error: unknown) => {
      failed = true;
      throw error;
    });
  const ended = await Promise.allSettled(Array.from({ length: CONCURRENCY }, guarded));
  // Nothing is under way any more when this is told.
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}

/** Does the work for every item, some at a time, and hands on the results in the order of the items. The first failure ends it. */
export async function* inOrder<T, R>(items: Iterable<T>, work: (item: T) => Promise<R>): AsyncGenerator<R> {
  const rest = items[Symbol.iterator]();
  const under: Promise<R>[] = [];
  const begin = (): void => {
    const next = rest.next();
    if (next.done === true) return;
    const result = work(next.value);
    // It is told when its turn comes.
    result.catch(() => undefined);
    under.push(result);
  };
  for (let i = 0; i < CONCURRENCY; i++) begin();
  for (let first = under.shift(); first !== undefined; first = under.shift()) {
    const result = await first;
    begin();
    yield result;
  }
}
