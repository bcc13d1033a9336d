import { resolve, sep } from "node:path";
import { loadAll, YAMLException } from "js-yaml";
import { ClusterError } from "../errors";

/** An entry of `clusters`, in the kubeconfig's own words. */
export interface KubeCluster {
  readonly server: string;
  readonly "certificate-authority"?: string;
  readonly "certificate-authority-data"?: string;
  readonly "insecure-skip-tls-verify"?: boolean;
  readonly "tls-server-name"?: string;
  readonly "proxy-url"?: string;
  readonly extensions?: readonly { readonly name: string; readonly extension: unknown }[];
}

/** An entry of `users`. */
export interface KubeUser {
  readonly "client-certificate"?: string;
  readonly "client-certificate-data"?: string;
  readonly "client-key"?: string;
  readonly "client-key-data"?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly exec?: ExecPlugin;
  /** Predecessor of `exec`; of its kinds, `oidc` is still found. */
  readonly "auth-provider"?: { readonly name: string; readonly config?: Readonly<Record<string, string>> };
  readonly as?: string;
  readonly "as-uid"?: string;
  readonly "as-groups"?: readonly string[];
  readonly "as-user-extra"?: Readonly<Record<string, readonly string[]>>;
}

/** A program that prints credentials. */
export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args?: readonly string[] | null;
  readonly env?: readonly { readonly name: string; readonly value: string }[] | null;
  readonly installHint?: string;
  readonly provideClusterInfo?: boolean;
  readonly interactiveMode?: "Never" | "IfAvailable" | "Always";
}

/** An entry of `contexts`. */
interface KubeContext {
  readonly cluster?: string;
  readonly user?: string;
  readonly namespace?: string;
}

/** The cluster that is meant, and as whom to go there. */
export interface Target {
  readonly cluster: KubeCluster;
  readonly user: KubeUser;
  readonly namespace: string;
  /** How messages call the user: `user "dev" of context "kind"`. */
  readonly who: string;
}

/** What kubeconfig files say together. */
export interface Kubeconfig {
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, KubeCluster>;
  readonly users: ReadonlyMap<string, KubeUser>;
  readonly contexts: ReadonlyMap<string, KubeContext>;
}

/** A text, how messages call it, and the folder that its relative paths start from. */
export interface KubeconfigText {
  readonly text: string;
  readonly title: string;
  readonly folder: string;
}

/** Reads one kubeconfig. Relative paths become absolute, also that of a credential plugin unless it is looked for in PATH. */
export function parseKubeconfig({ text, title, folder }: KubeconfigText): Kubeconfig {
  const root = mappingOf(loadYaml(text, title) ?? {}, title);
  const entries = <T extends object>(key: "clusters" | "users" | "contexts", ...paths: (keyof T)[]): Map<string, T> =>
    new Map(
      listOf(root[key], `${title}: ${key}`).map((entry, i) => {
        const { name, value } = namedEntry<T>(entry, key, `${title}: ${key}[${i}]`);
        return [name, withAbsolute(value, paths, folder)];
      }),
    );
  const users = entries<KubeUser>("users", "client-certificate", "client-key", "tokenFile");
  const current = root["current-context"];
  return {
    currentContext: typeof current === "string" && current !== "" ? current : undefined,
    clusters: entries<KubeCluster>("clusters", "certificate-authority"),
    users: new Map([...users].map(([name, user]) => [name, withPlugin(user, folder)])),
    contexts: entries<KubeContext>("contexts"),
  };
}

/** Puts files together by kubectl's rule: the first one to say something wins, and an entry is taken whole. */
export function mergeKubeconfigs(configs: readonly Kubeconfig[]): Kubeconfig {
  const backwards = configs.toReversed();
  return {
    currentContext: configs.find(({ currentContext }) => currentContext !== undefined)?.currentContext,
    clusters: new Map(backwards.flatMap(({ clusters }) => [...clusters])),
    users: new Map(backwards.flatMap(({ users }) => [...users])),
    contexts: new Map(backwards.flatMap(({ contexts }) => [...contexts])),
  };
}

