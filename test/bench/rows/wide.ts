import { fakeNodes } from "../../support/fakeNodes";
import { createBare, waitBare } from "../bare";
import { openDoor } from "../doors";
import type { Lodging, Row } from "../row";
import { kubeJob, type KubeJob, numbers, sparseKubeJobs, type Work } from "../works";

const INDICES = 1_000;

/** Seconds from the call of Create to the result. */
async function created({ direct }: Lodging, work: Work): Promise<number> {
  const door = await openDoor("O", direct);
  const { ok, ms, message } = await door.create(work, await door.check(work), 1_800);
  if (!ok) throw new Error(message);
  await door.close();
  return ms / 1_000;
}

/** Seconds from `kubectl create` to the end of `kubectl wait`. */
async function bare({ namespace }: Lodging, jobs: readonly KubeJob[]): Promise<number> {
  const begun = performance.now();
  await createBare(namespace, jobs);
  await waitBare(namespace);
  return (performance.now() - begun) / 1_000;
}

interface Shape {
  readonly name: string;
  readonly indices: (count: number) => number[];
  readonly bareJobs: (work: Work, namespace: string) => KubeJob[];
}

function measure({ name, indices, bareJobs }: Shape): Row["measure"] {
  return async (bench, take) => {
    const nodes = await fakeNodes(`bench-${name}`, 4);
    const set = indices(bench.count(INDICES));
    const work = { name, indices: set, command: ["true"], placement: nodes.placement, waits: true };
    const lodged = async (suffix: string, timed: (lodging: Lodging) => Promise<number>): Promise<number> => {
      const lodging = await bench.namespace(`${name}-${suffix}`);
      const seconds = await timed(lodging);
      await lodging.remove();
      return seconds;
    };
    for (let pair = 0; pair < bench.pairs; pair++) {
      take("time", "K", await lodged("k", (lodging) => bare(lodging, bareJobs(work, lodging.namespace))), "s");
      take("time", "O", await lodged("o", (lodging) => created(lodging, work)), "s");
    }
    await nodes.end();
  };
}

/** P5 */
export const wide: Row = {
  id: "P5",
  title: "a wide run",
  mostPairs: 2,
  work: `One run of ${INDICES} indices, whose pods end at once, from its creation to its result.`,
  targets: [{ figure: "time", arms: ["O", "K"], atMost: 1.05 }],
  measure: measure({
    name: "wide",
    indices: numbers,
    bareJobs: (work, namespace) => [kubeJob(work, namespace)],
  }),
};

/** P6 */
export const sparse: Row = {
  id: "P6",
  title: "a sparse set",
  mostPairs: 1,
  work: `One run of ${INDICES} scattered indices, which is as many Jobs, from its creation to its result; K is one file with as many Jobs.`,
  targets: [{ figure: "time", arms: ["O", "K"], atMost: 1.1 }],
  measure: measure({
    name: "sparse",
    indices: (count) => numbers(count).map((i) => 3 * i + 1),
    bareJobs: sparseKubeJobs,
  }),
};
