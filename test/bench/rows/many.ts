import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "../../cluster/paths.ts";
import { until } from "../../support/kubectl";
import { each } from "../api";
import { unscheduled } from "../benchCluster";
import { type Door, type DoorArm, openDoor } from "../doors";
import { awaitPods, endPods, nowhere } from "../pods";
import type { Bench, Row, Take } from "../row";
import { usageOf } from "../usage";
import { numbers } from "../works";

const RUNS = 500;
const INDICES = 10;

/** How late the event loop of the process is; only Node has one. */
async function lateness({ pid }: Door, file: string): Promise<number> {
  process.kill(pid, "SIGUSR2");
  await until(() => Promise.resolve(existsSync(file) && readFileSync(file, "utf8").endsWith("\n")));
  return Number(readFileSync(file, "utf8"));
}

async function awaitAll(bench: Bench, arm: DoorArm, take: Take): Promise<void> {
  const runs = bench.count(RUNS);
  const folder = mkdtempSync(join(tmpdir(), "bench-many-"));
  const file = join(folder, "delay");
  const preload = `--require ${join(repositoryRoot(), "test/bench/eventLoop.cjs")}`;
  const env = { ...process.env, NODE_OPTIONS: preload, EVENT_LOOP_DELAY: file };
  const { namespace, direct, remove } = await bench.namespace(`many-${arm.toLowerCase()}`);
  const { place, traffic } = bench.counted(direct, `many-${arm}`);
  const door = await openDoor(arm, place, env);
  const works = numbers(runs).map((i) => ({
    ...{ name: `run-${i}`, indices: numbers(INDICES), command: ["true"], placement: nowhere, waits: true },
  }));
  const checked = await each(works, 16, (work) => door.check(work));
  const ends = works.map((work, i) => door.create(work, checked[i] ?? {}));
  await awaitPods(bench.api, namespace, runs * INDICES);
  take("open watches, all runs waiting", arm, traffic().watches.now, "");
  await endPods(bench.api, namespace);
  const failed = (await Promise.all(ends)).find(({ ok }) => !ok);
  if (failed !== undefined) throw new Error(failed.message);
  const { mostMemory, cpu } = usageOf(door.pid);
  take("memory at most", arm, mostMemory, "MiB");
  take("time on a CPU", arm, cpu, "s");
  take("received", arm, traffic().receivedBytes / 1_024, "KiB");
  if (arm === "O") take("event loop late, 99 of 100 times", arm, await lateness(door, file), "ms");
  await door.close();
  rmSync(folder, { recursive: true });
  await remove();
}

const HEAP =
  "what is kept of a run of ten pods is 8 KiB (`npm run bench:waiting`), so 4 MiB of all of them; the rest is Node itself, 500 calls under way, and what V8 has not collected yet of some 100 MiB of events: it lets the heap grow first.";

/** P9 */
export const many: Row = {
  id: "P9",
  title: "many runs waited for",
  mostPairs: 1,
  work: `${RUNS} runs of ${INDICES} indices, waited for at once by one process, until all have their results.`,
  targets: [
    { figure: "open watches, all runs waiting", arms: ["O"], atMost: 3 },
    { figure: "memory at most", arms: ["O", "P"], atMost: 1 },
    { figure: "memory at most", arms: ["O"], atMost: 200, why: HEAP },
    { figure: "event loop late, 99 of 100 times", arms: ["O"], atMost: 50 },
    { figure: "time on a CPU", arms: ["O", "P"], atMost: 1.5 },
  ],
  measure: (bench, take) =>
    unscheduled(async () => {
      for (const arm of ["P", "O"] as const) await awaitAll(bench, arm, take);
    }),
};
