import fc from "fast-check";
import type { Kind } from "../../provider/cluster/kinds";
import type { JobInputs, JobRunInputs } from "../../provider/core/spec/types";
import type { Report } from "./engine";
import { type Fault, faultKinds } from "./process";
import { type Program, secret } from "./program";
import { type Disturbance, kinds, type World } from "./world";

type Command = fc.AsyncCommand<object, World>;

/** A command that can always be given. */
function command(text: string, run: (world: World) => unknown): Command {
  return {
    check: () => true,
    run: async (_model, world) => {
      const line = world.story.push(text) - 1;
      world.story[line] = `${text}${told(await run(world))}`;
    },
    toString: () => text,
  };
}

function told(answer: unknown): string {
  if (typeof answer === "string") return ` => ${answer}`;
  if (typeof answer !== "object" || answer === null || !("steps" in answer)) return "";
  const { steps, error } = answer as Report;
  return ` => ${steps.join(", ")}${error === undefined ? "" : `; fails: ${error.message.split("\n", 1).join("")}`}`;
}

const fault: fc.Arbitrary<Fault> = fc.record({
  at: fc.oneof(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 40 })),
  kind: fc.constantFrom(...faultKinds),
});

const disturbance: fc.Arbitrary<Disturbance> = fc.record({
  fault: fc.option(fault, { nil: undefined, freq: 2 }),
  patience: fc.oneof(fc.constant(1_000), fc.nat(12)),
});

const show = (value: unknown): string => JSON.stringify(value);

const indices = fc.constantFrom<JobRunInputs>({}, { arraySize: 2 }, { arraySize: 3 }, { arrayIndices: "1,3" });
const env = fc.constantFrom<JobRunInputs>({}, { env: [secret()] }, { env: [secret("0THER")] });

const shape = fc
  .tuple(indices, env, fc.constantFrom<JobRunInputs>({}, { args: ["-v"] }, { retryLimit: 0 }, { retryLimit: 1 }))
  .map(([one, two, three]): JobRunInputs => ({ ...one, ...two, ...three }));

const wishes = fc
  .tuple(
    fc.constantFrom<JobRunInputs>({}, { onFailure: "rerun" }, { onFailure: "keep" }, { onFailure: "resume" }),
    fc.constantFrom<JobRunInputs>({}, { retention: 60 }, { retention: -1 }),
    fc.constantFrom<JobRunInputs>({}, { wait: { until: "nothing" } }, { wait: { until: "running", stableSeconds: 0 } }),
    fc.constantFrom<JobRunInputs>({}, { triggers: { day: 1 } }, { name: "#" }),
  )
  .map((all): JobRunInputs => Object.assign({}, ...all) as JobRunInputs);

const image = fc.constantFrom("app:1", "app:2");

/** `#` stands for a name of the user's own. */
const named = (name: string, run: JobRunInputs): JobRunInputs => (run.name === undefined ? run : { ...run, name });

const weekly = fc.tuple(indices, env, wishes).map(([one, two, three]) => named("weekly", { ...one, ...two, ...three }));

const task = fc.tuple(shape, wishes, image).map(([one, two, image]): JobRunInputs => ({ ...one, ...two, image }));

const daemon = fc.tuple(indices, env, wishes, image).map(([one, two, three, image]): JobRunInputs => ({
  ...{ wait: { until: "running", stableSeconds: 0 } },
  ...{ ...one, ...two, ...three, image },
  mode: "daemon",
}));

const nightly = fc.oneof(task, daemon).map((run) => named("nightly", run));

const report = fc.tuple(image, env).map(([image, more]): JobInputs => ({ image, retryLimit: 0, ...more }));

const way = fc.constantFrom<Program["way"]>("resource", "name", "revision");

export const program: fc.Arbitrary<Program> = fc.record({ report, way, weekly, nightly });

const change: fc.Arbitrary<Partial<Program>> = fc.oneof(
  nightly.map((nightly) => ({ nightly })),
  weekly.map((weekly) => ({ weekly })),
  report.map((report) => ({ report })),
);

const failing = fc.subarray([0, 1, 3]);

export const commands: fc.Arbitrary<Command>[] = [
  disturbance.map((by) => command(`up ${show(by)}`, (world) => world.up(by))),
  fc.constant(0).map(() => command("up", (world) => world.up())),
  change.map((news) => command(`change ${show(news)}`, (world) => world.change(news))),
  disturbance.map((by) => command(`preview ${show(by)}`, (world) => world.preview(by))),
  disturbance.map((by) => command(`refresh ${show(by)}`, (world) => world.refresh(by))),
  disturbance.map((by) => command(`destroy ${show(by)}`, (world) => world.destroy(by))),
  fc
    .tuple(disturbance, fc.constantFrom("report", "weekly", "nightly"))
    .map(([by, name]) => command(`up --replace ${name} ${show(by)}`, (world) => world.up(by, [name]))),
  fc
    .integer({ min: 1, max: 12 })
    .map((steps) => command(`advance ${steps.toString()}`, (world) => world.advance(steps))),
  fc.constant(0).map(() => command("Jobs expire", (world) => world.controllers.expire())),
  failing.map((indices) =>
    command(`failing ${show(indices)}`, (world) => {
      world.controllers.failing = new Set(indices);
    }),
  ),
  fc
    .tuple(fc.constantFrom<Kind>("ConfigMap", ...kinds), fc.nat(5))
    .map(([kind, which]) => command(`remove ${kind}`, (world) => world.remove(kind, which))),
];
