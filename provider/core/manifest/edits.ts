import { isPlainObject, stableJson } from "../kube/hash";
import { annotation } from "../kube/labels";
import { at, leadsTo, type Path, show } from "../kube/path";
import { normalQuantity } from "../kube/quantity";
import type { KubeObject } from "../kube/types";
import { type Writer, writersOf } from "./ownership";
import { ownPlaces, type Places } from "./places";

/** A field of an object of a run that somebody has changed in the cluster. */
export interface Edit {
  readonly path: Path;
  /** What it is now; undefined when it is not there. */
  readonly live: unknown;
  /** What it was made to be; undefined when it was left open. */
  readonly wanted: unknown;
}

/**
 * What somebody has changed by hand of the Job or Deployment that was made as `wanted`. Only what we have written is looked at,
 * and what kubectl has put into places that are the user's. Not told: defaults, what webhooks have made of our own writing, what others have
 * added, and what was written by us when something else was wanted.
 */
export function editsOf(found: KubeObject, wanted: KubeObject): Edit[] {
  const writer = writersOf(found);
  if (writer === undefined) return [];
  const places = ownPlaces(found, wanted);
  const isAsMade = revisionOf(found) === revisionOf(wanted);
  const changed = places.compared
    .flatMap((path) => compare(at(found, path), at(wanted, path), path))
    // What is missing may never have been written: by an earlier version, or before an update.
    .filter(({ path, live }) => (live === undefined ? isAsMade : writer(path) !== "we"));
  const added = additions(found, wanted, { places, writer });
  return whole([...changed, ...added], found, wanted);
}

const revisionOf = ({ metadata }: KubeObject): string | undefined => metadata.annotations?.[annotation.revision];

/** Lists whose items Kubernetes knows by a key of theirs; their order is nobody's change. */
const listKeys: Readonly<Record<string, string>> = {
  containers: "name",
  env: "name",
  volumes: "name",
  volumeMounts: "mountPath",
  imagePullSecrets: "name",
};

/** Half of such an item says nothing: a variable has a value or a source. */
const units: ReadonlySet<unknown> = new Set(["env", "volumes", "volumeMounts", "imagePullSecrets"]);

/** Maps that Kubernetes takes as a whole. */
const wholeMaps: ReadonlySet<unknown> = new Set(["nodeSelector"]);

function compare(found: unknown, wanted: unknown, path: Path): Edit[] {
  const name = path.at(-1);
  if (isSame(found, wanted, path)) return [];
  if (isPlainObject(wanted) && isPlainObject(found) && !wholeMaps.has(name))
    return Object.entries(wanted).flatMap(([key, member]) => compare(found[key], member, [...path, key]));
  if (!isKeyed(wanted, name)) return [{ path, live: found, wanted }];
  return itemsOf(wanted, name).flatMap(([step, item]) => compare(at(found, [step]), item, [...path, step]));
}

/** The server leaves out what is empty, and writes quantities in its own way; to what it takes as a whole it may add defaults. */
function isSame(found: unknown, wanted: unknown, path: Path): boolean {
  if (wanted === undefined) return true;
  if (found === undefined) return isEmpty(wanted) || (wanted === false && path.at(-1) === "readOnly");
  if (path.includes("resources") && typeof wanted === "string") return quantity(found) === normalQuantity(wanted);
  const isList = Array.isArray(wanted) && Array.isArray(found) && !isKeyed(wanted, path.at(-1));
  return isList ? isSameList(found, wanted) : stableJson(found) === stableJson(wanted);
}

function isSameList(found: readonly unknown[], wanted: readonly unknown[]): boolean {
  return found.length === wanted.length && wanted.every((item, i) => compare(found[i], item, []).length === 0);
}

const quantity = (value: unknown): string | undefined =>
  typeof value === "string" ? normalQuantity(value) : undefined;

const isEmpty = (value: unknown): boolean =>
  value === "" || (typeof value === "object" && value !== null && Object.keys(value).length === 0);

const isKeyed = (value: unknown, name: unknown): value is Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) && typeof name === "string" && name in listKeys;

/** The items of such a list, each with the step that leads to it. */
function itemsOf(list: unknown, name: unknown): [step: Exclude<Path[number], string>, item: unknown][] {
  if (!isKeyed(list, name)) return [];
  const key = listKeys[String(name)] ?? "";
  return list.map((item) => [{ key, value: String(item[key]) }, item]);
}

interface Around {
  readonly places: Places;
  readonly writer: (path: Path) => Writer;
}

/** What kubectl has written where we have written nothing: such a field of the program's container is no webhook's. */
function additions(found: KubeObject, wanted: KubeObject, { places, writer }: Around): Edit[] {
  const paths = places.open.flatMap((path): Path[] => {
    const name = path.at(-1);
    const live = at(found, path);
    return isKeyed(live, name) ? itemsOf(live, name).map(([step]) => [...path, step]) : [path];
  });
  return paths
    .map((path) => ({ path, live: at(found, path), wanted: at(wanted, path) }))
    .filter(({ path, live, wanted: made }) => made === undefined && live !== undefined && writer(path) === "kubectl");
}

/** The edits with what says something only as a whole taken as a whole, each once. */
function whole(edits: readonly Edit[], found: KubeObject, wanted: KubeObject): Edit[] {
  const paths = edits.map(({ path }) => {
    const unit = path.findIndex((step) => units.has(step));
    return unit === -1 ? path : path.slice(0, unit + 2);
  });
  const byPath = new Map(paths.map((path) => [show(path), path]));
  return [...byPath.values()].map((path) => ({ path, live: at(found, path), wanted: at(wanted, path) }));
}

/** Whether the edit lies there. */
export const liesIn = ({ path }: Edit, prefix: Path): boolean => leadsTo(path, prefix);

/** The object with every edited field as it is wanted, and all else as it is. */
export function mended<O extends KubeObject>(found: O, wanted: KubeObject, edits: readonly Edit[]): O {
  const copy = structuredClone(found);
  for (const { path, wanted: value } of edits) put(copy, wanted, { path, value });
  return copy;
}

interface Put {
  readonly path: Path;
  readonly value: unknown;
}

function put(object: object, model: object, { path, value }: Put): void {
  const step = path.at(-1);
  const parent = path.slice(0, -1);
  const holder = at(object, parent);
  if (holder === undefined) {
    // The whole of what it stood in is gone, too.
    put(object, model, { path: parent, value: at(model, parent) });
    return;
  }
  if (typeof step === "string") putMember(holder as Record<string, unknown>, step, value);
  else if (step !== undefined) putItem(holder as unknown[], at(model, parent), { step, value });
}

function putMember(holder: Record<string, unknown>, key: string, value: unknown): void {
  if (value === undefined) Reflect.deleteProperty(holder, key);
  else holder[key] = value;
}

interface PutItem {
  readonly step: Exclude<Path[number], string>;
  readonly value: unknown;
}

/** Variables refer to earlier ones: what comes back comes back to its place, behind the nearest one that stood before it. */
function putItem(list: unknown[], model: unknown, { step, value }: PutItem): void {
  const index = list.findIndex((item) => at([item], [step]) !== undefined);
  if (index !== -1) {
    list.splice(index, 1, ...(value === undefined ? [] : [value]));
    return;
  }
  const order = (model as Record<string, unknown>[]).map((item) => item[step.key]);
  const before = new Set(order.slice(0, order.indexOf(step.value)));
  const last = list.findLastIndex((item) => before.has((item as Record<string, unknown>)[step.key]));
  list.splice(last + 1, 0, value);
}
