import { isPlainObject } from "./hash";

/** A step into an object: a key, or the item of a list that has that value at that key. */
export type Step = string | { readonly key: string; readonly value: string };

/** The way to a field of an object. */
export type Path = readonly Step[];

/** What stands there; undefined where the way ends before. */
export function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((here, step) => {
    if (typeof step === "string") return isPlainObject(here) ? here[step] : undefined;
    return Array.isArray(here) ? here.find((item: unknown) => isItem(item, step)) : undefined;
  }, value);
}

/** Whether it is the item that the step names. */
export function isItem(item: unknown, { key, value }: Exclude<Step, string>): boolean {
  return isPlainObject(item) && item[key] === value;
}

/** Whether the path leads there or further. */
export function leadsTo(path: Path, prefix: Path): boolean {
  return prefix.every((step, i) => show([step]) === show(path.slice(i, i + 1)));
}

/** The path as messages show it: `spec.template.spec.containers[app].image`. */
export function show(path: Path): string {
  return path
    .map((step) => (typeof step === "string" ? `.${step}` : `[${step.value}]`))
    .join("")
    .replace(/^[.]/, "");
}
