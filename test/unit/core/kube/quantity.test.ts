import { milliQuantity, normalQuantity } from "../../../../provider/core/kube/quantity";

test.each([
  ["0", 0n],
  ["1", 1_000n],
  ["0.5", 500n],
  ["500m", 500n],
  ["1.5", 1_500n],
  ["0.125", 125n],
  ["007", 7_000n],
  ["1k", 1_000_000n],
  ["400M", 400_000_000_000n],
  ["4G", 4_000_000_000_000n],
  ["1T", 10n ** 15n],
  ["1P", 10n ** 18n],
  ["1E", 10n ** 21n],
  ["1Ki", 1_024_000n],
  ["1.5Gi", 1_610_612_736_000n],
  ["1Mi", 1_048_576_000n],
  ["1Ti", 1_024n ** 4n * 1_000n],
  ["1Pi", 1_024n ** 5n * 1_000n],
  ["1Ei", 1_024n ** 6n * 1_000n],
  ["1e3", 1_000_000n],
  ["1E3", 1_000_000n],
  ["1.25e2", 125_000n],
  // Kubernetes rounds up to the smallest unit.
  ["0.0001", 1n],
  ["0.5m", 1n],
  ["1.0001", 1_001n],
])("[U] %s is %i thousandths", (text, value) => {
  expect(milliQuantity(text)).toBe(value);
});

test.each(["", "G", "1g", "1 G", "1GB", "-1", "1,5", "1K", "1mi", "1e", "one", "1Gi2", "0x1"])(
  "[U] %j is no quantity",
  (text) => {
    expect(milliQuantity(text)).toBeUndefined();
  },
);

test.each([
  ["4G", "4000M"],
  ["1", "1000m"],
  ["1Gi", "1024Mi"],
  ["2e3", "2k"],
  ["0.5", "500m"],
])("[U] %s and %s are the same", (one, two) => {
  expect(normalQuantity(one)).toBe(normalQuantity(two));
});

test.each([
  ["1G", "1Gi"],
  ["1", "1m"],
  ["1M", "1m"],
])("[U] %s and %s are not", (one, two) => {
  expect(normalQuantity(one)).not.toBe(normalQuantity(two));
});

test("[U] what is no quantity stays as it is written", () => {
  expect(normalQuantity("much")).toBe("much");
});
