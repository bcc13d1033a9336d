import type { KubeObject } from "../core/kube/types";
import type { Request } from "./request";

/** Objects a page: a thousand pods are several megabytes. */
const PAGE = "500";

interface Page<O> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly O[];
}

interface Wanted<O, V> {
  readonly path: string;
  /** Of labels. */
  readonly selector: string;
  readonly fieldSelector?: string;
  readonly reduce: (object: O) => V;
}

/** Sends a request and returns the JSON of the answer. */
export type Ask = <T>(request: Request) => Promise<T>;

/** All objects that the selector takes, page by page, each reduced as it arrives; and the version from which to watch. */
export async function listAll<O extends KubeObject, V>(
  ask: Ask,
  { path, selector, fieldSelector, reduce }: Wanted<O, V>,
): Promise<{ items: V[]; version: string }> {
  const items: V[] = [];
  const fields = fieldSelector === undefined ? {} : { fieldSelector };
  let next = "";
  for (;;) {
    const query = { labelSelector: selector, limit: PAGE, ...fields, ...(next !== "" && { continue: next }) };
    const page = await ask<Page<O>>({ method: "GET", path, query, deed: `list ${path}` });
    for (const item of page.items) items.push(reduce(item));
    next = page.metadata.continue ?? "";
    if (next === "") return { items, version: page.metadata.resourceVersion };
  }
}
