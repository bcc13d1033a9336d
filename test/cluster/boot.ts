import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Settings } from "./settings.ts";

// What is true of running containers only: a reboot ends them and leaves these files behind.
const RUNTIME = ["containerd/state", "containerd/runc", "ipam"];

/** Forgets containers that the machine's last reboot ended; containerd would look for them in vain. */
export function forgetEarlierBoot({ folder }: Settings): void {
  const file = join(folder, "boot-id");
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  if (existsSync(file) && readFileSync(file, "utf8") !== boot) {
    for (const part of RUNTIME) rmSync(join(folder, part), { recursive: true, force: true });
  }
  writeFileSync(file, boot);
}
