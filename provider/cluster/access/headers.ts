import type { Credential } from "./credential";
import type { KubeUser } from "./kubeconfig";

/** The headers that say who asks, and as whom. */
export function headersOf(user: KubeUser, { authorization }: Credential): Record<string, string | string[]> {
  const { as, "as-uid": uid, "as-groups": groups = [], "as-user-extra": extra = {} } = user;
  const isAs = as !== undefined && as !== "";
  return {
    ...(authorization !== undefined && { authorization }),
    ...(isAs && { "impersonate-user": as }),
    ...(uid !== undefined && { "impersonate-uid": uid }),
    ...(groups.length > 0 && { "impersonate-group": [...groups] }),
    ...Object.fromEntries(
      Object.entries(extra).map(([key, values]) => [`impersonate-extra-${encodeURIComponent(key)}`, [...values]]),
    ),
  };
}
