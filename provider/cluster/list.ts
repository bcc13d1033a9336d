import type { KubeObject } from "../core/kube/types";
import type { Request } from "./request";

/** Objects a page: a thousand pods are several megabytes. */
const PAGE = "500";

interface Page<O> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly O[];
}

/** Sends a request and returns the JSON of the answer. */
export type Ask = <T>(request: Request) => Promise<T>;

/** All objects that the selector takes, page by page, each reduced as it arrives; and the version from which to watch. */
export async function listAll<O extends KubeObject, V>(
  ask: Ask,
  { path, selector, reduce }: { path: string; selector: string; reduce: (object: O) => V },
): Promise<{ items: V[]; version: string }> {
  const items: V[] = [];
  let next = "";
  for (;;) {
    const query = { labelSelector: selector, limit: PAGE, ...(next !== "" && { continue: next }) };
    const page = await ask<Page<O>>({ method: "GET", path, query, deed: `list ${path}` });
    for (const item of page.items) items.push(reduce(item));
    next = page.metadata.continue ?? "";
    if (next === "") return { items, version: page.metadata.resourceVersion };
  }
}
