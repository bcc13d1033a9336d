import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { repositoryRoot } from "../cluster/paths.ts";
import { until } from "../support/kubectl";
import type { Ended, Resource } from "./engine";
import { endOf, judge, settleAndLeave } from "./oracle";
import { type Shape, shapes, tasks } from "./shapes";
import { few, isFull, rowsOf, type Stack, World } from "./world";

jest.setTimeout(600_000);

const world = new World("faults-clocks");

beforeAll(world.open);
afterAll(world.close);

const MINUTES = 60;
const HOURS = 3_600;
/** When, after the start of its process, the provider's clock is set: the run has begun and goes on for as long again. */
const MIDDLE = 6;

const programOf = ({ shape, name }: Stack): Resource[] =>
  shape.program(name, {
    seconds: 10,
    more: shape.title === "daemon" ? { wait: { until: "running", stableSeconds: 10 } } : {},
  });

/** From a second of the process on, its clock is wrong by so many. */
const clock = (from: number, by: number, timeZone = "UTC"): Readonly<Record<string, string>> => ({
  NODE_OPTIONS: `--require=${join(repositoryRoot(), "test/support/clockPreload.cjs")}`,
  JOBRUN_CLOCK: `${from}:${by}`,
  TZ: timeZone,
});

/** A clock that is a few seconds before the hour at which summer time begins. */
const beforeSummer = (): ReturnType<typeof clock> =>
  clock(0, Math.round((Date.parse("2027-03-28T01:00:00Z") - Date.now()) / 1_000) - MIDDLE, "Europe/Berlin");

/** Further away than any limit of a run, so that whoever measures by it ends the run. */
const clocks: readonly (() => ReturnType<typeof clock>)[] = [
  () => clock(MIDDLE, 3 * HOURS),
  () => clock(0, -10 * MINUTES),
  () => clock(0, 10 * MINUTES),
  () => clock(MIDDLE, -3 * HOURS),
  beforeSummer,
];

/** The stack ends as the undisturbed one, and stays so. */
async function endsLike(calm: Promise<Stack>, stack: Stack, ended: Ended): Promise<void> {
  expect([stack.name, ended.error]).toEqual([stack.name, undefined]);
  expect([stack.name, await endOf(stack)]).toEqual([stack.name, await endOf(await calm)]);
  await judge(stack, [ended]);
  await settleAndLeave(stack, programOf(stack));
}

async function calmly(stack: Stack): Promise<Stack> {
  expect((await stack.engine.up(programOf(stack))).error).toBeUndefined();
  return stack;
}

describe("[F11] a run whose provider's clock", () => {
  it.each(rowsOf(shapes, ["task contiguous"]))(
    "is wrong from the start, or is set in the middle, comes to the same end | %s | %s",
    async (_title, door, shape) => {
      const calm = calmly(world.stack(`f11-${shape.short}-calm`, shape, door));
      const disturbed = few(clocks, 2).map(async (env, i) => {
        const stack = world.stack(`f11-${shape.short}-${i}`, shape, door, env());
        await endsLike(calm, stack, await stack.engine.up(programOf(stack)));
      });
      await Promise.all([calm, ...disturbed]);
    },
  );
});

describe("[F11] a run on a cluster whose control plane has another clock", () => {
  const shifts = [-10 * MINUTES, 10 * MINUTES];

  it.each(rowsOf(shapes))(
    "ten minutes behind or ahead comes to the same end, and lasts as long as that clock says | %s | %s",
    async (_title, _door, shape: Shape) => {
      const calm = calmly(world.stack(`f11-${shape.short}-own`, shape));
      const disturbed = shifts.map(async (seconds, i) => {
        const stack = world.stack(`f11-${shape.short}-other-${i}`, shape);
        const where = ({ resource }: { resource: string }) => /^(jobs|deployments)$/.test(resource);
        const rule = world.proxy.inject({ ...stack.own, where }, { does: "restamps", seconds });
        const ended = await stack.engine.up(programOf(stack));
        expect(rule.met.length).toBeGreaterThan(0);
        if (shape.title !== "daemon") expect(Math.abs(lasted(stack) - 150)).toBeLessThan(145);
        await endsLike(calm, stack, ended);
      });
      await Promise.all([calm, ...disturbed]);
    },
  );
});

/** Seconds between the two stamps of a run: it works for ten of them. */
function lasted(stack: Stack): number {
  const { startTime = "", completionTime = "" } = stack.engine.stored("JobRun")?.outputs["statusDetails"] as Stamps;
  return (Date.parse(completionTime) - Date.parse(startTime)) / 1_000;
}

interface Stamps {
  readonly startTime?: string;
  readonly completionTime?: string;
}

if (isFull)
  describe("[F11] a machine that sleeps beyond the end of its run", () => {
    it.each(tasks.map((shape) => [shape.title, shape] as const))(
      "hears of it soon after it wakes, though its watches are dead and nobody says so | %s | plugin",
      async (_title, shape) => {
        const calm = calmly(world.stack(`f11-${shape.short}-awake`, shape));
        const stack = world.stack(`f11-${shape.short}-asleep`, shape);
        const running = stack.engine.up(programOf(stack));
        await until(async () => (await stack.objects("Pod")).length > 0);
        const wake = stack.engine.sleep();
        world.proxy.disturb(stack.own, { kind: "silence" });
        // Longer than any busy moment: a pause that short is no sleep.
        await delay(40_000);
        wake();
        const woken = Date.now();
        const ended = await running;
        // A dead watch alone is noticed after two minutes.
        expect(Date.now() - woken).toBeLessThan(60_000);
        await endsLike(calm, stack, ended);
      },
    );
  });
