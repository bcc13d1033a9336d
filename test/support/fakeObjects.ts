import type { KubeObject, ObjectMeta } from "../../provider/core/kube/types";

/** Something that happened, as a watch tells it. */
export interface Event {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
  /** The object before, where there was one. */
  readonly before: KubeObject | undefined;
  readonly version: number;
}

/** A refusal of the API server. */
export class Refused extends Error {
  readonly status: number;
  readonly reason: string;

  constructor(status: number, reason: string) {
    super(`${reason} of the test`);
    this.status = status;
    this.reason = reason;
  }
}

type Metadata = ObjectMeta & { readonly resourceVersion: string };

/** The objects of one kind, with the versions and history that an API server keeps of them. */
export class FakeObjects {
  readonly #objects = new Map<string, KubeObject>();
  #history: Event[] = [];
  #version = 100;
  #oldest = 100;
  #created = 0;
  readonly #namespace: object;

  /** Objects of a namespace say so themselves, whoever creates them. */
  constructor(namespace?: string) {
    this.#namespace = namespace === undefined ? {} : { namespace };
  }

  get version(): string {
    return this.#version.toString();
  }

  all(selector = ""): KubeObject[] {
    return [...this.#objects.values()].filter((object) => isSelected(object, selector));
  }

  has(name: string): boolean {
    return this.#objects.has(name);
  }

  get(name: string): KubeObject {
    const found = this.#objects.get(name);
    if (found === undefined) throw new Refused(404, "NotFound");
    return found;
  }

  /** Writes without any rule, as the test wants it. */
  put(object: KubeObject): Event {
    const before = this.#objects.get(object.metadata.name);
    const event = this.#happened(before === undefined ? "ADDED" : "MODIFIED", object, before);
    this.#objects.set(object.metadata.name, event.object);
    return event;
  }

  create(object: KubeObject): Event {
    if (this.has(object.metadata.name)) throw new Refused(409, "AlreadyExists");
    const metadata = { ...object.metadata, ...this.#namespace, uid: `uid-${++this.#created}` };
    return this.put({ ...object, metadata });
  }

  replace(name: string, object: KubeObject): Event {
    const found = this.get(name).metadata as Metadata;
    const { resourceVersion = found.resourceVersion, uid = found.uid } = object.metadata;
    if (resourceVersion !== found.resourceVersion || uid !== found.uid) throw new Refused(409, "Conflict");
    return this.put({ ...object, metadata: { ...object.metadata, uid: found.uid ?? "" } });
  }

  /** JSON merge patch. */
  patch(name: string, patch: unknown): Event {
    const { uid } = (patch as Partial<KubeObject>).metadata ?? {};
    if (uid !== undefined && uid !== this.get(name).metadata.uid) throw new Refused(422, "Invalid");
    return this.replace(name, merge(this.get(name), patch) as KubeObject);
  }

  remove(name: string, uid?: string): Event {
    const found = this.get(name);
    if (uid !== undefined && uid !== found.metadata.uid) throw new Refused(409, "Conflict");
    this.#objects.delete(name);
    return this.#happened("DELETED", found, found);
  }

  /** Moves the version although nothing has changed here. */
  advance(): void {
    this.#version++;
  }

  /** Drops an object so that nobody can learn when. */
  forget(name: string): void {
    this.#objects.delete(name);
    this.#version++;
    this.compact();
  }

  compact(): void {
    this.#history = [];
    this.#oldest = this.#version;
  }

  /** What has happened since the version; it may be too old to know. */
  since(version: number): readonly Event[] {
    if (version < this.#oldest) throw new Refused(410, "Expired");
    return this.#history.filter((event) => event.version > version);
  }

  #happened(type: Event["type"], object: KubeObject, before: KubeObject | undefined): Event {
    const version = ++this.#version;
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: version.toString() } };
    const event = { type, object: stored, before, version };
    this.#history.push(event);
    return event;
  }
}

/** The event as a watch with that selector sees it: what gets or loses its labels comes and goes. */
export function seenBy(selector: string, event: Event): { type: Event["type"]; object: KubeObject } | undefined {
  const { type, object, before } = event;
  const is = type !== "DELETED" && isSelected(object, selector);
  const was = before !== undefined && isSelected(before, selector);
  if (is) return { type: was ? "MODIFIED" : "ADDED", object };
  return was ? { type: "DELETED", object } : undefined;
}

function isSelected({ metadata: { labels } }: KubeObject, selector: string): boolean {
  const terms = selector.split(",").filter(Boolean);
  return terms.map((term) => term.split("=")).every(([key = "", value]) => labels?.[key] === value);
}

/** JSON merge patch. */
export function merge(target: unknown, patch: unknown): unknown {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const merged: Record<string, unknown> = { ...(target as object) };
  for (const [key, value] of Object.entries(patch))
    if (value === null) Reflect.deleteProperty(merged, key);
    else merged[key] = merge(merged[key], value);
  return merged;
}
