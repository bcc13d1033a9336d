import type { RunView } from "./runStatus";
import type { PodView } from "./types";

const MASK = "[secret]";
/** Shorter pieces are found in every text: masking them tells more than it hides. */
const SHORTEST_LINE = 3;
const SHORTEST_PIECE = 6;

/**
 * The text without the secret values, also where a program has printed them in base64 or line by line,
 * and where the beginning or end of the text cuts one.
 */
export function maskSecrets(text: string, values: readonly string[]): string {
  const forms = [...new Set(values.flatMap(formsOf))].toSorted((a, b) => b.length - a.length);
  const whole = forms.reduce((masked, form) => masked.replaceAll(form, MASK), text);
  return forms.reduce(maskCut, whole);
}

function formsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const encoded = Buffer.from(value).toString("base64");
  return [value, value.trim(), ...lines.filter(({ length }) => length >= SHORTEST_LINE), encoded].filter(Boolean);
}

/** The kubelet keeps the last 4096 bytes of a message. */
function maskCut(text: string, form: string): string {
  const lengths = Array.from({ length: Math.max(0, form.length - SHORTEST_PIECE) }, (_, i) => form.length - 1 - i);
  const atStart = lengths.find((length) => text.startsWith(form.slice(-length)));
  const rest = atStart === undefined ? text : MASK + text.slice(atStart);
  const atEnd = lengths.find((length) => rest.endsWith(form.slice(0, length)));
  return atEnd === undefined ? rest : rest.slice(0, -atEnd) + MASK;
}

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
