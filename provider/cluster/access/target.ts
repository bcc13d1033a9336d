import { readFile } from "node:fs/promises";
import { delimiter, dirname, join, resolve } from "node:path";
import { ClusterError, codeOf, messageOf } from "../errors";
import {
  type Kubeconfig,
  type KubeCluster,
  type KubeconfigText,
  type Target,
  mergeKubeconfigs,
  parseKubeconfig,
} from "./kubeconfig";
import { inCluster } from "./inCluster";
import type { Machine } from "./machine";

/** Where a cluster is and how to get in; every part has a default. */
export interface ConnectOptions {
  /** Path of a kubeconfig file, or its content. */
  readonly kubeconfig?: string;
  readonly context?: string;
}

/** Finds the cluster: by kubeconfig as kubectl does it, else the one whose pod this is. */
export async function findTarget(options: ConnectOptions, machine: Machine): Promise<Target> {
  const { title, texts } = await readTexts(options.kubeconfig, machine);
  const config = mergeKubeconfigs(texts.map(parseKubeconfig));
  const namesNone = config.contexts.size === 0 && config.clusters.size === 0 && options.context === undefined;
  if (!namesNone) return chosen(config, options.context, title);
  const own = options.kubeconfig === undefined ? await inCluster(machine) : undefined;
  if (own === undefined) throw new ClusterError(noCluster(title));
  return own;
}

interface Texts {
  /** How messages call all of them. */
  readonly title: string;
  readonly texts: readonly KubeconfigText[];
}

async function readTexts(given: string | undefined, { env, home }: Machine): Promise<Texts> {
  if (given !== undefined) return given.search(/[\n{]/) < 0 ? readNamed(given, home) : contentOf(given);
  const named = (env["KUBECONFIG"] ?? "").split(delimiter).filter((path) => path !== "");
  const paths = named.length > 0 ? named : [join(home, ".kube", "config")];
  const texts = await Promise.all(paths.map(readIfThere));
  const title = named.length > 0 ? `KUBECONFIG (${named.join(delimiter)})` : `the kubeconfig ${paths.join("")}`;
  return { title, texts: texts.filter((text) => text !== undefined) };
}

function contentOf(text: string): Texts {
  const title = "the kubeconfig given as content";
  return { title, texts: [{ text, title, folder: process.cwd() }] };
}

async function readNamed(given: string, home: string): Promise<Texts> {
  if (Buffer.from(given, "base64").toString().includes("clusters"))
    throw new ClusterError("the kubeconfig must be a path or YAML, and it looks base64-encoded: decode it first");
  const path = given.replace(/^~(?=\/|$)/, home);
  const text = await readIfThere(path);
  if (text === undefined)
    throw new ClusterError(
      `the kubeconfig ${path} does not exist: check \`connection.kubeconfig\`, \`jobrun:kubeconfig\` or \`--kubeconfig\``,
    );
  return { title: text.title, texts: [text] };
}

async function readIfThere(path: string): Promise<KubeconfigText | undefined> {
  const title = `the kubeconfig ${path}`;
  try {
    return { text: await readFile(path, "utf8"), title, folder: dirname(resolve(path)) };
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw new ClusterError(`${title} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function chosen(config: Kubeconfig, wanted: string | undefined, title: string): Target {
  const name = wanted ?? config.currentContext;
  const known = [...config.contexts.keys()].join(", ") || "none";
  if (name === undefined)
    throw new ClusterError(
      `${title} has no current context: set \`connection.context\`, \`jobrun:context\` or, on the command line, \`--context\`; it has ${known}`,
    );
  const context = config.contexts.get(name);
  if (context === undefined) throw new ClusterError(`there is no context "${name}" in ${title}; it has ${known}`);
  const { user = "", namespace = "" } = context;
  return {
    cluster: withServer(named(config.clusters, context.cluster ?? "", `cluster of context "${name}" in ${title}`)),
    // No user at all means to go without credentials.
    user: user === "" ? {} : named(config.users, user, `user of context "${name}" in ${title}`),
    namespace: namespace === "" ? "default" : namespace,
    who: `user "${user}" of context "${name}"`,
  };
}

function named<T>(entries: ReadonlyMap<string, T>, name: string, title: string): T {
  const found = entries.get(name);
  if (found !== undefined) return found;
  throw new ClusterError(
    `the ${title} is "${name}", which does not exist; there is ${[...entries.keys()].join(", ") || "none"}`,
  );
}

/** States hold the server's URL to tell clusters apart: it never ends with a slash. */
function withServer(cluster: KubeCluster): KubeCluster {
  const { server } = cluster;
  if (!/^https?:\/\//.test(server) || !URL.canParse(server))
    throw new ClusterError(`the cluster's \`server\` must be a URL such as https://host:6443, got "${server}"`);
  return { ...cluster, server: server.replace(/\/$/, "") };
}

function noCluster(title: string): string {
  return `no cluster is named: ${title} has none; set KUBECONFIG, \`jobrun:kubeconfig\` and \`jobrun:context\` in the stack configuration, or \`connection\`; on the command line \`--kubeconfig\``;
}
