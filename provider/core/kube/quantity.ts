const suffixes: Readonly<Record<string, bigint>> = {
  "": 1_000n,
  m: 1n,
  k: 1_000n ** 2n,
  M: 1_000n ** 3n,
  G: 1_000n ** 4n,
  T: 1_000n ** 5n,
  P: 1_000n ** 6n,
  E: 1_000n ** 7n,
  Ki: 1_024n * 1_000n,
  Mi: 1_024n ** 2n * 1_000n,
  Gi: 1_024n ** 3n * 1_000n,
  Ti: 1_024n ** 4n * 1_000n,
  Pi: 1_024n ** 5n * 1_000n,
  Ei: 1_024n ** 6n * 1_000n,
};

const form = /^([0-9]+)(?:[.]([0-9]+))?(?:(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)|[eE]([0-9]{1,2}))?$/;

/** A text that is the same for quantities of the same value, such as `4G` and `4000M`. */
export function normalQuantity(text: string): string {
  return milliQuantity(text)?.toString() ?? text;
}

/** A Kubernetes quantity in thousandths, rounded up as Kubernetes does; undefined when it is not one. */
export function milliQuantity(text: string): bigint | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, whole = "0", fraction = "", suffix = "", exponent = "0"] = match;
  const scaled = BigInt(whole + fraction) * (suffixes[suffix] ?? 1_000n) * 10n ** BigInt(exponent);
  const divisor = 10n ** BigInt(fraction.length);
  return (scaled + divisor - 1n) / divisor;
}
