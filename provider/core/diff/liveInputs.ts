import { isPlainObject } from "../kube/hash";
import { at } from "../kube/path";
import type { KubeObject } from "../kube/types";
import type { Edit } from "../manifest/edits";
import { refersTo, secretNameOf } from "../manifest/env";
import { POD } from "../manifest/places";
import type { EnvVar, JobRunInputs, Mount, RunSpec } from "../spec/types";
import { type EditedKey, editedName, liveContainer } from "./editedInputs";

/** Where edits of one input are read from. */
export interface Edited {
  readonly inputs: JobRunInputs;
  readonly spec: RunSpec;
  readonly found: KubeObject;
  readonly wanted: KubeObject;
  readonly edits: readonly Edit[];
}

/** What the input is in the cluster, as a user would write it; null when it is not there any more. */
export function liveInput(key: EditedKey, edited: Edited): unknown {
  return (special[key] ?? plainly)(edited);
}

const plainly = ({ edits }: Edited): unknown => edits[0]?.live ?? null;

const special: Partial<Record<EditedKey, (edited: Edited) => unknown>> = {
  env: ({ edits, ...rest }) =>
    liveEnv(rest, new Map(edits.map((edit) => [editedName(edit), edit.live as EnvVar | undefined]))),
  mounts: liveMounts,
  labels: ({ inputs, edits }) => liveMap(inputs.labels, edits),
  annotations: ({ inputs, edits }) => liveMap(inputs.annotations, edits),
  // What holds `restricted` together is not there as a whole.
  podSecurity: () => "baseline",
  runAsUser: ({ edits }) => (isPlainObject(edits[0]?.live) ? null : plainly({ edits } as Edited)),
  imagePullSecrets: ({ found }) => {
    const secrets = (at(found, [...POD, "imagePullSecrets"]) ?? []) as { name: string }[];
    return secrets.map(({ name }) => name);
  },
};

/** The run's own entries, with a change of each entry that somebody has changed; what is the job's is added, and what is gone left out. */
function merged<T>(own: readonly T[], changes: ReadonlyMap<string, T | undefined>, nameOf: (entry: T) => string): T[] {
  const names = new Set(own.map(nameOf));
  const kept = own.flatMap((entry) => {
    const name = nameOf(entry);
    return changes.has(name) ? (changes.get(name) ?? []) : entry;
  });
  return [...kept, ...[...changes].flatMap(([name, entry]) => (names.has(name) ? [] : (entry ?? [])))];
}

/** A secret variable is shown without a value: the live one is nobody's to see. So is one of the job's that is gone. */
export function liveEnv(
  { inputs, spec }: Pick<Edited, "inputs" | "spec">,
  changes: ReadonlyMap<string, EnvVar | undefined>,
): EnvVar[] {
  const own = inputs.env ?? [];
  const secrets = spec.env.filter((entry) => entry.secret === true || refersTo(entry, secretNameOf(spec)));
  const bare = new Set(secrets.map(({ name }) => name));
  const isOwn = (name: string): boolean => own.some((entry) => entry.name === name);
  const shown = [...changes].map(([name, live]): [string, EnvVar | undefined] => {
    const hidden = bare.has(name) || (live === undefined && !isOwn(name));
    return [name, hidden ? { name } : live];
  });
  return merged(own, new Map(shown), ({ name }) => name);
}

function liveMap(own: Readonly<Record<string, string>> = {}, edits: readonly Edit[]): object {
  const changes = edits.map((edit) => [editedName(edit), edit.live] as const);
  const live = { ...own, ...Object.fromEntries(changes) };
  // What is the job's and gone cannot be left out of the run's own.
  return Object.fromEntries(
    Object.entries(live).flatMap(([key, value]) =>
      value !== undefined ? [[key, value]] : key in own ? [] : [[key, ""]],
    ),
  );
}

interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly subPath?: string;
  readonly readOnly?: boolean;
}

interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string };
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly emptyDir?: object;
}

function liveMounts({ inputs, spec, found, wanted, edits }: Edited): Mount[] {
  const volumes = (at(found, [...POD, "volumes"]) ?? []) as Volume[];
  const mounts = (at(liveContainer(found, wanted), ["volumeMounts"]) ?? []) as VolumeMount[];
  const made = (at(liveContainer(wanted, wanted), ["volumeMounts"]) ?? []) as VolumeMount[];
  // An edit names a volume or a path.
  const paths = edits.map((edit) => {
    const name = editedName(edit);
    return made.find((mount) => mount.name === name)?.mountPath ?? name;
  });
  const live = paths.map((mountPath): [string, Mount | undefined] => {
    const mount = mounts.find((candidate) => candidate.mountPath === mountPath);
    const isJobs =
      spec.mounts?.some((entry) => entry.mountPath === mountPath) === true && !isOwnMount(inputs, mountPath);
    if (mount === undefined) return [mountPath, isJobs ? { mountPath } : undefined];
    return [
      mountPath,
      toMount(
        mount,
        volumes.find(({ name }) => name === mount.name),
      ),
    ];
  });
  return merged(inputs.mounts ?? [], new Map(live), ({ mountPath }) => mountPath);
}

const isOwnMount = ({ mounts = [] }: JobRunInputs, path: string): boolean =>
  mounts.some(({ mountPath }) => mountPath === path);

function toMount({ mountPath, subPath, readOnly }: VolumeMount, volume: Volume | undefined): Mount {
  const { configMap, secret, persistentVolumeClaim: claim, emptyDir } = volume ?? { name: "" };
  return {
    mountPath,
    ...(configMap && { configMap: configMap.name }),
    ...(secret && { secret: secret.secretName }),
    ...(claim && { persistentVolumeClaim: claim.claimName }),
    ...(emptyDir && { emptyDir }),
    ...(subPath !== undefined && { subPath }),
    ...(readOnly !== undefined && { readOnly }),
  };
}
