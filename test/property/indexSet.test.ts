import fc from "fast-check";
import {
  countIndices,
  eachIndex,
  type IndexSet,
  indexSetOf,
  parseIndexSet,
  printIndexSet,
  readIndexSet,
} from "../../provider/core/kube/indexSet";

const numbers = fc.array(fc.oneof(fc.nat(40), fc.nat(9_999_999)), { minLength: 1, maxLength: 40 });

function parsed(text: string): IndexSet {
  const result = parseIndexSet(text);
  if ("must" in result) throw new Error(`${text} must ${result.must}`);
  return result.set;
}

test("[P] what is printed is read back as the same set, by either reader", () => {
  fc.assert(
    fc.property(numbers.map(indexSetOf), (set) => {
      expect(parsed(printIndexSet(set))).toEqual(set);
      expect(readIndexSet(printIndexSet(set))).toEqual(set);
    }),
  );
});

test("[P] canonical text is its own canonical text", () => {
  fc.assert(
    fc.property(numbers, (indices) => {
      const canonical = printIndexSet(parsed(indices.join(",")));
      expect(printIndexSet(parsed(canonical))).toBe(canonical);
    }),
  );
});

test("[P] neither order nor repetition nor white space matters", () => {
  fc.assert(
    fc.property(numbers, fc.constantFrom(",", " ,", ", ", "\t,\n"), (indices, comma) => {
      const canonical = printIndexSet(parsed(indices.join(",")));
      const other = [...indices.toReversed(), ...indices].join(comma);
      expect(printIndexSet(parsed(` ${other} `))).toBe(canonical);
    }),
  );
});

test("[P] a set counts as many indices as it yields: the distinct ones, ascending", () => {
  fc.assert(
    fc.property(numbers, (indices) => {
      const set = indexSetOf(indices);
      const all = [...eachIndex(set)];
      expect(all).toEqual([...new Set(indices)].toSorted((a, b) => a - b));
      expect(countIndices(set)).toBe(all.length);
    }),
  );
});

test("[P] ranges are ascending, disjoint and not adjacent", () => {
  fc.assert(
    fc.property(numbers, (indices) => {
      const ends = indexSetOf(indices).flat();
      for (const [i, end] of ends.entries())
        if (i % 2 === 1) expect(ends[i + 1] ?? Infinity).toBeGreaterThan(end + 1);
        else expect(ends[i + 1]).toBeGreaterThanOrEqual(end);
    }),
  );
});

test("[P] any text is either read or refused in words, and never throws", () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom("0", "1", "9", ",", "-", " ") }));
  fc.assert(
    fc.property(text, (words) => {
      const result = parseIndexSet(words);
      if ("must" in result) expect(result.must).toMatch(/^(be|have|name) /);
      else expect(countIndices(result.set)).toBeGreaterThan(0);
    }),
  );
});
