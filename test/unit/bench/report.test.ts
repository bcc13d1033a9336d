import { describe, expect, it } from "@jest/globals";
import { isMet, page } from "../../bench/report";
import type { Figure, Plan, Result, Target } from "../../bench/results";
import { median, medianRatio, percentile } from "../../bench/statistics";

describe("statistics", () => {
  it.each([
    [[3], 3],
    [[4, 1, 3], 3],
    [[4, 1, 3, 2], 2.5],
  ])("the median of %j is %d", (values, middle) => {
    expect(median(values)).toBe(middle);
  });

  it("a ratio is the median of the pairs' ratios, not the ratio of the medians", () => {
    expect(medianRatio([1, 10, 6], [2, 10, 2])).toBe(1);
  });

  it.each([
    [0.5, 50],
    [0.99, 99],
    [1, 100],
  ])("the value that %d of a hundred do not exceed is %d", (part, value) => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentile(values, part)).toBe(value);
  });
});

const figure = (values: Figure["values"]): Figure => ({ name: "time", unit: "s", values });
const result = (values: Figure["values"]): Result => ({
  id: "P1",
  figures: [figure(values)],
  run: { date: "2026-01-05", commit: "abc", pairs: 2, parallel: 64, scale: 1, seconds: 9, load: [1, 2] },
});
const targetOf = (said: Partial<Target>): Target => ({ figure: "time", arms: ["O", "P"], ...said });

describe("a target", () => {
  it.each<[string, Partial<Target>, Figure["values"], boolean]>([
    ["at most, just reached", { atMost: 0.5 }, { O: [1], P: [2] }, true],
    ["at most, exceeded", { atMost: 0.4 }, { O: [1], P: [2] }, false],
    ["at least, just reached", { atLeast: 2 }, { O: [4], P: [2] }, true],
    ["at least, not reached", { atLeast: 2.1 }, { O: [4], P: [2] }, false],
    ["of one arm", { arms: ["O"], atMost: 3 }, { O: [1, 9, 3] }, true],
    ["whose other arm was not measured", { atMost: 9 }, { O: [1] }, false],
  ])("%s", (_title, target, values, met) => {
    expect(isMet(result(values), targetOf(target))).toBe(met);
  });
});

describe("the page", () => {
  const plans = (target: Partial<Target>): Plan[] => [
    { id: "P1", title: "cold start", work: "It starts.", notes: ["A note."], targets: [targetOf(target)] },
    { id: "P2", title: "no change", work: "Nothing.", targets: [] },
  ];

  it("shows the median, the least and the greatest of each arm, the ratio and the target, and says what was not run", () => {
    const text = page({ rows: [result({ O: [1, 2], P: [4, 4] })] }, plans({ atMost: 0.5 }));
    expect(text).toContain("| P1 | cold start: time |  | 4 s | 1.5 s (1 … 2) |  | O/P 0.375 | ≤ 0.5 | yes |");
    expect(text).toContain("| P2 | no change | not run |");
    expect(text).toContain("A note.");
    expect(text).not.toContain("Missed");
  });

  it("says that a row was not run whose target is newer than what was measured", () => {
    const text = page({ rows: [result({ O: [1], P: [4] })] }, plans({ figure: "a new one" }));
    expect(text).toContain("| P1 | cold start | not run |");
  });

  it("says why a target is missed, and that nobody has looked when nobody has", () => {
    const missed = (why: Partial<Target>): string =>
      page({ rows: [result({ O: [1], P: [2] })] }, plans({ atMost: 0.1, ...why }));
    expect(missed({ why: "the reason." })).toContain("Missed, O/P time: the reason.");
    expect(missed({})).toContain("Missed, O/P time: not looked into yet.");
  });
});
