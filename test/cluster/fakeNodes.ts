import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command.ts";
import { startKwok, type Kwok } from "./kwok.ts";

/** What is needed to put nodes into a cluster: where it is, and the programs. */
type Cluster = { kubeconfig: string; context: string; kubectl: string; kwok: string };

/** Nodes on which pods only seem to run: they end well at once, and cost nothing but requests. */
export type FakeNodes = {
  /** What pods must say to get there, and nowhere else. */
  placement: { nodeSelector: Record<string, string>; tolerations: object[] };
  /** Removes the nodes and ends their kubelet. Pods should be gone before. */
  end: () => Promise<void>;
};

const LABEL = "pulumi-jobrun-test/fake-nodes";
// Other pods of the cluster would never really run there.
const taint = { key: "kwok.x-k8s.io/node", value: "fake", effect: "NoSchedule" };
// Without a word kwok's own nodes have no ephemeral storage, which every pod of ours asks for.
const capacity = { cpu: "1k", memory: "1Ti", "ephemeral-storage": "10Ti", pods: "10k" };

/** Adds nodes under that name to the cluster. Those that a killed test of the name left are taken over. */
export async function startFakeNodes(name: string, count: number, cluster: Cluster): Promise<FakeNodes> {
  const folder = mkdtempSync(join(tmpdir(), "fake-nodes-"));
  const kubectl = (...args: string[]): Promise<string> =>
    run([cluster.kubectl, "--kubeconfig", cluster.kubeconfig, "--context", cluster.context, ...args]);
  const selector = `${LABEL}=${name}`;
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, await kubectl("config", "view", "--minify", "--flatten"), { mode: 0o600 });
  const kwok = await startKwok(cluster.kwok, { kubeconfig, label: selector, folder });
  const end = async (): Promise<void> => {
    await kubectl("delete", "nodes", "--selector", selector);
    await kwok.end();
    rmSync(folder, { recursive: true });
  };
  const nodes = join(folder, "nodes.json");
  writeFileSync(nodes, JSON.stringify({ apiVersion: "v1", kind: "List", items: nodesOf(name, count) }));
  await kubectl("apply", "--server-side", "--filename", nodes);
  const ready = ["--for=condition=Ready", "--timeout=120s"];
  await awaitReady(kwok, () => kubectl("wait", "nodes", "--selector", selector, ...ready));
  return { placement: { nodeSelector: { [LABEL]: name }, tolerations: [taint] }, end };
}

function nodesOf(name: string, count: number): object[] {
  return Array.from({ length: count }, (_, i) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: `${name}-${i}`, labels: { [LABEL]: name, "kubernetes.io/os": "linux" } },
    spec: { taints: [taint] },
    status: { capacity, allocatable: capacity },
  }));
}

async function awaitReady(kwok: Kwok, wait: () => Promise<string>): Promise<void> {
  try {
    await wait();
  } catch (error) {
    throw new Error(`fake nodes must become ready; the end of kwok's log:\n${kwok.logTail()}`, { cause: error });
  }
}
