import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubectl } from "../support/kubectl";
import type { KubeJob } from "./works";

/** `kubectl create` of all of them in one file; returns the seconds. */
export async function createBare(namespace: string, jobs: readonly KubeJob[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const file = join(folder, "jobs.json");
  writeFileSync(file, JSON.stringify({ apiVersion: "v1", kind: "List", items: jobs }));
  const begun = performance.now();
  await kubectl("create", "--namespace", namespace, "--filename", file);
  const seconds = (performance.now() - begun) / 1_000;
  rmSync(folder, { recursive: true });
  return seconds;
}

/** `kubectl wait` for the end of those Jobs; of all when none is named. */
export async function waitBare(
  namespace: string,
  jobs: readonly string[] = [],
  condition: "Complete" | "Failed" = "Complete",
): Promise<void> {
  const names = jobs.length === 0 ? ["jobs", "--all"] : jobs.map((name) => `job/${name}`);
  await kubectl("wait", ...names, "--namespace", namespace, `--for=condition=${condition}`, "--timeout=900s");
}
