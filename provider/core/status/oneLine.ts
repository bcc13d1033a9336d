/** Longer messages of Kubernetes or a program hide what stands beside them. */
const LONGEST = 300;

/** The text on one line, and not too long: it becomes part of a row or a table. */
export function oneLine(text: string, longest?: number): string;
export function oneLine(text: string | undefined, longest?: number): string | undefined;
export function oneLine(text: string | undefined, longest = LONGEST): string | undefined {
  const flat = text?.replaceAll(/\s+/g, " ").trim();
  return flat !== undefined && flat.length > longest ? `${flat.slice(0, longest)}…` : flat;
}
