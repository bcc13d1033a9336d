import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ClusterError } from "../errors";
import type { Credential } from "./credential";
import { type Failed, readCredential } from "./execCredential";
import type { ExecPlugin, KubeCluster, Target } from "./kubeconfig";
import { readPem } from "./material";

const GROUP = "client.authentication.k8s.io";

/** A plugin that waits for somebody to log in would hold up everything, without a word. */
const LONGEST_RUN_MS = 120_000;

/** Runs a credential plugin as kubectl does, without a terminal, and returns what it printed. */
export async function runPlugin(
  target: Target,
  plugin: ExecPlugin,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Credential> {
  const failed = (why: string): ClusterError =>
    new ClusterError(`the credential plugin "${plugin.command}" of ${target.who} ${why}`, { status: 401 });
  if (plugin.interactiveMode === "Always")
    throw failed("needs a terminal (interactiveMode: Always), and there is none: use credentials that need nobody");
  const own = Object.fromEntries((plugin.env ?? []).map(({ name, value }) => [name, value]));
  const info = JSON.stringify(await execInfo(target, plugin));
  const printed = await run(plugin, { ...env, ...own, KUBERNETES_EXEC_INFO: info }, failed);
  return readCredential(printed, plugin.apiVersion, failed);
}

async function run(
  { command, args, installHint }: ExecPlugin,
  env: NodeJS.ProcessEnv,
  failed: Failed,
): Promise<string> {
  try {
    const running = promisify(execFile)(command, args ?? [], { env, timeout: LONGEST_RUN_MS });
    running.child.stdin?.end();
    return (await running).stdout;
  } catch (error) {
    throw failed(whyNot(error as PluginFailure, installHint));
  }
}

/** What `execFile` rejects with. */
interface PluginFailure extends Error {
  /** Exit code, or the name of the system's error. */
  readonly code?: number | string | null;
  readonly killed?: boolean;
  readonly stderr?: string;
}

function whyNot({ code, killed, stderr = "", message }: PluginFailure, installHint = ""): string {
  const hint = installHint === "" ? "" : `; ${installHint.trim()}`;
  if (code === "ENOENT") return `is not found: install it, or mend \`users[].user.exec.command\`${hint}`;
  if (code === "EACCES") return "is not executable: make it so with `chmod +x`";
  if (killed === true) return `gave no answer within ${LONGEST_RUN_MS / 1_000} s: log in first, as for kubectl`;
  if (typeof code === "number") return `failed with exit code ${code}: ${lastWords(stderr)}`;
  return `could not be run: ${message.split("\n")[0] ?? ""}`;
}

/** What a failing program says last explains the failure. */
function lastWords(stderr: string): string {
  const said = stderr.trim();
  if (said === "") return "it gave no reason";
  return said.length <= 500 ? said : `…${said.slice(-500)}`;
}

/** What the plugin is told in `KUBERNETES_EXEC_INFO`. */
async function execInfo({ cluster, who }: Target, { apiVersion, provideClusterInfo }: ExecPlugin): Promise<object> {
  const spec = { interactive: false, ...(provideClusterInfo === true && { cluster: await clusterInfo(cluster, who) }) };
  return { apiVersion, kind: "ExecCredential", spec };
}

async function clusterInfo({ extensions = [], ...cluster }: KubeCluster, who: string): Promise<object> {
  const { "certificate-authority": file, "certificate-authority-data": data, ...told } = cluster;
  const authority = await readPem(file, data, `the certificate-authority for ${who}`);
  const config = extensions.find(({ name }) => name === `${GROUP}/exec`)?.extension;
  return {
    ...told,
    ...(authority !== undefined && { "certificate-authority-data": Buffer.from(authority).toString("base64") }),
    ...(config !== undefined && { config }),
  };
}
