import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { isIPv6 } from "node:net";
import { join } from "node:path";
import type { Target } from "./kubeconfig";
import type { Machine } from "./machine";

/** The cluster whose pod this is, as the pod's service account; undefined outside of a pod. */
export async function inCluster({ env, serviceAccount }: Machine): Promise<Target | undefined> {
  const { KUBERNETES_SERVICE_HOST: host = "", KUBERNETES_SERVICE_PORT: port = "" } = env;
  const tokenFile = join(serviceAccount, "token");
  if (host === "" || port === "" || !existsSync(tokenFile)) return undefined;
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return {
    cluster: { server, "certificate-authority": join(serviceAccount, "ca.crt") },
    user: { tokenFile },
    namespace: (await readFile(join(serviceAccount, "namespace"), "utf8")).trim(),
    who: "the pod's service account",
  };
}
