import { credentials, type ServiceError } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A provider in a process of its own, as the engine starts it. */
export interface ProviderProcess {
  readonly pid: number;
  /** Calls a method of the protocol. */
  call<A>(method: keyof ResourceProviderClient, request: object): Promise<A>;
  /** Resolves when the process has ended. */
  readonly ended: Promise<unknown>;
  /** What it has written to its error stream: nothing, when all is well. */
  errors(): string;
  /** Ends it as the kernel does when memory runs out. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Pulumi's own limit for one message. */
const options = { "grpc.max_receive_message_length": 400 * 1_024 * 1_024 };

/** Starts the process and waits for the port on its first line. */
export async function startProvider({ command, args, cwd, env }: Command): Promise<ProviderProcess> {
  const child = spawn(command, args, { cwd, env, stdio: "pipe" });
  const ended = once(child, "exit");
  let errors = "";
  child.stderr.on("data", (data: Buffer) => {
    errors += data.toString();
    process.stderr.write(data);
  });
  const [port] = (await once(createInterface(child.stdout), "line")) as [string];
  const client = new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure(), options);
  return {
    pid: child.pid ?? 0,
    ended,
    errors: () => errors,
    kill: async () => {
      child.kill("SIGKILL");
      await ended;
    },
    call: <A>(method: keyof ResourceProviderClient, request: object) =>
      new Promise<A>((resolve, reject) => {
        const send = client[method].bind(client) as unknown as (
          request: object,
          answered: (error: ServiceError | null, answer: A) => void,
        ) => void;
        send(request, (error, answer) => (error === null ? resolve(answer) : reject(error)));
      }),
    close: async () => {
      client.close();
      child.kill();
      await ended;
    },
  };
}

/** What an error says of a resource that exists but is not what it should be; undefined for every other error. */
export function initFailureIn(error: unknown): ErrorResourceInitFailed | undefined {
  const [packed] = (error as Partial<ServiceError>).metadata?.get("grpc-status-details-bin") ?? [];
  if (!Buffer.isBuffer(packed)) return undefined;
  const [detail] = Status.deserializeBinary(packed).getDetailsList();
  return detail === undefined ? undefined : ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
}
