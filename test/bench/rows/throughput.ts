import { each } from "../api";
import { createBare } from "../bare";
import { unscheduled } from "../benchCluster";
import { openDoor } from "../doors";
import { nowhere } from "../pods";
import { makeProject } from "../project";
import type { Bench, Row, Take } from "../row";
import { kubeJob, numbers, type Work } from "../works";

const RUNS = 200;

const worksOf = (count: number): Work[] =>
  numbers(count).map((i) => ({
    ...{ name: `run-${i}`, indices: [0], command: ["true"], placement: nowhere, waits: false },
  }));

/** The CLI makes all of them. */
async function withCli({ namespace, parallel }: Bench, works: readonly Work[], take: Take): Promise<void> {
  for (const arm of ["P", "O", "D"] as const) {
    const { direct, remove } = await namespace(`create-${arm.toLowerCase()}`);
    const project = await makeProject(arm, direct, works);
    const { seconds } = await project.run("up", parallel);
    take("runs made by `up`", arm, works.length / seconds, "/s");
    project.remove();
    await remove();
  }
}

/** Only the calls of Create, without the engine. */
async function withoutEngine({ namespace, parallel }: Bench, works: readonly Work[], take: Take): Promise<void> {
  for (const arm of ["K", "O", "P"] as const) {
    const lodging = await namespace(`post-${arm.toLowerCase()}`);
    if (arm === "K") {
      const jobs = works.map((work) => kubeJob(work, lodging.namespace));
      take("all are made, without an engine", arm, await createBare(lodging.namespace, jobs), "s");
    } else {
      const door = await openDoor(arm, lodging.direct);
      const checked = await each(works, 16, (work) => door.check(work));
      const begun = performance.now();
      const made = await each([...works.entries()], parallel, ([i, work]) => door.create(work, checked[i] ?? {}));
      take("all are made, without an engine", arm, (performance.now() - begun) / 1_000, "s");
      const failed = made.find(({ ok }) => !ok);
      if (failed !== undefined) throw new Error(failed.message);
      await door.close();
    }
    await lodging.remove();
  }
}

const RECORD =
  "a run is two objects, its record and its Job, and six requests, one after the other, where P and K send one.";

/** P3 */
export const throughput: Row = {
  id: "P3",
  title: "create throughput",
  mostPairs: 2,
  work: `${RUNS} runs of one index, which are not waited for and whose pods go nowhere.`,
  targets: [
    { figure: "runs made by `up`", arms: ["O", "P"], atLeast: 1, why: RECORD },
    { figure: "all are made, without an engine", arms: ["O", "K"], atMost: 1.5, why: RECORD },
  ],
  notes: [
    "Without an engine: `kubectl create` of one file with all Jobs, beside all calls of Create that a provider is sent, as many at a time as `--parallel` says.",
  ],
  measure: async (bench, take) => {
    const works = worksOf(bench.count(RUNS));
    for (let pair = 0; pair < bench.pairs; pair++)
      await unscheduled(async () => {
        await withCli(bench, works, take);
        await withoutEngine(bench, works, take);
      });
  },
};
