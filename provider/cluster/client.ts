import type { KubeObject } from "../core/kube/types";
import { type ConnectOptions, connect } from "./connect";
import { isConflict, isNotFound } from "./errors";
import { isKind, type Kind, pathOf } from "./kinds";
import type { ClusterClient, ObjectRef, ObjectSet } from "./port";
import { type Request, requestJson } from "./request";
import { runFeeds } from "./runFeeds";

/** Opens a cluster. */
export async function openCluster(options: ConnectOptions): Promise<ClusterClient> {
  const connection = await connect(options);
  const ask = <T>(request: Request): Promise<T> => requestJson<T>(connection, request);
  return {
    server: connection.server,
    namespace: connection.namespace,
    get: (ref) => absentAsUndefined(ask({ method: "GET", path: path(ref), deed: `read ${show(ref)}` })),
    list: (set) => list(ask, set),
    create: (namespace, object) =>
      ask({
        method: "POST",
        path: pathOf(kindOf(object), namespace),
        body: object,
        deed: `create ${show(refOf(namespace, object))}`,
      }),
    patch: (ref, body) =>
      ask({
        method: "PATCH",
        path: path(ref),
        body,
        contentType: "application/merge-patch+json",
        deed: `patch ${show(ref)}`,
      }),
    replace: (namespace, object) =>
      ask({
        method: "PUT",
        path: path(refOf(namespace, object)),
        body: object,
        deed: `replace ${show(refOf(namespace, object))}`,
      }),
    delete: (ref, uid) => removeExactly(ask, ref, uid),
    deleteAll: async ({ kind, namespace, selector }) => {
      const query = { labelSelector: selector };
      await ask({
        method: "DELETE",
        path: pathOf(kind, namespace),
        query,
        body: background,
        deed: `delete ${kind}s of ${namespace}`,
      });
    },
    follow: runFeeds(connection),
  };
}

const background = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" } as const;

type Ask = <T>(request: Request) => Promise<T>;

async function removeExactly(ask: Ask, ref: ObjectRef, uid: string): Promise<void> {
  try {
    await ask({
      method: "DELETE",
      path: path(ref),
      body: { ...background, preconditions: { uid } },
      deed: `delete ${show(ref)}`,
    });
  } catch (error) {
    // Gone already, or a newer object has the name: what was to be removed is not there.
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}

interface Page<T> {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly T[];
}

async function list<T extends KubeObject>(ask: Ask, { kind, namespace, selector }: ObjectSet): Promise<T[]> {
  const items: T[] = [];
  let next = "";
  do {
    const query = { labelSelector: selector, limit: "500", ...(next !== "" && { continue: next }) };
    const page = await ask<Page<T>>({
      method: "GET",
      path: pathOf(kind, namespace),
      query,
      deed: `list ${kind}s of ${namespace}`,
    });
    items.push(...page.items);
    next = page.metadata.continue ?? "";
  } while (next !== "");
  return items;
}

async function absentAsUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function kindOf({ kind }: KubeObject): Kind {
  if (!isKind(kind)) throw new Error(`no path is known for kind ${kind}`);
  return kind;
}

const refOf = (namespace: string, object: KubeObject): ObjectRef => ({
  kind: kindOf(object),
  namespace,
  name: object.metadata.name,
});
const path = ({ kind, namespace, name }: ObjectRef): string => pathOf(kind, namespace, name);
const show = ({ kind, namespace, name }: ObjectRef): string => `${kind} ${namespace}/${name}`;
