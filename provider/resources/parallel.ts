/** How many requests are under way at a time: the API server answers 10 as fast as 100, and refuses fewer. */
const CONCURRENCY = 10;

/** Does the work for every item, some at a time; the first failure ends it. */
export async function forEachParallel<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const rest = items[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); next.done !== true; next = rest.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}
