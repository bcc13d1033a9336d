import { setTimeout as delay } from "node:timers/promises";
import { Agent } from "undici";
import type { Connection } from "../../../provider/cluster/connect";
import { type FakeApiServer, startFakeApiServer } from "../../support/fakeApiServer";

/** A connection without a kubeconfig. */
export function connectionTo(server: string): Connection & { destroy(): Promise<void> } {
  const streams = new Agent();
  const authorization = "Bearer of-the-test";
  const access = {
    credential: { authorization, renewAt: Infinity },
    pools: { streams, requests: streams },
    headers: { authorization },
  };
  return {
    server,
    namespace: "jobs",
    access: () => Promise.resolve(access),
    renew: () => Promise.resolve(undefined),
    whyRefused: () => "the server does not accept the credentials of the test",
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
