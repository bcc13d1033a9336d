import { text } from "node:stream/consumers";
import type { KubeObject } from "../core/kube/types";
import type { Connection } from "./connect";
import { Course, type Trouble } from "./course";
import { ClusterError, messageOf } from "./errors";
import { type Ask, listAll } from "./list";
import type { Change } from "./mirror";
import { openStream } from "./request";
import { sleepSignal } from "./sleep";

/** The objects of one kind in one namespace. */
export interface Source<O extends KubeObject, V> {
  readonly connection: Connection;
  readonly path: string;
  readonly selector: string;
  /** Called when an object is parsed: whole objects are not kept. */
  readonly reduce: (object: O) => V;
}

interface WatchEvent<O> {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: O & Failure;
}

/** Kubernetes' Status. */
interface Failure {
  readonly code?: number;
  readonly message?: string;
  readonly details?: { readonly retryAfterSeconds?: number };
}

/**
 * What is there, and then everything that happens, until the signal is aborted: a list, and watches from its version on.
 * Whatever goes wrong is tried again for ever, with pauses; what goes wrong again and again is told as well.
 */
export async function* listAndWatch<O extends KubeObject, V>(
  source: Source<O, V>,
  signal: AbortSignal,
): AsyncGenerator<Change<V> | Trouble> {
  const course = new Course();
  while (!signal.aborted) {
    const { version } = course;
    const deed = version === undefined ? "list" : "watch";
    try {
      if (version === undefined) yield await list(source, course, signal);
      else yield* watch(source, { course, version }, signal);
    } catch (error) {
      const trouble = course.failed(deed, named(error, `${deed} ${source.path}`));
      if (trouble !== undefined) yield trouble;
    }
    await course.pause(signal);
  }
}

async function list<O extends KubeObject, V>(
  { connection, path, selector, reduce }: Source<O, V>,
  course: Course,
  signal: AbortSignal,
): Promise<Change<V>> {
  // Not by `requestJson`: one who pauses between tries is enough.
  const ask: Ask = async <T>(request: Parameters<Ask>[0]) =>
    JSON.parse(await text(await openStream(connection, request, signal))) as T;
  const { items, version } = await listAll(ask, { path, selector, reduce });
  course.listed(version);
  return { type: "replaced", views: items };
}

async function* watch<O extends KubeObject, V>(
  { connection, path, selector, reduce }: Source<O, V>,
  { course, version }: { course: Course; version: string },
  signal: AbortSignal,
): AsyncGenerator<Change<V>> {
  const query = {
    watch: "true",
    labelSelector: selector,
    resourceVersion: version,
    allowWatchBookmarks: "true",
    timeoutSeconds: Math.round(240 + Math.random() * 120).toString(),
  };
  const slept = sleepSignal();
  try {
    const either = AbortSignal.any([signal, slept.signal]);
    const stream = await openStream(connection, { method: "GET", path, query, deed: `watch ${path}` }, either);
    course.opened();
    for await (const line of lines(stream)) {
      const { type, object } = JSON.parse(line) as WatchEvent<O>;
      if (type === "ERROR") throw toError(path, object);
      course.advanced(object.metadata.resourceVersion);
      if (type !== "BOOKMARK") yield { type: type === "DELETED" ? "removed" : "changed", view: reduce(object) };
    }
  } finally {
    slept.close();
  }
  course.ended();
}

/** An answer that broke off, or was no JSON, says so itself, but not of what. */
function named(error: unknown, deed: string): ClusterError {
  if (error instanceof ClusterError) return error;
  return new ClusterError(`cannot ${deed}: ${messageOf(error)}`, { cause: error });
}

function toError(path: string, { code = 0, message = "no reason given", details }: Failure): ClusterError {
  return new ClusterError(`the watch of ${path} ended: ${message}`, {
    status: code,
    ...(details?.retryAfterSeconds !== undefined && { retryAfterSeconds: details.retryAfterSeconds }),
  });
}

/** The complete lines of a stream. A half line at the end is a broken connection: it is dropped, and the watch goes on from the last version. */
async function* lines(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) if (part !== "") yield part;
  }
}
