import { spawn } from "node:child_process";

/** Where the API server of a cluster can be had without credentials, on loopback. */
export interface KubectlProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** `kubectl proxy` for the cluster: whatever its kubeconfig asks for, requests come through. */
export async function kubectlProxy(kubectl: string, flags: readonly string[]): Promise<KubectlProxy> {
  const child = spawn(kubectl, [...flags, "proxy", "--port=0"], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const address = await new Promise<string>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`kubectl proxy must go on, got exit code ${code}`)));
    child.stdout.on("data", (data: Buffer) => {
      const found = /127\.0\.0\.1:\d+/.exec(data.toString());
      if (found !== null) resolve(found[0]);
    });
  });
  return {
    url: `http://${address}`,
    close: () => {
      child.kill();
      return closed;
    },
  };
}
