import { once } from "node:events";
import { connect, createServer, type Http2Server } from "node:http2";
import type { AddressInfo } from "node:net";
import { onCancel } from "../../../provider/doors/dynamic/cancel";
import { interruption } from "../../../provider/doors/interruption";

/** Ends when it is told to, with what its signal said then. */
function operation() {
  const { promise: told, resolve: end } = Promise.withResolvers<undefined>();
  let signal: AbortSignal | undefined;
  return {
    run: async (given: AbortSignal): Promise<boolean> => {
      signal = given;
      await told;
      return given.aborted;
    },
    isAborted: () => signal?.aborted,
    end: () => end(undefined),
  };
}

describe("an interruption", () => {
  test("[U] reaches everything that is in flight", async () => {
    const { during, interrupt } = interruption();
    const [one, two] = [operation(), operation()];
    const results = [during(one.run), during(two.run)];
    interrupt();
    one.end();
    two.end();
    expect(await Promise.all(results)).toEqual([true, true]);
  });

  test("[U] is known of for good", () => {
    const { interrupt, interrupted } = interruption();
    expect(interrupted.aborted).toBe(false);
    interrupt();
    interrupt();
    expect(interrupted.aborted).toBe(true);
  });

  test("[U] reaches nothing that has ended before, and nothing that comes later", async () => {
    const { during, interrupt } = interruption();
    const [before, after] = [operation(), operation()];
    const ended = during(before.run);
    before.end();
    await ended;
    interrupt();
    const later = during(after.run);
    after.end();
    expect([before.isAborted(), await later]).toEqual([false, false]);
  });

  test("[U] reaches nothing that has failed before", async () => {
    const { during, interrupt } = interruption();
    let signal: AbortSignal | undefined;
    const failed = during((given) => {
      signal = given;
      return Promise.reject(new Error("no cluster"));
    });
    await expect(failed).rejects.toThrow("no cluster");
    interrupt();
    expect(signal?.aborted).toBe(false);
  });

  test("[U] with nothing in flight does nothing", () => {
    expect(interruption().interrupt).not.toThrow();
  });
});

describe("the engine's Cancel", () => {
  let server: Http2Server;

  beforeEach(async () => {
    server = createServer((_request, response) => response.end());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  afterEach(async () => {
    server.close();
    await once(server, "close");
  });

  /** Calls a method of the host and waits for its answer. */
  async function call(path: string): Promise<void> {
    const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const stream = session.request({ ":method": "POST", ":path": path }, { endStream: true }).resume();
    await once(stream, "end");
    session.close();
  }

  test("[U] is seen on the host's own server, and still answered", async () => {
    let cancelled = 0;
    onCancel(() => cancelled++);
    await call("/pulumirpc.ResourceProvider/Cancel");
    expect(cancelled).toBe(1);
  });

  test.each(["Create", "Read", "Diff"])("[U] is not confused with %s", async (method) => {
    let cancelled = 0;
    onCancel(() => cancelled++);
    await call(`/pulumirpc.ResourceProvider/${method}`);
    expect(cancelled).toBe(0);
  });
});

test("[U] without a server to look at, nothing is seen and nothing fails", () => {
  expect(() => onCancel(() => undefined)).not.toThrow();
});
