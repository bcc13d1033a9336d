import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { getProgram, run } from "./command.ts";
import type { Settings } from "./settings.ts";
import { waitUntil } from "./wait.ts";

// Where the network plugins' library notes what it did for each pod.
const CNI_RESULTS = "/var/lib/cni/results";
const GONE_SECONDS = 10;

/** The pods' bridge, made before any pod, because its address is the node's: it must not be loopback. */
export async function ensureBridge({ bridge, network }: Settings): Promise<void> {
  if (!exists(bridge)) await ip("link", "add", bridge, "type", "bridge");
  await ip("address", "replace", `${network}.1/24`, "dev", bridge);
  await ip("link", "set", bridge, "up");
}

/** Removes the bridge, the pods' ends on it and the notes about them. */
export async function removeNetwork({ bridge }: Settings): Promise<void> {
  const ports = exists(bridge) ? readdirSync(`/sys/class/net/${bridge}/brif`) : [];
  // The kernel takes a pod's end away soon after the pod's network namespace; deleting it meanwhile would fail.
  await waitUntil(GONE_SECONDS, () => !ports.some(exists));
  for (const port of ports.filter(exists)) await ip("link", "delete", port);
  if (exists(bridge)) await ip("link", "delete", bridge);
  const notes = existsSync(CNI_RESULTS) ? readdirSync(CNI_RESULTS) : [];
  for (const note of notes.filter((file) => file.startsWith(`${bridge}-`))) rmSync(join(CNI_RESULTS, note));
}

function exists(device: string): boolean {
  return existsSync(`/sys/class/net/${device}`);
}

async function ip(...args: string[]): Promise<void> {
  await run([getProgram("ip", "to make the pods' bridge (Debian: iproute2)"), ...args]);
}
