import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { ExecPlugin, KubeCluster, KubeUser } from "../../../../provider/cluster/access/kubeconfig";
import type { Machine } from "../../../../provider/cluster/access/machine";
import { ClusterError } from "../../../../provider/cluster/errors";

/** An empty folder for each test of the file, and the machine whose home it is. */
export interface Place {
  readonly folder: string;
  readonly machine: Machine;
  /** Writes a file below the folder and returns its path; what is no text becomes JSON, which is YAML too. */
  write(name: string, content: unknown): string;
  read(name: string): string;
}

/** A place for each test of the file. */
export function placeForEach(env: Readonly<Record<string, string>> = {}): Place {
  const each = {} as { -readonly [K in keyof Place]: Place[K] };
  beforeEach(() => {
    each.folder = mkdtempSync(join(tmpdir(), "jobrun-"));
    const PATH = process.env["PATH"] ?? "";
    each.machine = { env: { PATH, ...env }, home: each.folder, serviceAccount: join(each.folder, "serviceaccount") };
  });
  afterEach(() => rmSync(each.folder, { recursive: true }));
  each.write = (name, content) => {
    const path = join(each.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
    return path;
  };
  each.read = (name) => readFileSync(join(each.folder, name), "utf8");
  return each;
}

/** The same machine with other variables. */
export function withEnv(machine: Machine, env: Readonly<Record<string, string>>): Machine {
  return { ...machine, env: { ...machine.env, ...env } };
}

/** A kubeconfig with one context, `here`, of user `me`. */
export function kubeconfig(user: KubeUser, cluster: Partial<KubeCluster> = {}, context: object = {}): object {
  return {
    clusters: [{ name: "there", cluster: { server: "https://there:6443", ...cluster } }],
    users: [{ name: "me", user }],
    contexts: [{ name: "here", context: { cluster: "there", user: "me", ...context } }],
    "current-context": "here",
  };
}

export const V1 = "client.authentication.k8s.io/v1";

/** Writes a credential plugin: a program in JavaScript that leaves a line in `runs` each time, with its environment. */
export function pluginIn(place: Place, body: string, more: Partial<ExecPlugin> = {}): ExecPlugin {
  const log = `require("fs").appendFileSync(${JSON.stringify(join(place.folder, "runs"))}, JSON.stringify(process.env) + "\\n");`;
  const path = place.write("bin/plugin", `#!${process.execPath}\n${PRINT}${log}\n${body}\n`);
  chmodSync(path, 0o755);
  return { apiVersion: V1, command: path, interactiveMode: "Never", ...more };
}

/** `print(status)` prints credentials; `lives(ms)` is a time as they hold it. */
const PRINT = `
const print = (status) =>
  console.log(JSON.stringify({ apiVersion: "${V1}", kind: "ExecCredential", status }));
const lives = (ms) => new Date(Date.now() + ms).toISOString();
`;

/** The environments in which the plugin was run. */
export function runsOf(place: Place): Record<string, string>[] {
  return place
    .read("runs")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, string>);
}

/** The error with which the promise rejects. */
export async function refusalOf(promise: Promise<unknown>): Promise<ClusterError> {
  const outcome = await promise.catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(ClusterError);
  return outcome as ClusterError;
}
