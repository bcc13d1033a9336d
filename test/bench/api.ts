import { createInterface } from "node:readline";
import { Agent } from "undici";
import { bed } from "../support/bed";
import { targetOf } from "../rig/target";

/** The API server, asked directly: for load, and to see when what happens. */
export interface Api {
  send(method: string, path: string, body?: object): Promise<unknown>;
  /** Tells of every event of the collection until `stop` is called, beginning now. */
  watch(path: string, on: (event: Event) => void): Promise<() => void>;
  close(): Promise<void>;
}

export interface Event {
  readonly type: string;
  readonly object: KubeStatus;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The parts of a Job or pod that measurements look at. */
export interface KubeStatus {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
    readonly containerStatuses?: readonly { readonly state?: ContainerState; readonly lastState?: ContainerState }[];
  };
}

interface ContainerState {
  readonly waiting?: { readonly reason?: string };
  readonly terminated?: { readonly reason?: string; readonly exitCode?: number };
}

const PATCH = "application/strategic-merge-patch+json";

/** Opens the test cluster. */
export async function openApi(): Promise<Api> {
  const { kubectl, kubeconfig, context } = bed();
  const { url, ...tls } = await targetOf(kubectl, ["--kubeconfig", kubeconfig, "--context", context]);
  const requests = new Agent({ connect: tls, connections: 16 });
  const streams = new Agent({ connect: tls, bodyTimeout: 0 });
  const ask: Api["send"] = async (method, path, body) => {
    const { statusCode, body: answer } = await requests.request({
      origin: url,
      path,
      method,
      headers: { "content-type": method === "PATCH" ? PATCH : "application/json" },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (statusCode >= 300) throw new Error(`${method} ${path} must be done, got ${statusCode}: ${text.slice(0, 500)}`);
    return JSON.parse(text) as unknown;
  };
  return {
    send: ask,
    watch: async (path, on) => {
      const list = (await ask("GET", `${path}?limit=1`)) as { metadata: { resourceVersion: string } };
      const from = `${path}?watch=true&resourceVersion=${list.metadata.resourceVersion}`;
      const { body } = await streams.request({ origin: url, path: from, method: "GET" });
      const lines = createInterface(body);
      lines.on("line", (line) => on({ ...(JSON.parse(line) as Omit<Event, "at">), at: Date.now() }));
      // Ended by us, the stream breaks off, and each of the two says so.
      for (const stream of [body, lines]) stream.on("error", () => undefined);
      return () => void body.destroy();
    },
    close: async () => {
      await Promise.all([requests.destroy(), streams.destroy()]);
    },
  };
}

/** Does the work for each item, so many at a time. */
export async function each<T, R>(items: readonly T[], most: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const worker = async (): Promise<void> => {
    for (const [i, item] of entries) results[i] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
  return results;
}
