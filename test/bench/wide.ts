import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FakeNodes } from "../cluster/fakeNodes.ts";
import { repositoryRoot } from "../cluster/paths.ts";
import { fakeNodes } from "../support/fakeNodes";
import { type AnyObject, leftovers, objects } from "../support/kubectl";
import type { Ended, TestStack } from "../support/stack";
import { stacksIn } from "../support/stacks";

/**
 * Measures runs of 1,000 indices, on nodes where pods end well at once, and prints a table. The Job controller's own limit
 * of 20 requests a second decides most of it. Nothing is asserted of the times.
 */

jest.setTimeout(1_800_000);

const namespace = "bench-wide";
const stacks = stacksIn(namespace);
const scratch = mkdtempSync(join(tmpdir(), "bench-wide-"));
const counted = join(scratch, "requests");
const rows: Record<string, Record<string, string | number>> = {};
let nodes: FakeNodes | undefined;

beforeAll(async () => {
  process.env["NODE_OPTIONS"] = `--require ${join(repositoryRoot(), "test/bench/countRequests.cjs")}`;
  process.env["COUNTED_REQUESTS"] = counted;
  await stacks.open();
  nodes = await fakeNodes(namespace, 4);
});
afterAll(async () => {
  try {
    await stacks.close();
  } finally {
    await nodes?.end();
  }
  rmSync(scratch, { recursive: true });
  console.table(rows);
});

/** Requests that our provider has sent since the last question. */
function takeRequests(): number {
  if (!existsSync(counted)) return 0;
  const count = readFileSync(counted, "utf8").split("\n").length - 1;
  rmSync(counted);
  return count;
}

/** Milliseconds since 1970 at which the engine began with the run, and at which it was done. */
function spanOf({ events }: Ended): { start: number; end: number } {
  const seen = (name: "resourcePreEvent" | "resOutputsEvent"): number =>
    events.find((event) => event[name]?.metadata.urn.endsWith("::run"))?.seenAt ?? NaN;
  return { start: seen("resourcePreEvent"), end: seen("resOutputsEvent") };
}

/** Seconds from the start to the first and the last of these times, which the cluster gives in whole seconds. */
function ends(start: number, times: readonly (string | undefined)[]): string {
  const known = times.map((time = "") => (Date.parse(time) - start) / 1_000);
  return `${Math.min(...known).toFixed(0)} … ${Math.max(...known).toFixed(0)}`;
}

const made = (all: readonly AnyObject[]): (string | undefined)[] =>
  all.map(({ metadata }) => metadata.creationTimestamp);

/** When Kubernetes first said how each Job ends. */
function verdicts(jobs: readonly AnyObject[]): (string | undefined)[] {
  return jobs.map(({ status }) => {
    const { conditions = [] } = status as { conditions?: { lastTransitionTime: string }[] };
    return conditions.map(({ lastTransitionTime }) => lastTransitionTime).toSorted()[0];
  });
}

async function measure(stack: TestStack, run: string): Promise<Record<string, string | number>> {
  takeRequests();
  const up = await stack.up();
  expect(up.ok).toBe(true);
  const { start, end } = spanOf(up);
  const upRequests = takeRequests();
  const [jobs, pods] = await Promise.all(
    ["jobs", "pods"].map((kind) => objects(namespace, kind, `pulumi-jobrun/run=${run}`)),
  );
  const before = Date.now();
  expect((await stack.destroy()).ok).toBe(true);
  return {
    "Jobs made": ends(start, made(jobs ?? [])),
    "pods made": ends(start, made(pods ?? [])),
    verdicts: ends(start, verdicts(jobs ?? [])),
    "create ended": ((end - start) / 1_000).toFixed(1),
    "requests of up": upRequests,
    destroy: ((Date.now() - before) / 1_000).toFixed(1),
    "requests of destroy": takeRequests(),
  };
}

describe("a run of 1,000 indices", () => {
  it.each([
    ["contiguous", "0-999"],
    ["sparse", "1-1000"],
  ])("%s: completes, and leaves nothing", async (name, indices) => {
    const program = `new JobRun("run", { ...small, ...${JSON.stringify(nodes?.placement)}, name: "${name}", arrayIndices: "${indices}", command: ["true"] });`;
    rows[name] = await measure(stacks.make(name, program), name);
    expect(await leftovers(namespace)).toEqual([]);
  });
});
