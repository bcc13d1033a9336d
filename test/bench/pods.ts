import type { Api } from "./api";
import { each } from "./api";

/** Pods that no kubelet has: they end when they are told to, so that what follows can be timed. */

/** Goes nowhere: a node of that name does not exist. */
export const nowhere = { nodeSelector: { bench: "nowhere" } };

const OF_JOBS = "batch.kubernetes.io/job-name";

interface PodList {
  readonly metadata: { readonly continue?: string };
  readonly items: readonly Pod[];
}

interface Pod {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly status: { readonly phase: string };
  readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
}

const pathOf = (namespace: string): string => `/api/v1/namespaces/${namespace}/pods`;

/** The pods of Jobs that have not ended. */
async function pendingPods(api: Api, namespace: string): Promise<Pod[]> {
  const pods: Pod[] = [];
  let next = "";
  do {
    const query = new URLSearchParams({ labelSelector: OF_JOBS, fieldSelector: "status.phase=Pending", limit: "500" });
    if (next !== "") query.set("continue", next);
    const page = (await api.send("GET", `${pathOf(namespace)}?${query.toString()}`)) as PodList;
    pods.push(...page.items);
    next = page.metadata.continue ?? "";
  } while (next !== "");
  return pods;
}

/** Waits until so many pods of Jobs are there. */
export async function awaitPods(api: Api, namespace: string, count: number): Promise<void> {
  const end = Date.now() + 600_000;
  while ((await pendingPods(api, namespace)).length < count) {
    if (Date.now() > end) throw new Error(`there must be ${count} pods in ${namespace} after ten minutes`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

interface Ending {
  /** Pods a second; as fast as the API server takes it when not given. */
  readonly pace?: number;
  /** The exit code of an index. */
  readonly exitCode?: (index: number) => number;
}

/** Ends all pods of Jobs that are there. */
export async function endPods(api: Api, namespace: string, { pace, exitCode = () => 0 }: Ending = {}): Promise<void> {
  const pods = await pendingPods(api, namespace);
  const begun = performance.now();
  await each([...pods.entries()], 16, async ([i, pod]) => {
    const wait = pace === undefined ? 0 : begun + (i * 1_000) / pace - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const index = Number(pod.metadata.annotations?.["batch.kubernetes.io/job-completion-index"] ?? 0);
    await api.send("PATCH", `${pathOf(namespace)}/${pod.metadata.name}/status`, {
      status: ended(pod, exitCode(index)),
    });
  });
}

function ended({ spec }: Pod, exitCode: number): object {
  const now = new Date().toISOString().replace(/[.]\d+/, "");
  const terminated = { exitCode, reason: exitCode === 0 ? "Completed" : "Error", startedAt: now, finishedAt: now };
  const containerStatuses = spec.containers.map(({ name, image }) => ({
    ...{ name, image, imageID: "", ready: false, restartCount: 0 },
    state: { terminated },
  }));
  return { phase: exitCode === 0 ? "Succeeded" : "Failed", startTime: now, containerStatuses };
}

/** Pods of somebody else. */
export interface Foreigners {
  /** Begins to change so many of them a second; the answer stops it. */
  churn(pace: number): () => Promise<void>;
}

/** Makes pods that nobody schedules and that have nothing to do with any run. */
export async function foreignPods(api: Api, namespace: string, count: number): Promise<Foreigners> {
  const names = Array.from({ length: count }, (_, i) => `foreign-${i}`);
  await each(names, 16, (name) => api.send("POST", pathOf(namespace), foreign(name)));
  return {
    churn: (pace) => {
      const stop = new AbortController();
      const done = (async () => {
        for (let i = 0; !stop.signal.aborted; i++) {
          const name = names[i % names.length] ?? "";
          const patch = { metadata: { annotations: { changed: i.toString() } } };
          await Promise.all([
            api.send("PATCH", `${pathOf(namespace)}/${name}`, patch),
            new Promise((resolve) => setTimeout(resolve, 1_000 / pace)),
          ]);
        }
      })();
      return async () => {
        stop.abort();
        await done;
      };
    },
  };
}

/** A real pod has some kilobytes. */
function foreign(name: string): object {
  const padding = "x".repeat(2_000);
  const container = { name: "app", image: "somebody/app:1", env: [{ name: "PADDING", value: padding }] };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app: "somebody" } },
    spec: { schedulerName: "nobody", automountServiceAccountToken: false, containers: [container] },
  };
}
