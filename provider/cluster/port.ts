import type { EventKind } from "../core/status/events";
import type { RunView } from "../core/status/runStatus";
import type { EventView } from "../core/status/types";
import type { Right } from "../core/kube/rights";
import type { KubeObject } from "../core/kube/types";
import type { Kind, ObjectRef } from "./kinds";

/** All objects of a kind that the label selector takes. */
export interface ObjectSet {
  readonly kind: Kind;
  readonly namespace: string;
  readonly selector: string;
}

/** Which lines of a log. */
export interface Tail {
  readonly container: string;
  /** Without a number, all of them. */
  readonly lines?: number | undefined;
  /** Of the container's start before the present one. */
  readonly previous: boolean;
  /** Every line begins with the time at which it was printed. */
  readonly timestamps?: boolean;
}

/** Which lines of a log, however many these are. */
export interface LogPart extends Tail {
  readonly pod: string;
  /** Only what was printed in the last so many seconds. */
  readonly sinceSeconds?: number | undefined;
  /** Only what was printed from then on, by the second. */
  readonly sinceTime?: string | undefined;
  /** Go on until the container ends. */
  readonly follow?: boolean;
}

/** What the server would make of an object, and what it warns of. */
export interface Trial<T> {
  readonly object: T;
  readonly warnings: readonly string[];
}

/** One cluster, as one user. Every call rejects with a `ClusterError`; a missing object is an answer, not an error. */
export interface ClusterClient {
  /** URL of the API server. */
  readonly server: string;
  /** Namespace of the kubeconfig's context, else `default`. */
  readonly namespace: string;
  get<T extends KubeObject>(ref: ObjectRef): Promise<T | undefined>;
  list<T extends KubeObject>(set: ObjectSet): Promise<T[]>;
  create<T extends KubeObject>(namespace: string, object: T): Promise<T>;
  /** Asks what the server would make of the object; nothing is created. An empty name is one made up by the server. */
  dryRun<T extends KubeObject>(namespace: string, object: T): Promise<Trial<T>>;
  /** JSON merge patch. */
  patch<T extends KubeObject>(ref: ObjectRef, patch: object): Promise<T>;
  /** Replaces the object; a `resourceVersion` or `uid` in it must still be the current one. */
  replace<T extends KubeObject>(namespace: string, object: T): Promise<T>;
  /** Removes the object of that UID, dependants in the background; gone already is success, and so is a newer object of the name. */
  delete(ref: ObjectRef, uid: string): Promise<void>;
  deleteAll(set: ObjectSet): Promise<void>;
  /** What Kubernetes' events tell of the namespace's objects of a kind; all runs that ask within two seconds share one answer. */
  events(namespace: string, kind: EventKind): Promise<readonly EventView[]>;
  /** Those of the rights that the user lacks in the namespace; none when the API server does not say. Asked once. */
  missingRights(namespace: string, rights: readonly Right[]): Promise<Right[]>;
  /** Who the API server takes the user for, if it says so. */
  userName(): Promise<string | undefined>;
  /** What a container of a pod printed last: of the lines that are asked for, the last that fit into an answer. */
  logs(namespace: string, pod: string, tail: Tail): Promise<string>;
  /** The same as a stream, which has no limits and is read no faster than it is wanted. Whoever opens it reads it to its end or aborts it. */
  logStream(namespace: string, part: LogPart, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /** Starts watching a run. All runs of a namespace share the watches. */
  follow(namespace: string, runUid: string, following: Following): Feed;
}

/** The kinds that are watched. */
export type WatchedKind = "Job" | "Deployment" | "Pod";

/** What somebody wants to see of a run. */
export interface Following {
  /** Without objects of this kind there is no verdict: that they may not be read ends the wait. */
  readonly needed: WatchedKind;
  /** What is missing of these is told, and the wait goes on. */
  readonly helpful: readonly WatchedKind[];
  /** Told once of everything that makes the view incomplete or late. */
  readonly note: (message: string) => void;
}

/** What is known of a run, kept current by watches. */
export interface Feed {
  /** Resolves with true once everything has been listed that may be, and with false when the signal is aborted before. */
  ready(signal: AbortSignal): Promise<boolean>;
  view(): RunView;
  /** Resolves after the next change, after that many seconds, or when the signal is aborted, whichever is first. */
  changed(signal: AbortSignal, seconds?: number): Promise<void>;
  close(): void;
}
