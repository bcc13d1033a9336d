import type { KubeObject } from "../core/kube/types";
import type { ConnectOptions } from "./access/target";
import { connect, type Connection } from "./connect";
import { isConflict, isNotFound } from "./errors";
import { recentEvents } from "./events";
import { type ObjectRef, pathOf, refOf } from "./kinds";
import { type Ask, listAll } from "./list";
import { openLog, readLog } from "./log";
import type { ClusterClient, ObjectSet } from "./port";
import { type Request, requestJson, requestTold } from "./request";
import { rightsOf } from "./rights";
import { runFeeds } from "./runFeeds";

/** Opens a cluster. */
export async function openCluster(options: ConnectOptions, interrupted?: AbortSignal): Promise<ClusterClient> {
  return clientOf({ ...(await connect(options)), ...(interrupted && { interrupted }) });
}

/** The cluster at the other end of a connection. */
export function clientOf(connection: Connection): ClusterClient {
  const { server, namespace } = connection;
  const ask: Ask = (request) => requestJson(connection, request);
  return {
    ...{ server, namespace, ...calls(ask), ...rightsOf(ask) },
    dryRun: async (namespace, object) => {
      const { body, warnings } = await requestTold<typeof object>(connection, tryOut(namespace, object));
      return { object: body, warnings };
    },
    logs: (namespace, pod, tail) => readLog(connection, namespace, { pod, tail }),
    logStream: (namespace, part, signal) => openLog(connection, { namespace, part }, signal),
    follow: runFeeds(connection),
  };
}

type Calls = Omit<
  ClusterClient,
  "server" | "namespace" | "follow" | "logs" | "logStream" | "dryRun" | "missingRights" | "userName"
>;

function calls(ask: Ask): Calls {
  return {
    get: (ref) => absentAsUndefined(ask({ method: "GET", path: path(ref), deed: `read ${show(ref)}` })),
    list: async <T extends KubeObject>({ kind, namespace, selector }: ObjectSet) => {
      const options = { path: pathOf(kind, namespace), selector, reduce: (object: T) => object };
      return (await listAll(ask, options)).items;
    },
    create: (namespace, body) => ask({ ...post(namespace, body), deed: `create ${show(refOf(namespace, body))}` }),
    patch: (ref, body) =>
      ask({ method: "PATCH", path: path(ref), body, contentType: MERGE_PATCH, deed: `patch ${show(ref)}` }),
    replace: (namespace, body) => {
      const ref = refOf(namespace, body);
      return ask({ method: "PUT", path: path(ref), body, deed: `replace ${show(ref)}` });
    },
    events: recentEvents(ask),
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
  };
}

function post(namespace: string, body: KubeObject): { method: "POST"; path: string; body: KubeObject } {
  return { method: "POST", path: pathOf(refOf(namespace, body).kind, namespace), body };
}

function tryOut(namespace: string, body: KubeObject): Request {
  return { ...post(namespace, body), query: { dryRun: "All" }, deed: `try to create a ${body.kind} in ${namespace}` };
}

const MERGE_PATCH = "application/merge-patch+json";
const background = { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" } as const;

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

async function absentAsUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

const path = ({ kind, namespace, name }: ObjectRef): string => pathOf(kind, namespace, name);
const show = ({ kind, namespace, name }: ObjectRef): string => `${kind} ${namespace}/${name}`;
