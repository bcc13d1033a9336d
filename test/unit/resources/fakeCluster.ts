import { ClusterError } from "../../../provider/cluster/errors";
import { type Kind, type ObjectRef, refOf } from "../../../provider/cluster/kinds";
import type {
  ClusterClient,
  Feed,
  Following,
  LogPart,
  ObjectSet,
  Tail,
  Trial,
  WatchedKind,
} from "../../../provider/cluster/port";
import { label } from "../../../provider/core/kube/labels";
import type { Deployment, KubeEvent, KubeJob, KubeObject, ObjectMeta, Pod } from "../../../provider/core/kube/types";
import { type EventKind, toEventView } from "../../../provider/core/status/events";
import type { EventView } from "../../../provider/core/status/types";
import type { Right } from "../../../provider/core/kube/rights";
import { toDeploymentView, toJobView, toPodView } from "../../../provider/core/status/views";
import { merge } from "../../support/fakeObjects";
import { at } from "../support/cluster";

type Stored = KubeObject & Record<string, unknown>;

/** What a test does at a call, such as `create Secret nightly.jobrun`: look, change something, throw. */
type Intrusion = () => void;

/** A cluster in memory. It keeps the promises that the provider builds on, and has no controllers: the test plays them. */
export class FakeCluster implements ClusterClient {
  readonly server: string;
  readonly namespace = "jobs";
  /** Every call in order: `create ConfigMap nightly.jobrun`. */
  readonly calls: string[] = [];
  /** What the programs have printed, by pod; of the start before the present one, by `<pod> before`. */
  readonly logsOf = new Map<string, string>();
  /** Pods of this cluster do not end by themselves when they are deleted. */
  podsLinger = false;
  /** Whether a single container may have a restart policy: dropped without a word otherwise, as by Kubernetes 1.34. */
  keepsContainerRestart = true;
  /** What the server warns of at every trial. */
  warnings: string[] = [];
  /** Kinds that somebody has watched. */
  readonly followed = new Set<WatchedKind>();
  /** What the user may not do: `create configmaps`. */
  readonly lacks = new Set<string>();
  readonly #objects = new Map<string, Stored>();
  readonly #intrusions = new Map<string, Intrusion>();
  readonly #sleepers = new Set<() => void>();
  #count = 0;

  constructor(server = "https://cluster.test") {
    this.server = server;
  }

  /** Does that before the call is done, the first time it comes. */
  at(call: string, intrusion: Intrusion): void {
    this.#intrusions.set(call, intrusion);
  }

  /** Refuses the call, once. */
  refuse(call: string, status: number, reason: string): void {
    this.at(call, () => {
      throw new ClusterError(`cannot ${call}: ${status} ${reason} - no`, { status, reason });
    });
  }

