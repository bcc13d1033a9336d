import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubectl } from "./kubectl";

/** Asks Kubernetes to evict a pod of the test cluster, as a drain of its node does; its program has that many seconds to end. */
export async function evict(namespace: string, name: string, graceSeconds?: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "jobrun-evict-"));
  const file = join(folder, "eviction.json");
  const deleteOptions = graceSeconds === undefined ? {} : { gracePeriodSeconds: graceSeconds };
  writeFileSync(
    file,
    JSON.stringify({ apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace }, deleteOptions }),
  );
  try {
    await kubectl("create", "--raw", `/api/v1/namespaces/${namespace}/pods/${name}/eviction`, "--filename", file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
