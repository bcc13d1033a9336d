import {
  countIndices,
  eachIndex,
  indexSetOf,
  isContiguousFromZero,
  parseIndexSet,
  printIndexSet,
  readIndexSet,
} from "../../../../provider/core/kube/indexSet";

/** Canonical text, or what must be. */
function read(text: string): string {
  const parsed = parseIndexSet(text);
  return "set" in parsed ? printIndexSet(parsed.set) : `must ${parsed.must}`;
}

describe("array syntax", () => {
  test.each([
    ["0", "0"],
    ["7", "7"],
    ["9999999", "9999999"],
    ["0-4", "0-4"],
    ["1-5,7-8,10", "1-5,7-8,10"],
    ["3,12-14,25", "3,12-14,25"],
    ["5-5", "5"],
    // White space.
    [" 0 - 4 ", "0-4"],
    ["1 - 5", "1-5"],
    ["3, 7, 9", "3,7,9"],
    ["\t1\n,\r\n2 ", "1-2"],
    // Any order, repeated, overlapping, side by side.
    ["10,1", "1,10"],
    ["4,4,4", "4"],
    ["1-5,3-8", "1-8"],
    ["1-9,3-4", "1-9"],
    ["1-2,3-4", "1-4"],
    ["10,11", "10-11"],
    ["9,12-15", "9,12-15"],
    // At the limits.
    ["0-9999", "0-9999"],
    ["1-1000", "1-1000"],
    ["0,2-1000", "0,2-1000"],
    ["0-4999,5000-9999", "0-9999"],
  ])("[U] %j is read as %s", (text, canonical) => {
    expect(read(text)).toBe(canonical);
  });

  const grammar = "must be a comma-separated list of indices and ranges from 0 to 9999999, such as `1-5,7-8,10`";
  const empty = "must name at least one index: of an empty set there is nothing to run";
  const limit = "must name at most 1000 indices (10000 when they are exactly 0 to n-1)";

  test.each([
    ["", empty],
    [" ", empty],
    [",", grammar],
    ["1,", grammar],
    [",1", grammar],
    ["1,,2", grammar],
    ["-1", grammar],
    ["1-", grammar],
    ["1-2-3", grammar],
    ["1 2", grammar],
    ["01", grammar],
    ["00", grammar],
    ["1-02", grammar],
    ["+1", grammar],
    ["1.5", grammar],
    ["1e3", grammar],
    ["0x1", grammar],
    ["٣", grammar],
    ["1;2", grammar],
    ["1:2", grammar],
    ["a", grammar],
    ["10000000", grammar],
    ["0-10000000", grammar],
    ["5-1", "must have ascending ranges: write `1-5`"],
    ["0,9 - 3", "must have ascending ranges: write `3-9`"],
    ["1-1001", limit],
    ["0,2-1001", limit],
    ["0-10000", limit],
    ["0-9999999", limit],
    ["5,0-10000", limit],
  ])("[U] %j is refused", (text, must) => {
    expect(read(text)).toBe(must);
  });
});

describe("sets of indices", () => {
  test("[U] a set is made of numbers in any order, each counted once", () => {
    expect(printIndexSet(indexSetOf([9, 0, 2, 1, 2]))).toBe("0-2,9");
  });

  test("[U] no numbers make the empty set, whose text is empty and is read back", () => {
    expect(printIndexSet(indexSetOf([]))).toBe("");
    expect(readIndexSet("")).toEqual([]);
    expect([...eachIndex([])]).toEqual([]);
  });

  test("[U] indices come in ascending order", () => {
    expect([...eachIndex(readIndexSet("7,0-2"))]).toEqual([0, 1, 2, 7]);
  });

  test.each([
    ["0", 1],
    ["0-25", 26],
    ["3,12-14,25", 5],
    ["1-5,7-8,10", 8],
  ])("[U] %s has %i indices", (text, count) => {
    expect(countIndices(readIndexSet(text))).toBe(count);
  });

  test.each([
    ["0", true],
    ["0-4", true],
    ["", false],
    ["1", false],
    ["1-4", false],
    ["0,2", false],
  ])("[U] whether %j is exactly 0 to n-1: %s", (text, contiguous) => {
    expect(isContiguousFromZero(readIndexSet(text))).toBe(contiguous);
  });

  test("[U] text that neither Kubernetes nor we printed is a mistake of ours", () => {
    expect(() => readIndexSet("all")).toThrow("not an index set: all");
  });
});
