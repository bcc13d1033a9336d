import { down, status, up } from "../cluster/clusters.ts";
import { run } from "../cluster/command.ts";
import { contextName } from "../cluster/kubeconfig.ts";
import { type Proxy, startProxy } from "../rig/proxy";
import { targetOf } from "../rig/target";
import { bed } from "./bed";

/** A cluster that one test file has for itself, so that it may break it. */
export interface OwnCluster {
  /** Straight to the API server. */
  readonly kubeconfig: string;
  /** A kubeconfig whose way to the API server leads through the proxy. */
  readonly proxied: string;
  readonly context: string;
  readonly proxy: Proxy;
  kubectl(...args: string[]): Promise<string>;
  /** Kills a part of the control plane, or the node's kubelet. */
  kill(part: Component["name"]): Promise<void>;
  /** Starts what was killed. */
  restore(): Promise<void>;
  /** Kills the API server; meanwhile, etcd forgets all history; and starts the API server again. */
  restartWithoutHistory(): Promise<void>;
  close(): Promise<void>;
}

type Component = Awaited<ReturnType<typeof status>>["components"][number];

/** Brings the cluster up. */
export async function ownCluster(name: string): Promise<OwnCluster> {
  const { kubeconfig } = await up(name);
  const component = async (wanted: Component["name"]): Promise<Component> => {
    const found = (await status(name)).components.find((candidate) => candidate.name === wanted);
    if (found === undefined) throw new Error(`cluster ${name} must have a ${wanted}`);
    return found;
  };
  const kill = async (part: Component["name"]): Promise<void> => {
    const { pid } = await component(part);
    if (pid === undefined) throw new Error(`the ${part} of cluster ${name} must run, to be killed`);
    process.kill(pid, "SIGKILL");
  };
  const restore = async (): Promise<void> => {
    await up(name);
  };
  const context = contextName(name);
  const proxy = await startProxy(await targetOf(bed().kubectl, ["--kubeconfig", kubeconfig]), { context });
  return {
    kubeconfig,
    kill,
    restore,
    proxied: proxy.kubeconfig("tests"),
    context,
    proxy,
    kubectl: (...args) => run([bed().kubectl, "--kubeconfig", kubeconfig, ...args]),
    restartWithoutHistory: async () => {
      await kill("kube-apiserver");
      await compact((await component("etcd")).port ?? 0);
      await restore();
    },
    close: async () => {
      await proxy.close();
      await down(name);
    },
  };
}

/** Makes etcd forget every version but the current one. */
async function compact(port: number): Promise<void> {
  const ask = async (call: string, body: object): Promise<{ header: { revision: string } }> => {
    const answer = await fetch(`http://127.0.0.1:${port}/v3/kv/${call}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`etcd must do ${call}, got ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as { header: { revision: string } };
  };
  const { header } = await ask("range", { key: Buffer.from("/").toString("base64") });
  await ask("compaction", { revision: header.revision, physical: true });
}
