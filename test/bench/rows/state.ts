import { waitBare } from "../bare";
import { unscheduled } from "../benchCluster";
import type { DoorArm } from "../doors";
import { awaitPods, endPods, nowhere } from "../pods";
import { makeProject } from "../project";
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
async function measured(bench: Bench, arm: DoorArm, shape: Shape): Promise<number> {
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
  const bytes = project.resourceBytes();
  project.remove();
  await remove();
  return bytes;
}

async function all(bench: Bench, take: Take): Promise<void> {
  for (const shape of SHAPES)
    for (const arm of ["P", "O", "D"] as const)
      take(`state, ${shape.figure}`, arm, (await measured(bench, arm, shape)) / 1_000, "kB");
}

const REASONS =
  "the state of ours names each index that failed, with its exit code, its reason and its times, up to 200 of them; that of P has only their numbers.";

/** P10 */
export const state: Row = {
  id: "P10",
  title: "size of the state",
  mostPairs: 1,
  work: "One run in the state of its stack, as JSON without spaces.",
  targets: SHAPES.flatMap(({ figure }, i) => [
    { figure: `state, ${figure}`, arms: ["O", "P"] as const, atMost: 0.5, why: REASONS },
    { figure: `state, ${figure}`, arms: ["O"] as const, atMost: [8, 32][i] ?? NaN },
  ]),
  measure: (bench, take) => unscheduled(() => all(bench, take)),
};