  /** What is there: `ConfigMap nightly.jobrun`. */
  get names(): string[] {
    return [...this.#objects.values()].map(({ kind, metadata }) => `${kind} ${metadata.name}`);
  }

  /** The object, which must be there. */
  object<T = Stored>(kind: Kind, name: string, namespace = "jobs"): T & { metadata: ObjectMeta } {
    const found = this.#objects.get(keyOf({ kind, namespace, name }));
    if (found === undefined) throw new Error(`there is no ${kind} ${name}; there are ${this.names.join(", ")}`);
    return structuredClone(found) as T & Stored;
  }

  /** Writes the object as controllers and other users do, without any rule. */
  put(object: KubeObject, namespace = "jobs"): Stored {
    const { metadata } = object;
    const uid = metadata.uid ?? `uid-${++this.#count}`;
    const stamps = { namespace, uid, creationTimestamp: metadata.creationTimestamp ?? at(0) };
    const stored = { ...object, metadata: { ...metadata, ...stamps, resourceVersion: (++this.#count).toString() } };
    this.#objects.set(keyOf(refOf(namespace, object)), structuredClone(stored));
    this.#changed();
    return structuredClone(stored);
  }

  /** Removes the object as somebody else would. */
  drop(kind: Kind, name: string, namespace = "jobs"): void {
    this.#objects.delete(keyOf({ kind, namespace, name }));
    this.#changed();
  }

  /** All objects of the kind. */
  all(kind: Kind): Stored[] {
    return structuredClone([...this.#objects.values()].filter((object) => object.kind === kind));
  }

  /** Removes what hangs only on objects that are no more: Kubernetes does so some time later. False when there is nothing of that. */
  collectGarbage(): boolean {
    const uids = new Set([...this.#objects.values()].map(({ metadata }) => metadata.uid));
    const orphans = [...this.#objects.values()].filter(
      ({ metadata: { ownerReferences = [], deletionTimestamp } }) =>
        deletionTimestamp === undefined &&
        ownerReferences.length > 0 &&
        ownerReferences.every(({ uid }) => !uids.has(uid)),
    );
    for (const orphan of orphans) this.#remove(orphan);
    if (orphans.length > 0) this.collectGarbage();
    return orphans.length > 0;
  }

  get<T extends KubeObject>(ref: ObjectRef): Promise<T | undefined> {
    return this.#call("get", ref, () => structuredClone(this.#objects.get(keyOf(ref))) as T | undefined);
  }

  list<T extends KubeObject>(set: ObjectSet): Promise<T[]> {
    return this.#call(
      "list",
      { ...set, name: set.selector },
      () => structuredClone(this.#select(set)) as unknown as T[],
    );
  }

  create<T extends KubeObject>(namespace: string, object: T): Promise<T> {
    const ref = refOf(namespace, object);
    return this.#call("create", ref, () => {
      if (this.#objects.has(keyOf(ref))) throw refused(`create ${show(ref)}`, 409, "AlreadyExists");
      return this.put(object, namespace) as unknown as T;
    });
  }

  dryRun<T extends KubeObject>(namespace: string, object: T): Promise<Trial<T>> {
    return this.#call("dryRun", refOf(namespace, object), () => {
      const text = JSON.stringify(object);
      const kept = this.keepsContainerRestart ? text : text.replace(/,"restartPolicy":"OnFailure"/, "");
      return { object: JSON.parse(kept) as T, warnings: this.warnings };
    });
  }

  patch<T extends KubeObject>(ref: ObjectRef, patch: object): Promise<T> {
    return this.#call("patch", ref, () => {
      const found = this.#require("patch", ref);
      const { uid } = (patch as Partial<KubeObject>).metadata ?? {};
      if (uid !== undefined && uid !== found.metadata.uid) throw refused(`patch ${show(ref)}`, 422, "Invalid");
      return this.put(merge(found, patch) as KubeObject, ref.namespace) as unknown as T;
    });
  }

  replace<T extends KubeObject>(namespace: string, object: T): Promise<T> {
    const ref = refOf(namespace, object);
    return this.#call("replace", ref, () => {
      const { metadata } = this.#require("replace", ref);
      const { uid = metadata.uid, resourceVersion = metadata.resourceVersion } = object.metadata;
      if (uid !== metadata.uid || resourceVersion !== metadata.resourceVersion)
        throw refused(`replace ${show(ref)}`, 409, "Conflict");
      const kept = { uid, creationTimestamp: metadata.creationTimestamp ?? at(0) };
      return this.put({ ...object, metadata: { ...object.metadata, ...kept } }, namespace) as unknown as T;
    });
  }

  delete(ref: ObjectRef, uid: string): Promise<void> {
    return this.#call("delete", ref, () => {
      const found = this.#objects.get(keyOf(ref));
      if (found?.metadata.uid === uid) this.#remove(found);
    });
  }

  deleteAll(set: ObjectSet): Promise<void> {
    return this.#call("deleteAll", { ...set, name: set.selector }, () => {
      for (const object of this.#select(set)) this.#remove(object);
    });
  }

  events(namespace: string, kind: EventKind): Promise<readonly EventView[]> {
    return this.#call("list", { kind: "Event", namespace, name: `of ${kind}` }, () => {
      const all = [...this.#objects.values()].filter((object) => object.kind === "Event") as unknown as KubeEvent[];
      const wanted = all.filter((event) => event.involvedObject.kind === kind);
      return wanted.map(toEventView).filter((event) => event !== undefined);
    });
  }

  async missingRights(_namespace: string, rights: readonly Right[]): Promise<Right[]> {
    await new Promise(setImmediate);
    return rights.filter(({ verb, resource }) => this.lacks.has(`${verb} ${resource}`));
  }

  userName(): Promise<string | undefined> {
    return Promise.resolve("ci");
  }

  logs(namespace: string, pod: string, { lines, previous }: Tail): Promise<string> {
    const name = previous ? `${pod} before` : pod;
    return this.#call("log", { kind: "Pod", namespace, name }, () => {
      const log = this.logsOf.get(name);
      if (log === undefined) throw refused(`read the log of Pod ${name}`, 404, "NotFound");
      return lines === undefined ? log : log.split("\n").slice(-lines).join("\n");
    });
  }

  /** The log as it is now: a program that goes on printing is played by reading it again. */
  async logStream(namespace: string, part: LogPart, signal: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
    signal.throwIfAborted();
    const text = await this.logs(namespace, part.pod, part);
    const all = text.split("\n").map((line, i) => (part.timestamps === true ? stamped(line, i) : line));
    const { sinceTime = "" } = part;
    const lines = all.filter((line) => sinceTime === "" || line === "" || line >= sinceTime.slice(0, 19));
    return [Buffer.from(lines.join("\n"))].values() as unknown as AsyncIterable<Uint8Array>;
  }

  follow(namespace: string, runUid: string, following?: Following): Feed {
    for (const kind of following === undefined ? [] : [following.needed, ...following.helpful]) this.followed.add(kind);
    this.calls.push(`follow ${runUid}`);
    const ofRun = (kind: Kind): Stored[] => this.#select({ kind, namespace, selector: `${label.runUid}=${runUid}` });
    return {
      ready: () => Promise.resolve(true),
      view: () => ({
        jobs: ofRun("Job").map((job) => toJobView(job as unknown as KubeJob)),
        deployments: ofRun("Deployment").map((object) => toDeploymentView(object as unknown as Deployment)),
        pods: ofRun("Pod").map((pod) => toPodView(pod as unknown as Pod)),
      }),
      changed: (signal, seconds = 60) => this.#sleep(signal, seconds),
      close: () => {
        this.calls.push(`close ${runUid}`);
      },
    };
  }

  /** Pods take their time, and a finalizer holds whatever has one. */
  #remove(object: Stored): void {
    const { namespace = "", name, finalizers = [] } = object.metadata;
    if (finalizers.length > 0 || (object.kind === "Pod" && this.podsLinger))
      this.put({ ...object, metadata: { ...object.metadata, deletionTimestamp: at(60) } }, namespace);
    else this.drop(refOf(namespace, object).kind, name, namespace);
  }

  #sleep(signal: AbortSignal, seconds: number): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", wake);
        this.#sleepers.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, seconds * 1_000);
      signal.addEventListener("abort", wake);
      this.#sleepers.add(wake);
    });
  }

  #changed(): void {
    for (const wake of [...this.#sleepers]) wake();
  }

  async #call<T>(verb: string, ref: ObjectRef, answer: () => T): Promise<T> {
    const call = `${verb} ${ref.kind} ${ref.name}`;
    this.calls.push(call);
    // Every answer takes its time: whoever forgets to wait for one is to fail.
    await new Promise(setImmediate);
    const key = [call, `${verb} ${ref.kind}`].find((candidate) => this.#intrusions.has(candidate)) ?? "";
    const intrusion = this.#intrusions.get(key);
    this.#intrusions.delete(key);
    intrusion?.();
    return answer();
  }

  #require(verb: string, ref: ObjectRef): Stored {
    const found = this.#objects.get(keyOf(ref));
    if (found === undefined) throw refused(`${verb} ${show(ref)}`, 404, "NotFound");
    return found;
  }

  #select({ kind, namespace, selector }: ObjectSet): Stored[] {
    const wanted = selector.split(",").map((term) => term.split("="));
    return [...this.#objects.values()].filter(
      ({ kind: own, metadata }) =>
        own === kind &&
        metadata.namespace === namespace &&
        wanted.every(([key = "", value]) => metadata.labels?.[key] === value),
    );
  }
}

/** As the kubelet does, unless the test has done so itself; nothing stands behind the last line break. */
const stamped = (line: string, second: number): string =>
  line === "" || /^\d{4}-/.test(line) ? line : `${at(second).replace(/(\.\d+)?Z$/, ".000000000Z")} ${line}`;

const keyOf = ({ kind, namespace, name }: ObjectRef): string => `${kind}/${namespace}/${name}`;
const show = ({ kind, namespace, name }: ObjectRef): string => `${kind} ${namespace}/${name}`;

function refused(deed: string, status: number, reason: string): ClusterError {
  return new ClusterError(`cannot ${deed}: ${status} ${reason} - no`, { status, reason });
}
