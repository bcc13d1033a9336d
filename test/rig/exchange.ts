import type { IncomingMessage } from "node:http";

export type Verb = "get" | "list" | "watch" | "create" | "update" | "patch" | "delete" | "deletecollection";

/** What a request asks of the API server, in its own words. */
export interface Asked {
  readonly verb: Verb;
  /** Plural, with a subresource behind it: `jobs`, `pods/log`; the path of what is no object, such as `/version`. */
  readonly resource: string;
  readonly namespace: string;
  /** Empty for a whole set. */
  readonly name: string;
  readonly dryRun: boolean;
  readonly query: Readonly<Record<string, string>>;
}

/** A request and what came of it. It fills up while it goes on. */
export interface Exchange extends Asked {
  /** Position in the history, from 1. */
  readonly number: number;
  readonly client: string;
  /** Bearer token, empty when the client showed none. */
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly path: string;
  /** Text of the body. */
  readonly sent: string;
  /** What the API server said, even if the client never heard it. */
  status?: number;
  /** The JSON that the API server answered to a write; undefined when it was no JSON. */
  answer?: unknown;
  /** What the client was told, if anything. */
  told?: number;
  /** Milliseconds since 1970; undefined while it goes on. */
  endedAt?: number;
  /** Whether the client went away before the end. */
  abandoned?: boolean;
  /** Names of the faults that it met. */
  readonly faults: string[];
  /** Bytes of HTTP, heads included, without TLS. */
  sentBytes: number;
  receivedBytes: number;
}

const WRITES: readonly Verb[] = ["create", "update", "patch", "delete", "deletecollection"];

/** Whether it changes something in the cluster. */
export function isWrite({ verb, dryRun, resource }: Pick<Asked, "verb" | "dryRun" | "resource">): boolean {
  return WRITES.includes(verb) && !dryRun && !resource.startsWith("selfsubject");
}

/** `create jobs a/b`, for lists and messages. */
export function title({ verb, resource, namespace, name }: Asked): string {
  return `${verb} ${resource} ${namespace}/${name === "" ? "*" : name}`;
}

/** Reads a request line; `body` tells the name of what is created. */
export function asked(request: Pick<IncomingMessage, "method" | "url">, body: string): Asked {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://server");
  const query = Object.fromEntries(searchParams);
  const place = placeOf(pathname);
  const verb = verbOf(request.method ?? "GET", place.name !== "" || place.resource.startsWith("/"), query);
  const name = verb === "create" && place.name === "" ? nameIn(body) : place.name;
  const dryRun = query["dryRun"] === "All" || (verb.startsWith("delete") && /"dryRun":\s*\[\s*"All"/.test(body));
  return { ...place, verb, name, dryRun, query };
}

function placeOf(path: string): Pick<Asked, "resource" | "namespace" | "name"> {
  const [, rest = ""] = /^[/](?:api[/][^/]+|apis[/][^/]+[/][^/]+)[/](.+?)[/]?$/.exec(path) ?? [];
  if (rest === "") return { resource: path, namespace: "", name: "" };
  const parts = rest.split("/").map(decodeURIComponent);
  const isInNamespace = parts[0] === "namespaces" && parts.length > 2 && !ofNamespaces.includes(parts[2] ?? "");
  const [namespace = "", kind = "", name = "", ...below] = isInNamespace ? parts.slice(1) : ["", ...parts];
  return { resource: [kind, ...below].join("/"), namespace, name };
}

/** Subresources of a namespace itself. */
const ofNamespaces = ["status", "finalize"];

function verbOf(method: string, isOne: boolean, query: Readonly<Record<string, string>>): Verb {
  if (method === "POST") return "create";
  if (method === "PUT") return "update";
  if (method === "PATCH") return "patch";
  if (method === "DELETE") return isOne ? "delete" : "deletecollection";
  if (["true", "1"].includes(query["watch"] ?? "")) return "watch";
  return isOne ? "get" : "list";
}

function nameIn(body: string): string {
  const { metadata } = (parsed(body) ?? {}) as { metadata?: { name?: string } };
  return metadata?.name ?? "";
}

/** The JSON of a text; undefined when it is none: some clients speak Protobuf. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
