import { each } from "../api";
import { createBare, waitBare } from "../bare";
import { unscheduled } from "../benchCluster";
import { openDoor, type DoorArm } from "../doors";
import { watchVerdicts } from "../jobs";
import { awaitPods, endPods, foreignPods, nowhere } from "../pods";
import type { Bench, Lodging, Row, Take } from "../row";
import { percentile } from "../statistics";
import { usageOf } from "../usage";
import { kubeJob, numbers, type Work } from "../works";

const RUNS = 200;
/** Each is a process of its own. */
const WAITERS = 20;
/** Pods that end a second. */
const PACE = 20;

const worksOf = (prefix: string, count: number): Work[] =>
  numbers(count).map((i) => ({
    ...{ name: `${prefix}-${i}`, indices: [0], command: ["true"], placement: nowhere, waits: true },
  }));

interface Awaited {
  /** Milliseconds from the word of Kubernetes to the answer, a run each. */
  readonly delays: readonly number[];
  readonly memory: number;
}

interface Order {
  readonly arm: DoorArm;
  readonly prefix: string;
  readonly lodging: Lodging;
  readonly kubeconfig?: string;
}

/** Awaits runs by a provider, ends their pods one after the other, and compares what Kubernetes and the provider said when. */
async function awaited({ api, count }: Bench, { arm, prefix, lodging, kubeconfig }: Order): Promise<Awaited> {
  const works = worksOf(prefix, count(RUNS));
  const verdicts = await watchVerdicts(api, lodging.namespace);
  const door = await openDoor(arm, { ...lodging.direct, ...(kubeconfig && { kubeconfig }) });
  const checked = await each(works, 16, (work) => door.check(work));
  const ends = works.map((work, i) => door.create(work, checked[i] ?? {}));
  await awaitPods(api, lodging.namespace, works.length);
  await endPods(api, lodging.namespace, { pace: PACE });
  const created = await Promise.all(ends);
  const { mostMemory: memory } = usageOf(door.pid);
  await door.close();
  verdicts.stop();
  const said = arm === "P" ? verdicts.ended : verdicts.decided;
  const delays = created.map(({ at, ok, message }, i) => {
    if (!ok) throw new Error(message);
    return at - (said.get(works[i]?.name ?? "") ?? NaN);
  });
  return { delays, memory };
}

/** The same by processes of `kubectl wait`. */
async function awaitedBare({ api, count }: Bench, { namespace }: Lodging): Promise<number[]> {
  const works = worksOf("bare", count(WAITERS));
  const verdicts = await watchVerdicts(api, namespace);
  await createBare(
    namespace,
    works.map((work) => kubeJob(work, namespace)),
  );
  await awaitPods(api, namespace, works.length);
  const ends = works.map(async ({ name }) => {
    await waitBare(namespace, [name]);
    return [name, Date.now()] as const;
  });
  // All of them must be waiting before the first one ends.
  await new Promise((resolve) => setTimeout(resolve, 5_000));
  await endPods(api, namespace, { pace: PACE });
  const seen = await Promise.all(ends);
  verdicts.stop();
  return seen.map(([name, at]) => at - (verdicts.ended.get(name) ?? NaN));
}

function note(take: Take, arm: "K" | DoorArm, delays: readonly number[]): void {
  take("delay, half of the runs", arm, percentile(delays, 0.5), "ms");
  take("delay, 99 of 100 runs", arm, percentile(delays, 0.99), "ms");
}

const RESULT =
  "After the verdict three requests follow one another before the answer: the result into the record, how long its Job is kept, and the mark that the engine is being told. P and K send none.";

/** P4 */
export const latency: Row = {
  id: "P4",
  title: "from the verdict to the answer",
  mostPairs: 3,
  work: `${RUNS} runs that are waited for at once by one process, whose pods end one after the other, ${PACE} a second: from the moment at which another watch sees the word of Kubernetes to the answer of Create.`,
  targets: [
    { figure: "delay, half of the runs", arms: ["O", "K"], atMost: 1.2, why: RESULT },
    { figure: "delay, 99 of 100 runs", arms: ["O", "K"], atMost: 1.2, why: RESULT },
    { figure: "delay, half of the runs", arms: ["O", "P"], atMost: 1, why: RESULT },
    { figure: "delay, 99 of 100 runs", arms: ["O", "P"], atMost: 1, why: RESULT },
    { figure: "delay, 99 of 100 runs", arms: ["O"], atMost: 150, why: RESULT },
  ],
  notes: [
    `For P and K that is the last word, \`Complete\`; for O the first one that cannot be taken back, and its answer also has the result written into the record of the run. K is ${WAITERS} processes of \`kubectl wait\`, a Job each, with the end of the process.`,
  ],
  measure: async (bench, take) => {
    for (let pair = 0; pair < bench.pairs; pair++)
      await unscheduled(async () => {
        const bare = await bench.namespace("await-k");
        note(take, "K", await awaitedBare(bench, bare));
        await bare.remove();
        for (const arm of ["P", "O"] as const) {
          const lodging = await bench.namespace(`await-${arm.toLowerCase()}`);
          note(take, arm, (await awaited(bench, { arm, prefix: "run", lodging })).delays);
          await lodging.remove();
        }
      });
  },
};

const FOREIGN = 3_000;

/** P8 */
export const noisy: Row = {
  id: "P8",
  title: "a namespace full of others",
  mostPairs: 1,
  work: `As P4, in an empty namespace and in one with ${FOREIGN} pods of somebody else, of which 20 a second change.`,
  targets: [
    {
      figure: "delay of 99 of 100 runs, against the empty namespace",
      arms: ["O"],
      atMost: 1.1,
      why: "no event of the others comes to ours; but the API server, etcd and the benchmark's own changes of them take their part of the same two cores.",
    },
    {
      figure: "received",
      arms: ["O", "P"],
      atMost: 0.05,
      why: "the events of our own pods and Jobs are as large as P's, and are most of what either gets; only those of the others are left out.",
    },
    { figure: "more memory", arms: ["O"], atMost: 20 },
  ],
  measure: async (bench, take) =>
    unscheduled(async () => {
      const full = await bench.namespace("full");
      const others = await foreignPods(bench.api, full.namespace, bench.count(FOREIGN));
      for (let pair = 0; pair < bench.pairs; pair++)
        for (const arm of ["P", "O"] as const) {
          const prefix = `${arm.toLowerCase()}-${pair}`;
          const empty = await bench.namespace("empty");
          // Both by way of the proxy, which takes its time, too.
          const { kubeconfig: calmly } = bench.counted(empty.direct, `empty-${prefix}`).place;
          const calm = await awaited(bench, { arm, prefix: "run", lodging: empty, kubeconfig: calmly });
          await empty.remove();
          const { place, traffic } = bench.counted(full.direct, `full-${prefix}`);
          const stop = others.churn(20);
          const { kubeconfig } = place;
          const loud = await awaited(bench, { arm, prefix, lodging: full, kubeconfig });
          await stop();
          const ratio = percentile(loud.delays, 0.99) / percentile(calm.delays, 0.99);
          take("delay of 99 of 100 runs, against the empty namespace", arm, ratio, "");
          take("received", arm, traffic().receivedBytes / 1_024, "KiB");
          take("more memory", arm, loud.memory - calm.memory, "MiB");
        }
      await full.remove();
    }),
};
