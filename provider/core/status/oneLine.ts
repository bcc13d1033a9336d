/** Longer messages of Kubernetes or a program hide what stands beside them. */
const LONGEST = 300;

/** The text on one line, and not too long: it becomes part of a row or a table. */
export function oneLine(text: string): string;
export function oneLine(text: string | undefined): string | undefined;
export function oneLine(text: string | undefined): string | undefined {
  const flat = text?.replaceAll(/\s+/g, " ").trim();
  return flat !== undefined && flat.length > LONGEST ? `${flat.slice(0, LONGEST)}…` : flat;
}
