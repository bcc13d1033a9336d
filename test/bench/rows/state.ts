import { waitBare } from "../bare";
import { unscheduled } from "../benchCluster";
import type { DoorArm } from "../doors";
import { awaitPods, endPods, nowhere } from "../pods";
import { makeProject, type Project } from "../project";
import type { Bench, Row, Take } from "../row";
import { numbers } from "../works";

/** Every twentieth index fails. */
const exitCode = (index: number): number => (index % 20 === 19 ? 3 : 0);

interface Shape {
  readonly figure: string;
  readonly indices: number;
  readonly exitCode: (index: number) => number;
}

const SHAPES: readonly Shape[] = [
  { figure: "10 indices", indices: 10, exitCode: () => 0 },
  { figure: "1,000 indices, 50 of them failed", indices: 1_000, exitCode },
];

/** The peer would wait ten minutes for what has failed, so its Job is not waited for, and read when it has ended. */
async function ran(
  bench: Bench,
  { arm, shape }: { arm: DoorArm; shape: Shape },
  measure: (project: Project) => Promise<void>,
): Promise<void> {
  const { namespace, direct, remove } = await bench.namespace(`state-${arm.toLowerCase()}`);
  const indices = numbers(shape.indices);
  const work = { name: "run", indices, command: ["true"], placement: nowhere, waits: arm !== "P" };
  const project = await makeProject(arm, direct, [work]);
  const up = project.run("up", bench.parallel, { mayFail: true });
  await awaitPods(bench.api, namespace, indices.length);
  await endPods(bench.api, namespace, { exitCode: shape.exitCode });
  await up;
  if (arm === "P") {
    await waitBare(namespace, ["run"], shape.indices > 10 ? "Failed" : "Complete");
    await project.run("refresh", bench.parallel, { mayFail: true });
  }
  await measure(project);
  project.remove();
  await remove();
}

const RUNS = 500;
const TRIES = 3;

/** Seconds for a command that reads and writes the state of so many runs, the least of a few: the machine only ever adds to it. */
async function checkpoint(project: Project, runs: number): Promise<number> {
  await project.multiply(runs);
  const seconds: number[] = [];
  for (let i = 0; i < TRIES; i++) seconds.push(await project.checkpoint());
  return Math.min(...seconds);
}

async function all(bench: Bench, take: Take): Promise<void> {
  for (const shape of SHAPES)
    for (const arm of ["P", "O", "D"] as const)
      await ran(bench, { arm, shape }, async (project) => {
        take(`state, ${shape.figure}`, arm, project.resourceBytes() / 1_000, "kB");
        if (shape !== SHAPES[0]) return;
        const one = await checkpoint(project, 1);
        take(CHECKPOINT, arm, ((await checkpoint(project, bench.count(RUNS))) - one) * 1_000, "ms");
      });
}

const CHECKPOINT = `one checkpoint of ${RUNS} such runs of 10 indices`;

const REASONS =
  "the state of ours names each index that failed, with its exit code, its reason and its times, up to 200 of them; that of P has only their numbers.";

/** P10 */
export const state: Row = {
  id: "P10",
  title: "size of the state",
  mostPairs: 1,
  work: "One run in the state of its stack, as JSON without spaces.",
  targets: [
    ...SHAPES.flatMap(({ figure }, i) => [
      { figure: `state, ${figure}`, arms: ["O", "P"] as const, atMost: 0.5, why: REASONS },
      { figure: `state, ${figure}`, arms: ["O"] as const, atMost: [8, 32][i] ?? NaN },
    ]),
    { figure: CHECKPOINT, arms: ["O", "P"], atMost: 0.6 },
  ],
  notes: [
    "A checkpoint is what Pulumi does with a state in a file twice for each step of an operation. It is the time of `pulumi state protect` and `unprotect`, which read the state and write it once, less that with one run.",
  ],
  measure: (bench, take) => unscheduled(() => all(bench, take)),
};
