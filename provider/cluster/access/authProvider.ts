import { ClusterError, messageOf } from "../errors";
import type { KubeUser, Target } from "./kubeconfig";

/** Asks the kubeconfig's `auth-provider` for a token; `oidc`, which IBM Cloud uses, refreshes an old one. */
export async function askAuthProvider(
  { who, cluster }: Target,
  authProvider: NonNullable<KubeUser["auth-provider"]>,
): Promise<string> {
  // Loaded late: it costs 0.3 s and 56 MB, and hardly anybody has such a kubeconfig.
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    { name: who, server: cluster.server, skipTLSVerify: true },
    { name: who, authProvider },
  );
  const options: { headers?: Record<string, string> } = {};
  try {
    await config.applyToHTTPSOptions(options);
  } catch (error) {
    throw noToken(who, authProvider.name, `: ${messageOf(error)}`);
  }
  const [, token] = (options.headers?.["Authorization"] ?? "").split(" ");
  if (token === undefined || token === "") throw noToken(who, authProvider.name, "");
  return token;
}

function noToken(who: string, name: string, why: string): ClusterError {
  return new ClusterError(`the auth-provider "${name}" of ${who} gives no token${why}; log in again`, { status: 401 });
}