/** The error of the parser quotes the lines around the fault, and these may hold a token: only its own words are taken. */
function loadYaml(text: string, title: string): unknown {
  try {
    // A file may also be empty.
    return loadAll(text)[0];
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = error.mark === undefined ? "" : ` in line ${error.mark.line + 1}`;
    throw new ClusterError(`${title} is not YAML: ${error.reason}${line}`);
  }
}

function mappingOf(value: unknown, title: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new ClusterError(`${title} must be a mapping, got ${kindOf(value)}`);
}

function listOf(value: unknown, title: string): unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw new ClusterError(`${title} must be a list, got ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "a mapping";
  return `a ${typeof value}`;
}

const inner = { clusters: "cluster", users: "user", contexts: "context" } as const;

function namedEntry<T>(entry: unknown, key: keyof typeof inner, title: string): { name: string; value: T } {
  const { name, [inner[key]]: value } = mappingOf(entry, title);
  if (typeof name !== "string") throw new ClusterError(`${title}.name must be a string, got ${kindOf(name)}`);
  // A user without any credentials may be written as nothing at all.
  return { name, value: checked(value ?? {}, `${title}.${inner[key]}`) as T };
}

/** The mapping with what is used here of the right kind, and without what is written and left empty. */
function checked(value: unknown, title: string): Record<string, unknown> {
  const entries = Object.entries(mappingOf(value, title)).filter(([, member]) => member !== null);
  for (const [key, member] of entries) {
    const kind = kinds.get(key) ?? kindOf(member);
    if (kindOf(member) !== kind) throw new ClusterError(`${title}.${key} must be ${kind}, got ${kindOf(member)}`);
    if (key === "exec") checked(member, `${title}.exec`);
    if (key === "as-groups") assertStrings(member, `${title}.${key}`);
    if (key === "as-user-extra") assertStringLists(member, `${title}.${key}`);
  }
  return Object.fromEntries(entries);
}

function assertStrings(value: unknown, title: string): void {
  const other = listOf(value, title).find((item) => typeof item !== "string");
  if (other !== undefined) throw new ClusterError(`${title} must be a list of strings, got ${kindOf(other)} in it`);
}

function assertStringLists(value: unknown, title: string): void {
  for (const [key, list] of Object.entries(mappingOf(value, title))) {
    if (!Array.isArray(list))
      throw new ClusterError(`${title}[${JSON.stringify(key)}] must be a list, got ${kindOf(list)}`);
    assertStrings(list, `${title}[${JSON.stringify(key)}]`);
  }
}

const strings = [
  ...["server", "certificate-authority", "certificate-authority-data", "tls-server-name", "proxy-url"],
  ...["client-certificate", "client-certificate-data", "client-key", "client-key-data", "token", "tokenFile"],
  ...["username", "password", "as", "as-uid", "cluster", "user", "namespace", "apiVersion", "command"],
];
const lists = ["extensions", "as-groups", "args", "env"];
const mappings = ["exec", "auth-provider", "as-user-extra"];

/** What each key must be; of other keys, nothing is used. */
const kinds = new Map([
  ...strings.map((key) => [key, "a string"] as const),
  ...lists.map((key) => [key, "a list"] as const),
  ...mappings.map((key) => [key, "a mapping"] as const),
]);

function withAbsolute<T extends object>(entry: T, keys: readonly (keyof T)[], folder: string): T {
  const paths = keys.flatMap((key) => {
    const path = entry[key];
    return typeof path === "string" && path !== "" ? [[key, resolve(folder, path)]] : [];
  });
  return { ...entry, ...(Object.fromEntries(paths) as Partial<T>) };
}

function withPlugin(user: KubeUser, folder: string): KubeUser {
  const command = user.exec?.command ?? "";
  if (user.exec === undefined || !(command.includes("/") || command.includes(sep))) return user;
  return { ...user, exec: withAbsolute(user.exec, ["command"], folder) };
}
