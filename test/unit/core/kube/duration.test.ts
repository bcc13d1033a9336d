import { ageOf, parseDuration, printDuration } from "../../../../provider/core/kube/duration";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

describe("an age is printed as Kubernetes prints it", () => {
  test.each([
    [-1.5, "0s"],
    [-2.1, "<invalid>"],
    [0, "0s"],
    [1.9, "1s"],
    [70, "70s"],
    [2 * MINUTE - 1, "119s"],
    [2 * MINUTE, "2m"],
    [3 * MINUTE + 10, "3m10s"],
    [10 * MINUTE + 10, "10m"],
    [3 * HOUR - 1, "179m"],
    [3 * HOUR, "3h"],
    [7 * HOUR + 34 * MINUTE, "7h34m"],
    [8 * HOUR + 34 * MINUTE, "8h"],
    [2 * DAY - 1, "47h"],
    [2 * DAY + 15 * HOUR, "2d15h"],
    [3 * DAY, "3d"],
    [8 * DAY + HOUR, "8d"],
    [2 * YEAR - HOUR, "729d"],
    [2 * YEAR, "2y"],
    [2 * YEAR + 3 * DAY, "2y3d"],
    [8 * YEAR + 3 * DAY, "8y"],
  ])("[U] %d s: %s", (seconds, text) => {
    expect(printDuration(seconds)).toBe(text);
  });

  test("[U] of what has no time is unknown", () => {
    expect(ageOf(undefined, 0)).toBe("<unknown>");
    expect(ageOf("", 0)).toBe("<unknown>");
  });
});

describe("a span of time", () => {
  test.each([
    ["90s", 90],
    ["5m", 300],
    ["1h30m", 5_400],
    ["2d", 172_800],
    ["0s", 0],
    ["5", undefined],
    ["", undefined],
    ["m", undefined],
    ["1.5h", undefined],
    ["-5m", undefined],
    ["5 m", undefined],
  ])("[U] %s is %s seconds", (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });
});
