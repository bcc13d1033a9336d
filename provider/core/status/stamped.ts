import { maskSecrets } from "./mask";

/** A line as the kubelet stamps it. */
const STAMPED = /^(\S+) (.*)$/;

/**
 * Masks a log whose lines begin with their times. A secret that is spread over lines is found in the lines without these;
 * no line's time is known any more then, and none is shown.
 */
export function maskStamped(text: string, values: readonly string[]): string {
  const lines = text.split("\n").map((line) => STAMPED.exec(line) ?? [line, "", line]);
  const masked = maskSecrets(lines.map(([, , words = ""]) => words).join("\n"), values).split("\n");
  if (masked.length !== lines.length) return masked.join("\n");
  return masked.map((words, i) => [lines[i]?.[1] ?? "", words].filter((part) => part !== "").join(" ")).join("\n");
}
