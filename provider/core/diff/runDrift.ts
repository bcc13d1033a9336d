import { countIndices, difference, indexSetOf, printIndexSet, readIndexSet } from "../kube/indexSet";
import { label } from "../kube/labels";
import type { Deployment, KubeObject } from "../kube/types";
import { editsOf } from "../manifest/edits";
import { isRescaled } from "../manifest/repair";
import type { JobRunInputs, RunSpec } from "../spec/types";
import { editedKey, wordFor } from "./editedInputs";
import { liveEnv, liveInput } from "./liveInputs";

/** What somebody has changed of a run in the cluster. */
export interface RunDrift {
  /** Live values of the inputs that differ, of the first index in which they do; null: not there any more. */
  readonly live: Readonly<Record<string, unknown>>;
  /** All that differs, in words, with its indices. */
  readonly told: string;
}

/** A Job or Deployment of a run, as it was made and as it is. */
export interface Pair {
  readonly wanted: KubeObject;
  readonly found: KubeObject | undefined;
}

interface Whole {
  readonly inputs: JobRunInputs;
  readonly spec: RunSpec;
  /** Secret variables whose values in the cluster are other ones. */
  readonly lostSecrets: readonly string[];
}

/** Compares the objects of a run with what they were made as; undefined when nobody has changed them. */
export function runDrift(whole: Whole, pairs: Iterable<Pair>): RunDrift | undefined {
  const findings = [...pairs].flatMap((pair) => findingsOf(whole, pair));
  const gone = findings.filter(({ isGone }) => isGone).map(({ index }) => index);
  // The first index that differs comes last, and so stays.
  const live = Object.assign({}, ...findings.toReversed().map((finding) => finding.live)) as RunDrift["live"];
  const { inputs } = whole;
  const lost = secretsOf({ ...whole, inputs: { ...inputs, ...live } });
  if (findings.length === 0 && lost === undefined) return undefined;
  const indices = gone.length === 0 ? {} : { arrayIndices: without(whole.spec, gone) };
  return { live: { ...live, ...indices, ...lost?.live }, told: tell(whole.spec, findings, lost?.told) };
}

/** One thing that somebody has changed of one index. */
interface Finding {
  readonly index: number;
  readonly word: string;
  readonly live: Readonly<Record<string, unknown>>;
  /** The index is not there any more. */
  readonly isGone: boolean;
}

function findingsOf({ inputs, spec }: Whole, { wanted, found }: Pair): Finding[] {
  const index = Number(wanted.metadata.labels?.[label.index] ?? 0);
  const scale = scaleOf({ wanted, found });
  const scaled = scale === undefined ? [] : [{ index, word: `replicas (${scale})`, live: {}, isGone: scale === 0 }];
  if (found === undefined) return scaled;
  const edits = editsOf(found, wanted).map((edit) => ({ edit, key: editedKey(edit, spec, wanted) }));
  const byKey = Map.groupBy(edits, ({ key }) => key);
  const edited = edits.map(({ edit, key }): Finding => {
    const all = byKey.get(key)?.map((one) => one.edit) ?? [];
    const live = key === undefined ? {} : { [key]: liveInput(key, { inputs, spec, found, wanted, edits: all }) };
    return { index, word: wordFor(edit, key), live, isGone: false };
  });
  return [...scaled, ...edited];
}

/** All words, each with its indices where the run has several. */
function tell({ arraySize }: RunSpec, findings: readonly Finding[], more: readonly string[] = []): string {
  const phrases = [...Map.groupBy(findings, ({ word }) => word)].map(([word, some]) =>
    arraySize === 1 ? word : `${word} of index ${print(some.map(({ index }) => index))}`,
  );
  return [...phrases, ...more].join("; ");
}

const print = (indices: readonly number[]): string => printIndexSet(indexSetOf(indices));

function without({ arrayIndices }: RunSpec, gone: readonly number[]): string {
  const left = difference(readIndexSet(arrayIndices), indexSetOf(gone));
  return countIndices(left) === 0 ? "" : printIndexSet(left);
}

/** How many instances the Deployment of an index has, when that is not what it was left with; none when it is gone. */
function scaleOf({ wanted, found }: Pair): number | undefined {
  if (wanted.kind !== "Deployment") return undefined;
  if (found === undefined) return 0;
  const deployment: Deployment = found;
  return isRescaled(deployment) ? (deployment.spec?.replicas ?? 1) : undefined;
}

function secretsOf({ inputs, spec, lostSecrets }: Whole): { live: object; told: string[] } | undefined {
  if (lostSecrets.length === 0) return undefined;
  const env = liveEnv({ inputs, spec }, new Map(lostSecrets.map((name) => [name, undefined])));
  return { live: { env }, told: [`the secret values of ${lostSecrets.join(", ")}`] };
}
