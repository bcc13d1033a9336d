import { createServer } from "node:http";
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";

/** A proxy on loopback. */
export interface ProxyServer {
  /** `host:port` of everything that it was to connect to. */
  readonly targets: string[];
  readonly host: string;
  close(): void;
}

/** An HTTP proxy that opens tunnels for those who give the password, if there is one. */
export async function startHttpProxy(password?: string): Promise<ProxyServer> {
  const targets: string[] = [];
  const wanted = password === undefined ? undefined : `Basic ${Buffer.from(`me:${password}`).toString("base64")}`;
  const server = createServer().on("connect", ({ url = "", headers }, socket: Socket) => {
    targets.push(url);
    const isLetIn = headers["proxy-authorization"] === wanted;
    socket.write(`HTTP/1.1 ${isLetIn ? "200 Connection Established" : "407 Proxy Authentication Required"}\r\n\r\n`);
    if (isLetIn) tunnel(socket, url);
    else socket.end();
  });
  return listening(server, targets);
}

/** A SOCKS5 proxy that lets everybody in. */
export async function startSocksProxy(): Promise<ProxyServer> {
  const targets: string[] = [];
  const server = createTcpServer((socket) => {
    socket.once("data", () => {
      socket.write(Buffer.from([5, 0]));
      socket.once("data", (request) => {
        const url = addressOf(request);
        targets.push(url);
        socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
        tunnel(socket, url);
      });
    });
  });
  return listening(server, targets);
}

function addressOf(request: Buffer): string {
  const isName = request[3] === 3;
  const host = isName ? request.subarray(5, -2).toString() : request.subarray(4, -2).join(".");
  return `${host}:${request.readUInt16BE(request.length - 2)}`;
}

function tunnel(socket: Socket, url: string): void {
  const [host = "", port = ""] = url.split(":");
  const to = connect(Number(port), host);
  socket.on("error", () => to.destroy());
  to.on("error", () => socket.destroy());
  socket.pipe(to).pipe(socket);
}

async function listening(server: ReturnType<typeof createTcpServer>, targets: string[]): Promise<ProxyServer> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    targets,
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
