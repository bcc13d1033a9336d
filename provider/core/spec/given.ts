import { defined } from "../kube/defined";
import { stableJson } from "../kube/hash";
import { isContiguousFromZero, readIndexSet } from "../kube/indexSet";
import { templateOf } from "./jobRun";
import { defaultOf } from "./schema";
import { comparable, mergeTemplates, withDefaults } from "./template";
import type { JobInputs, JobOnlyKey, JobRunInputs, JobTemplate, RunSpec, RunTemplate, TemplateSpec } from "./types";

/** Where an imported resource is. */
interface Named {
  readonly name: string;
  readonly namespace: string;
}

/** The inputs that make this job again: what an import writes into a program. Defaults are left out. */
export function givenJob({ name, namespace }: Named, spec: TemplateSpec): JobInputs {
  return { ...ownTemplate(spec, { image: "" }), ...imageOf(spec), name, namespace };
}

/** The inputs that make this run again. Defaults, and what its job says, are left out; `job` is the definition as it is now. */
export function givenRun({ namespace }: { namespace: string }, spec: RunSpec, job?: JobTemplate): JobRunInputs {
  const { name, arraySizeVariable, ignoreDisruptions } = spec;
  const more = defined({
    job: spec.job,
    arraySizeVariable,
    ignoreDisruptions: ignoreDisruptions === false ? ignoreDisruptions : undefined,
  });
  // What belongs to the job alone is the run's own only when that is stand-alone.
  const ofItself = spec.job === undefined ? imageOf(spec) : {};
  return { ...ownTemplate(spec, job ?? { image: "" }), ...ofItself, ...more, name, namespace };
}

function imageOf({ image, imagePullSecrets, serviceAccountName }: JobTemplate): Pick<JobTemplate, JobOnlyKey> {
  return { image, ...defined({ imagePullSecrets, serviceAccountName }) };
}

/** How a run says over what it inherits (Code Engine's rules of merging), told backwards. */
const differences: { readonly [Key in keyof RunTemplate]?: (own: RunTemplate, base: RunTemplate) => RunTemplate[Key] } =
  {
    env: (own, base) => added(own.env, base.env),
    envFrom: (own, base) => appended(own.envFrom, base.envFrom),
    mounts: (own, base) => added(own.mounts, base.mounts),
    labels: (own, base) => addedKeys(own.labels, base.labels),
    annotations: (own, base) => addedKeys(own.annotations, base.annotations),
  };

/** What the template says beyond the one that it inherits. */
function ownTemplate(spec: TemplateSpec, from: JobTemplate): RunTemplate {
  const inheritsMode = spec.mode === (from.mode ?? defaultOf("mode"));
  const base = withDefaults(mergeTemplates(from, inheritsMode ? {} : { mode: spec.mode }));
  const { image: _image, imagePullSecrets: _pull, serviceAccountName: _account, ...own } = templateOf(spec);
  const { arrayIndices, arraySize: _size, mode, ...rest } = own;
  const keys = (Object.keys(rest) as (keyof typeof rest)[]).filter((key) => !isSame(key, spec, base));
  const values = keys.map((key) => [key, differences[key] === undefined ? own[key] : differences[key](own, base)]);
  return {
    ...emptied(own, base),
    ...(Object.fromEntries(values) as RunTemplate),
    ...(!inheritsMode && { mode }),
    ...(arrayIndices !== base.arrayIndices && arrayOf(arrayIndices)),
  };
}

/** Lists and maps of the job that the run has emptied; those that are merged cannot be. */
function emptied(own: RunTemplate, { command, args, tolerations, nodeSelector }: RunTemplate): RunTemplate {
  const given = defined({
    command: command && [],
    args: args && [],
    tolerations: tolerations && [],
    nodeSelector: nodeSelector && {},
  });
  return Object.fromEntries(Object.entries(given).filter(([key]) => !(key in own)));
}

function isSame(key: keyof RunTemplate, spec: TemplateSpec, base: TemplateSpec): boolean {
  return stableJson(comparable(spec)[key]) === stableJson(comparable(base)[key]);
}

function arrayOf(arrayIndices: string): RunTemplate {
  const set = readIndexSet(arrayIndices);
  return isContiguousFromZero(set) ? { arraySize: (set[0]?.[1] ?? 0) + 1 } : { arrayIndices };
}

const isIn = (list: readonly unknown[], item: unknown): boolean =>
  list.some((other) => stableJson(other) === stableJson(item));

const added = <T>(own: readonly T[] = [], base: readonly T[] = []): readonly T[] =>
  own.filter((item) => !isIn(base, item));

function appended<T>(own: readonly T[] = [], base: readonly T[] = []): readonly T[] {
  const begins = stableJson(own.slice(0, base.length)) === stableJson(base);
  return begins ? own.slice(base.length) : own;
}

type TextMap = Readonly<Record<string, string>>;

function addedKeys(own: TextMap = {}, base: TextMap = {}): TextMap {
  return Object.fromEntries(Object.entries(own).filter(([key, value]) => base[key] !== value));
}
