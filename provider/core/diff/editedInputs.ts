import { at, leadsTo, type Path, show } from "../kube/path";
import type { KubeObject } from "../kube/types";
import { ownVariables } from "../kube/variables";
import type { Edit } from "../manifest/edits";
import { containerAt, POD, programOf, TEMPLATE } from "../manifest/places";
import type { RunSpec } from "../spec/types";
import type { JobRunInputs } from "../spec/types.generated";

/** An input of a run that somebody may change in the cluster. */
export type EditedKey = keyof JobRunInputs;

/** Fields of the program's container, and what they are called as inputs. */
const ofContainer: readonly [path: Path, key: EditedKey][] = [
  [["image"], "image"],
  [["imagePullPolicy"], "imagePullPolicy"],
  [["command"], "command"],
  [["args"], "args"],
  [["env"], "env"],
  [["envFrom"], "envFrom"],
  [["volumeMounts"], "mounts"],
  ...(["limits", "requests"] as const).flatMap((kind): [Path, EditedKey][] => [
    [["resources", kind, "cpu"], "cpu"],
    [["resources", kind, "memory"], "memory"],
    [["resources", kind, "ephemeral-storage"], "ephemeralStorage"],
  ]),
  [["securityContext", "runAsUser"], "runAsUser"],
];

const elsewhere: readonly [path: Path, key: EditedKey][] = [
  [[...POD, "nodeSelector"], "nodeSelector"],
  [[...POD, "tolerations"], "tolerations"],
  [[...POD, "priorityClassName"], "priorityClassName"],
  [[...POD, "terminationGracePeriodSeconds"], "terminationGracePeriodSeconds"],
  [[...POD, "serviceAccountName"], "serviceAccountName"],
  [[...POD, "imagePullSecrets"], "imagePullSecrets"],
  [[...POD, "volumes"], "mounts"],
  [["metadata", "labels"], "labels"],
  [[...TEMPLATE, "metadata", "labels"], "labels"],
  [[...TEMPLATE, "metadata", "annotations"], "annotations"],
  [["spec", "activeDeadlineSeconds"], "maxExecutionTime"],
  [["spec", "ttlSecondsAfterFinished"], "retention"],
];

/** The input that the edited field follows from; undefined when it follows from none. */
export function editedKey({ path }: Edit, spec: RunSpec, wanted: KubeObject): EditedKey | undefined {
  const container = containerAt(programOf(wanted));
  const key = leadsTo(path, container)
    ? keyInContainer(path.slice(container.length), spec)
    : elsewhere.find(([prefix]) => leadsTo(path, prefix))?.[1];
  return isOwn(key, path, spec) ? undefined : key;
}

function keyInContainer(path: Path, { podSecurity }: RunSpec): EditedKey | undefined {
  const key = ofContainer.find(([prefix]) => leadsTo(path, prefix))?.[1];
  if (key !== undefined || path[0] !== "securityContext") return key;
  return podSecurity === "restricted" ? "podSecurity" : "runAsUser";
}

/** Labels, annotations and variables that every run sets itself follow from no input. */
function isOwn(key: EditedKey | undefined, path: Path, spec: RunSpec): boolean {
  const name = nameOf(path);
  if (key === "labels" || key === "annotations") return !(name in (spec[key] ?? {}));
  return key === "env" && isOwnVariable(name, spec);
}

function isOwnVariable(name: string, { platform = {}, env }: RunSpec): boolean {
  return ownVariables.has(name) || (name in platform && !env.some((entry) => entry.name === name));
}

const nameOf = (path: Path): string => {
  const last = path.at(-1) ?? "";
  return typeof last === "string" ? last : last.value;
};

const named: ReadonlySet<EditedKey | undefined> = new Set<EditedKey>(["env", "mounts", "labels", "annotations"]);

/** How messages call what was edited: `image`, `env DEBUG`, `spec.strategy.type`. */
export function wordFor({ path }: Edit, key: EditedKey | undefined): string {
  if (key === undefined) return show(path);
  return named.has(key) ? `${key} ${nameOf(path)}` : key;
}

/** The name of what was edited in a list or map: a variable, a label, a path. */
export const editedName = ({ path }: Edit): string => nameOf(path);

/** The program's container as it is. */
export const liveContainer = (found: KubeObject, wanted: KubeObject): unknown =>
  at(found, containerAt(programOf(wanted)));
