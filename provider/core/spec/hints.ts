import { closest, distance } from "fastest-levenshtein";
import { milliQuantity } from "../kube/quantity";

/** The candidate that was probably meant; undefined when none is near. */
export function nearest(text: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0 || text.length > 40) return undefined;
  const best = closest(
    text.toLowerCase(),
    candidates.map((candidate) => candidate.toLowerCase()),
  );
  const near = distance(text.toLowerCase(), best) <= (best.length < 4 ? 1 : Math.max(2, Math.floor(best.length / 3)));
  return near ? candidates.find((candidate) => candidate.toLowerCase() === best) : undefined;
}

/** Help with a value of the wrong form, put behind the message; empty where there is none. */
export function hintFor(property: string, value: unknown): string {
  if (typeof value !== "string" || value.length > 200) return "";
  const meant = (hints[property] ?? noHint)(value).filter((text) => text !== "");
  return meant.length === 0 ? "" : `; did you mean ${meant.map((text) => `\`${text}\``).join(" or ")}?`;
}

const noHint = (): string[] => [];

const hints: Readonly<Record<string, (value: string) => string[]>> = {
  image: (value) =>
    [value.replace(/^[a-z]+:\/\//, "").toLowerCase()].filter(
      (text) => text !== value && /^[a-z0-9][a-z0-9./:@_-]*$/.test(text),
    ),
  name: (value) => [label(value)].filter((text) => text !== value),
  namespace: (value) => [label(value)].filter((text) => text !== value),
  job: (value) => [label(value)].filter((text) => text !== value),
  cpu: quantityHints,
  memory: byteHints,
  ephemeralStorage: byteHints,
  sizeLimit: byteHints,
};

function label(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
}

/** `4GB`, `4 G`, `4gb`: another way of writing what Kubernetes writes `4G` or `4Gi`. */
function byteHints(value: string): string[] {
  const [, number, unit = ""] = /^([0-9]+(?:[.][0-9]+)?)\s*([kmgtpe]?)i?b?$/i.exec(value.trim()) ?? [];
  if (number === undefined) return [];
  const letter = unit.toLowerCase() === "k" ? "k" : unit.toUpperCase();
  const meant =
    unit === ""
      ? [number]
      : value.toLowerCase().includes("b")
        ? [number + letter, `${number}${letter.toUpperCase()}i`]
        : [number + letter];
  return meant.filter((text) => milliQuantity(text) !== undefined);
}

function quantityHints(value: string): string[] {
  const compact = value.replaceAll(/\s|v?cpus?$|cores?$/gi, "");
  return compact !== value && milliQuantity(compact) !== undefined ? [compact] : [];
}
