import { setTimeout as delay } from "node:timers/promises";
import { Agent, interceptors } from "undici";
import type { Connection } from "../../../provider/cluster/connect";
import { type FakeApiServer, startFakeApiServer } from "../../support/fakeApiServer";

/** A connection without a kubeconfig, which repeats requests like the real one, only faster. */
export function connectionTo(server: string): Connection & { destroy(): Promise<void> } {
  const streams = new Agent();
  const requests = streams.compose(
    interceptors.retry({
      maxRetries: 2,
      minTimeout: 5,
      maxTimeout: 2_000,
      methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
      statusCodes: [429, 502, 503, 504],
      throwOnError: false,
    }),
  );
  return {
    server,
    namespace: "jobs",
    pools: () => Promise.resolve({ streams, requests }),
    headers: () => Promise.resolve({ authorization: "Bearer of-the-test" }),
    destroy: () => streams.destroy(),
  };
}

/** A server for each test of the file, and a connection to it. */
export function serverForEach(): { readonly api: FakeApiServer; readonly connection: Connection } {
  const each = {} as { api: FakeApiServer; connection: ReturnType<typeof connectionTo> };
  beforeEach(async () => {
    each.api = await startFakeApiServer();
    each.connection = connectionTo(each.api.url);
  });
  afterEach(async () => {
    await each.connection.destroy();
    await each.api.close();
  });
  return each;
}

/** Resolves as soon as the condition holds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 4_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`never came true: ${condition.toString()}`);
    await delay(2);
  }
}
