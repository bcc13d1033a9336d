import type { FakeNodes } from "../../cluster/fakeNodes.ts";
import { fakeNodes } from "../../support/fakeNodes";
import type { DoorArm } from "../doors";
import { makeProject, type Project } from "../project";
import type { Bench, Counted, Lodging, Row, Take } from "../row";
import { numbers } from "../works";

const RUNS = 300;
const ARMS = ["P", "O", "D"] as const satisfies readonly DoorArm[];

interface Finished extends Counted {
  readonly arm: DoorArm;
  readonly project: Project;
  readonly lodging: Lodging;
}

let nodes: FakeNodes | undefined;
let made: Promise<Finished[]> | undefined;

/** A stack of each arm with runs that have ended. */
async function make(bench: Bench): Promise<Finished[]> {
  nodes = await fakeNodes("bench-finished", 4);
  const works = numbers(bench.count(RUNS)).map((i) => ({
    ...{ name: `run-${i}`, indices: [0], command: ["true"], placement: nodes?.placement ?? {}, waits: true },
  }));
  const stacks: Finished[] = [];
  for (const arm of ARMS) {
    const lodging = await bench.namespace(`finished-${arm.toLowerCase()}`);
    const counted = bench.counted(lodging.direct, `finished-${arm}`);
    const project = await makeProject(arm, counted.place, works);
    await project.run("up", bench.parallel);
    stacks.push({ arm, project, lodging, ...counted });
  }
  return stacks;
}

async function close(): Promise<void> {
  for (const { project, lodging } of (await made) ?? []) {
    project.remove();
    await lodging.remove();
  }
  await nodes?.end();
  [made, nodes] = [undefined, undefined];
}

/** Runs the command on each of the stacks, once a pair. */
async function repeat(bench: Bench, command: "up" | "refresh", take: Take): Promise<void> {
  const stacks = await (made ??= make(bench));
  for (let pair = 0; pair < bench.pairs; pair++)
    for (const { arm, project, traffic } of stacks) {
      const before = traffic();
      const { seconds } = await project.run(command, bench.parallel);
      const after = traffic();
      take("time", arm, seconds, "s");
      take("requests", arm, after.requests - before.requests, "");
      take("received", arm, (after.receivedBytes - before.receivedBytes) / 1_024, "KiB");
    }
}

const work = (command: string): string => `${command} of a stack of ${RUNS} runs of one index that have ended.`;

const ENGINE =
  "Check and Diff of 300 runs take our plugin 0.6 s on a CPU; the rest is the CLI, its state and the program, which are the same for each arm.";

/** P2 */
export const noOp: Row = {
  id: "P2",
  title: "`up` without a change",
  work: work("`pulumi up`"),
  targets: [
    { figure: "time", arms: ["O", "P"], atMost: 0.7, why: ENGINE },
    { figure: "requests", arms: ["O"], atMost: 0 },
  ],
  measure: async (bench, take) => {
    await repeat(bench, "up", take);
    for (const { arm, project } of (await made) ?? [])
      take("state of the whole stack", arm, project.stateBytes() / 1_024, "KiB");
  },
  close,
};

/** P11 */
export const refresh: Row = {
  id: "P11",
  title: "`refresh`",
  work: work("`pulumi refresh`"),
  targets: [
    { figure: "requests", arms: ["O", "P"], atMost: 0.02 },
    { figure: "time", arms: ["O", "P"], atMost: 0.4, why: ENGINE },
  ],
  measure: (bench, take) => repeat(bench, "refresh", take),
  close,
};
