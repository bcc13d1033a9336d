import { defined } from "../../../../provider/core/kube/defined";
import { isPlainObject, shortHash, stableJson } from "../../../../provider/core/kube/hash";

test("[U] the order of keys does not matter, at any depth", () => {
  const [one, two] = [
    { a: 1, b: { c: [{ d: 2, e: 3 }], f: null } },
    { b: { f: null, c: [{ e: 3, d: 2 }] }, a: 1 },
  ];
  expect(stableJson(one)).toBe(stableJson(two));
  expect(shortHash(one, 12)).toBe(shortHash(two, 12));
});

test("[U] a member without a value is no member", () => {
  expect(stableJson({ a: undefined, b: 1 })).toBe('{"b":1}');
});

test.each([
  ["lists in another order", [1, 2], [2, 1]],
  ["a number and its text", 1, "1"],
  ["an empty list and an empty object", [], {}],
  ["null and nothing", { a: null }, {}],
  ["a key named __proto__", JSON.parse('{"__proto__": 1}'), {}],
])("[U] different values differ: %s", (_title, one, two) => {
  expect(stableJson(one)).not.toBe(stableJson(two));
  expect(shortHash(one, 12)).not.toBe(shortHash(two, 12));
});

test.each([1, 7, 12])("[U] a hash of %i characters has that length and fits a Kubernetes name", (length) => {
  expect(shortHash("x", length)).toMatch(new RegExp(`^[a-z0-9]{${length}}$`));
});

test.each([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  ["text", false],
  [undefined, false],
])("[U] whether %j is an object with keys: %s", (value, plain) => {
  expect(isPlainObject(value)).toBe(plain);
});

test("[U] undefined members are left out, all other empty values stay", () => {
  expect(Object.entries(defined({ a: undefined, b: null, c: 0, d: "", e: false }))).toEqual([
    ["b", null],
    ["c", 0],
    ["d", ""],
    ["e", false],
  ]);
});
