/** A set of array indices as ascending, disjoint, non-adjacent ranges, both ends included. */
export type IndexSet = readonly (readonly [first: number, last: number])[];

/** Code Engine's largest index: seven digits. */
export const LARGEST_INDEX = 9_999_999;
/** Code Engine's limit for sets of any shape. */
export const MOST_INDICES = 1_000;
/** One Indexed Job carries 0…n-1 whatever n is, so such a set may be larger. */
export const MOST_CONTIGUOUS_INDICES = 10_000;

const item = /^(0|[1-9][0-9]{0,6})(?:-(0|[1-9][0-9]{0,6}))?$/;

/** Reads Code Engine's array syntax, such as `1-5, 7-8,10`. The error says what must be, for a message of the form *must …, got …*. */
export function parseIndexSet(text: string): { set: IndexSet } | { must: string } {
  if (text.trim() === "") return { must: "name at least one index: of an empty set there is nothing to run" };
  const ranges: [number, number][] = [];
  for (const part of text.split(",")) {
    const match = item.exec(
      part
        .split("-", 3)
        .map((end) => end.trim())
        .join("-"),
    );
    if (match === null) {
      return {
        must: `be a comma-separated list of indices and ranges from 0 to ${LARGEST_INDEX.toString()}, such as \`1-5,7-8,10\``,
      };
    }
    const first = Number(match[1]);
    const last = Number(match[2] ?? match[1]);
    if (last < first) return { must: `have ascending ranges: write \`${last.toString()}-${first.toString()}\`` };
    ranges.push([first, last]);
  }
  return withinLimits(joinRanges(ranges));
}

function withinLimits(set: IndexSet): { set: IndexSet } | { must: string } {
  const most = isContiguousFromZero(set) ? MOST_CONTIGUOUS_INDICES : MOST_INDICES;
  if (countIndices(set) <= most) return { set };
  return {
    must: `name at most ${MOST_INDICES.toString()} indices (${MOST_CONTIGUOUS_INDICES.toString()} when they are exactly 0 to n-1)`,
  };
}

function joinRanges(ranges: [number, number][]): IndexSet {
  const joined: [number, number][] = [];
  for (const [first, last] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const previous = joined.at(-1);
    if (previous !== undefined && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

/** The set of the given numbers, in any order. */
export function indexSetOf(indices: Iterable<number>): IndexSet {
  return joinRanges([...indices].map((index) => [index, index]));
}

/** Canonical text; two neighbours are a range already, as in Code Engine's own output. */
export function printIndexSet(set: IndexSet): string {
  return set
    .map(([first, last]) => (first === last ? first.toString() : `${first.toString()}-${last.toString()}`))
    .join(",");
}

/** How many indices the set has. */
export function countIndices(set: IndexSet): number {
  return set.reduce((count, [first, last]) => count + last - first + 1, 0);
}

/** Whether the set is exactly 0…n-1, the only shape an Indexed Job knows. */
export function isContiguousFromZero(set: IndexSet): boolean {
  return set.length === 1 && set[0]?.[0] === 0;
}

/** The indices of the first set that are not in the second. */
export function difference(one: IndexSet, other: IndexSet): IndexSet {
  const without = new Set(eachIndex(other));
  return indexSetOf([...eachIndex(one)].filter((index) => !without.has(index)));
}

/** The indices that are in either set. */
export function union(one: IndexSet, other: IndexSet): IndexSet {
  return joinRanges([...one, ...other].map(([first, last]) => [first, last]));
}

/** Every index, ascending. */
export function* eachIndex(set: IndexSet): Generator<number> {
  for (const [first, last] of set) for (let index = first; index <= last; index++) yield index;
}

/** Reads a set that Kubernetes or this module printed; anything else is our own mistake and throws. */
export function readIndexSet(text: string): IndexSet {
  if (text === "") return [];
  return joinRanges(
    text.split(",").map((part) => {
      const [first, last] = part.split("-").map(Number);
      if (first === undefined || Number.isNaN(first)) throw new Error(`not an index set: ${text}`);
      return [first, last ?? first];
    }),
  );
}
