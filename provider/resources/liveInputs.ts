import type { Hidden } from "./contract";

/** The inputs as the engine is to show them: with what the cluster has where somebody has changed it. */
export function shownInputs<I extends object>({ inputs, live = {} }: Hidden<I>): I {
  const entries = Object.entries(live).map(([key, value]) => [key, value ?? undefined] as const);
  // The indices say what the size says.
  const size = "arrayIndices" in live ? { arraySize: undefined } : {};
  return { ...inputs, ...size, ...Object.fromEntries(entries) };
}
