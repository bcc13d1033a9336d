import { isPlainObject } from "../../../provider/core/kube/hash";
import type { KubeObject } from "../../../provider/core/kube/types";

type Fields = { readonly [step: string]: Fields };

const keys: Readonly<Record<string, string>> = {
  containers: "name",
  env: "name",
  volumes: "name",
  volumeMounts: "mountPath",
  imagePullSecrets: "name",
};

/** The fields of a value as `fieldsV1` names them; those alone that `before` has not, or has otherwise. */
function fieldsOf(value: unknown, name = "", before?: unknown): Fields | undefined {
  if (JSON.stringify(value) === JSON.stringify(before)) return undefined;
  const steps = stepsOf(value, name);
  if (steps === undefined) return {};
  const known = new Map(stepsOf(before, name)?.map(([step, member]) => [step, member]));
  const members = steps.flatMap(([step, member, key]) => {
    const fields = fieldsOf(member, key, known.get(step));
    return fields === undefined ? [] : [[step, fields] as const];
  });
  return Object.fromEntries(members);
}

/** Undefined of what the server takes as a whole. */
function stepsOf(value: unknown, name: string): [step: string, member: unknown, name: string][] | undefined {
  if (isPlainObject(value) && name !== "nodeSelector")
    return Object.entries(value).map(([key, member]) => [`f:${key}`, member, key]);
  const key = keys[name];
  if (!Array.isArray(value) || key === undefined) return undefined;
  return value.map((item: Record<string, unknown>) => [`k:${JSON.stringify({ [key]: item[key] })}`, item, ""]);
}

function minus(one: Fields, other: Fields): Fields {
  return Object.fromEntries(
    Object.entries(one).flatMap(([step, fields]) => {
      const taken = other[step];
      if (taken === undefined) return [[step, fields]];
      const left = minus(fields, taken);
      return Object.keys(left).length === 0 ? [] : [[step, left]];
    }),
  );
}

const US = "pulumi-jobrun";

/** The object as the API server has it after we have written it: everything in it counts as ours, also what a webhook made of it. */
export function writtenByUs<O extends KubeObject>(object: O): O {
  const { managedFields: _fields, ...metadata } = object.metadata;
  const own = { ...object, metadata };
  return { ...own, metadata: { ...metadata, managedFields: [{ manager: US, fieldsV1: fieldsOf(own) ?? {} }] } };
}

/** The object after somebody has changed it. */
export function editedBy<O extends KubeObject>(manager: string, before: O, change: (draft: O) => void): O {
  const after = structuredClone(before);
  change(after);
  const theirs = fieldsOf(plain(after), "", plain(before)) ?? {};
  const { managedFields = [] } = before.metadata;
  const kept = managedFields.map(({ fieldsV1 = {}, ...entry }) => ({
    ...entry,
    fieldsV1: minus(fieldsV1 as Fields, theirs),
  }));
  return { ...after, metadata: { ...after.metadata, managedFields: [...kept, { manager, fieldsV1: theirs }] } };
}

function plain({ metadata: { managedFields: _fields, ...metadata }, ...rest }: KubeObject): object {
  return { ...rest, metadata };
}
