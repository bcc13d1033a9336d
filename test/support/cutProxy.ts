import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server that can be cut. */
export interface CutProxy {
  readonly port: number;
  /** Breaks every connection, both ways, and takes new ones as before; returns how many there were. */
  cut(): number;
  close(): Promise<void>;
}

/** Passes connections on to a port of loopback. */
export async function cutProxy(target: number): Promise<CutProxy> {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(target, "127.0.0.1");
    const end = (): void => {
      client.destroy();
      upstream.destroy();
      clients.delete(client);
    };
    clients.add(client);
    // A broken connection is what this is for.
    for (const socket of [client, upstream]) socket.on("error", end).on("close", end);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = (): number => {
    const { size } = clients;
    for (const client of clients) client.destroy();
    return size;
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}
