import { type Proxy, startProxy } from "../rig/proxy";
import { targetOf } from "../rig/target";
import { bed } from "./bed";

/** A proxy before the test cluster; its kubeconfigs name the context that the cluster has everywhere. */
export async function proxied(seed?: string): Promise<Proxy> {
  const { kubectl, kubeconfig, context } = bed();
  const target = await targetOf(kubectl, ["--kubeconfig", kubeconfig, "--context", context]);
  return startProxy(target, { context, ...(seed !== undefined && { seed }) });
}
