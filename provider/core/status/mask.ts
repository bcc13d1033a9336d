import type { RunView } from "./runStatus";
import type { PodView } from "./types";

const MASK = "[secret]";
/** Shorter pieces are found in every text: masking them tells more than it hides. */
const SHORTEST_LINE = 3;
export const SHORTEST_PIECE = 6;

/** Where a text may begin or end within a secret value. */
export interface Cuts {
  readonly start: boolean;
  readonly end: boolean;
}

/**
 * The text without the secret values, also where a program has printed them in base64, line by line or broken into lines,
 * and where the beginning or end of the text cuts one.
 */
export function maskSecrets(text: string, values: readonly string[], cuts: Cuts = { start: true, end: true }): string {
  return maskForms(text, secretForms(values), cuts);
}

/** The forms in which programs print secret values, the longest first. */
export function secretForms(values: readonly string[]): readonly string[] {
  return [...new Set(values.flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
}

/** The text without these forms of secret values. */
export function maskForms(text: string, forms: readonly string[], { start, end }: Cuts): string {
  const whole = forms.reduce((masked, form) => masked.replaceAll(form, MASK), text);
  const long = forms.map(flat).filter(({ length }) => length >= SHORTEST_PIECE);
  const broken = maskBroken(whole, long);
  const begun = start ? long.reduce(maskStart, broken) : broken;
  return end ? long.reduce(maskEnd, begun) : begun;
}

function formsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const encoded = Buffer.from(value).toString("base64");
  return [value, value.trim(), ...lines.filter(({ length }) => length >= SHORTEST_LINE), encoded].filter(Boolean);
}

/** The text as it would be on one line. */
export const flat = (text: string): string => text.replaceAll(/[\r\n]/g, "");

/** `base64`, `fold` and many loggers break long lines, wherever that is. */
function maskBroken(text: string, forms: readonly string[]): string {
  const whole = flat(text);
  if (whole === text) return text;
  const broken = forms.filter((form) => whole.includes(form));
  return broken.reduce((masked, form) => masked.replaceAll(brokenUp(form), MASK), text);
}

function brokenUp(form: string): RegExp {
  const characters = Array.from(form, (character) => character.replace(/[\\^$.*+?()[\]{}|/]/, "\\$&"));
  return new RegExp(characters.join("[\\r\\n]*"), "g");
}

/** The kubelet keeps the last 4096 bytes of a message; a tail begins and ends anywhere. */
function maskStart(text: string, form: string): string {
  const start = longest(form.length, (length) => lead(text, form.slice(-length)));
  return start === undefined ? text : MASK + text.slice(start);
}

function maskEnd(text: string, form: string): string {
  const [backwards, mirrored] = [reversed(text), reversed(form)];
  const end = longest(form.length, (length) => lead(backwards, mirrored.slice(-length)));
  return end === undefined ? text : text.slice(0, -end) + MASK;
}

/** The first answer for a piece of less than the whole, the longest first. */
function longest(whole: number, answer: (length: number) => number | undefined): number | undefined {
  for (let length = whole - 1; length >= SHORTEST_PIECE; length--) {
    const found = answer(length);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** How much of the text the piece takes up at its beginning, with line breaks in between; undefined when it is not there. */
function lead(text: string, piece: string): number | undefined {
  let at = 0;
  for (let i = 0; i < piece.length; i++, at++) {
    while (isBreak(text[at])) at++;
    if (text[at] !== piece[i]) return undefined;
  }
  return at;
}

const isBreak = (character: string | undefined): boolean => character === "\n" || character === "\r";

const reversed = (text: string): string => text.split("").reverse().join("");

/** What is seen of a run, with the secret values masked in what its programs said; without the values, what they said is left out. */
export function maskView(view: RunView, values: readonly string[] | undefined): RunView {
  return values?.length === 0 ? view : { ...view, pods: view.pods.map((pod) => maskPod(pod, values)) };
}

function maskPod(pod: PodView, values: readonly string[] | undefined): PodView {
  if (pod.container?.message === undefined) return pod;
  const { message, ...container } = pod.container;
  return {
    ...pod,
    container: { ...container, ...(values !== undefined && { message: maskSecrets(message, values) }) },
  };
}
