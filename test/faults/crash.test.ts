import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { isWrite, title } from "../rig/exchange";
import type { Matcher } from "../rig/faults";
import type { Ended } from "./engine";
import { type End, endOf, isAcknowledged, judge, leave, settleAndLeave } from "./oracle";
import { type Shape, shapes } from "./shapes";
import { inTurns, isFull, notePoints, rowsOf, type Stack, World } from "./world";

jest.setTimeout(1_800_000);

const world = new World("faults-crash");

beforeAll(world.open);
afterAll(world.close);

/** Runs a command whose provider is killed when the API server has answered such a request, and nobody has heard the answer. */
async function killedAt(stack: Stack, matcher: Matcher, command: () => Promise<Ended>): Promise<Ended> {
  const rule = world.proxy.inject({ ...stack.own, ...matcher }, { does: "holds" });
  const running = command();
  const met = await Promise.race([rule.reached.then(() => true), running.then(() => false)]);
  expect([stack.name, matcher.nth, met]).toEqual([stack.name, matcher.nth, true]);
  await stack.engine.kill();
  rule.release();
  rule.remove();
  return running;
}

describe("[F1] a provider that is killed when its Job or Deployment was made, and the answer is on its way:", () => {
  it.each(rowsOf(shapes, ["task contiguous", "daemon"]))(
    "the next `up` goes on with the same objects | %s | %s",
    async (_title, door, shape) => {
      const stack = world.stack(`f1-${shape.short}`, shape, door);
      const program = shape.program(stack.name, { seconds: 5 });
      const resource = shape.title === "daemon" ? "deployments" : "jobs";
      const killed = await killedAt(stack, { verb: "create", resource, dryRun: false, nth: 1 }, () =>
        stack.engine.up(program),
      );
      expect(stack.engine.stored("JobRun")).toBeUndefined();
      const kind = shape.title === "daemon" ? "Deployment" : "Job";
      const before = (await stack.objects(kind)).map(({ metadata }) => metadata.uid);
      const ended = await stack.engine.up(program);
      expect(ended.error).toBeUndefined();
      const after = (await stack.objects(kind)).map(({ metadata }) => metadata.uid);
      expect(after).toEqual(expect.arrayContaining(before));
      await judge(stack, [killed, ended]);
      await settleAndLeave(stack, program);
    },
  );
});

/** A command that writes, after what comes before it. */
interface Act {
  readonly words: string;
  readonly short: string;
  readonly before: (stack: Stack) => Promise<Ended>[];
  readonly command: (stack: Stack) => Promise<Ended>;
}

const first = (stack: Stack): Promise<Ended> => stack.engine.up(stack.shape.program(stack.name));
const second = (stack: Stack): Promise<Ended> => stack.engine.up(stack.shape.program(stack.name, { level: "2" }));

const acts: readonly Act[] = [
  { words: "creates", short: "c", before: () => [], command: first },
  { words: "changes", short: "u", before: (stack) => [first(stack)], command: second },
  { words: "deletes", short: "d", before: (stack) => [first(stack)], command: (stack) => stack.engine.destroy() },
];

/** What the command comes to when nobody disturbs it. */
async function undisturbed(
  { short, before, command }: Act,
  shape: Shape,
): Promise<{ end: End; writes: string[]; runs: number }> {
  const stack = world.stack(`f2-${shape.short}-${short}-00`, shape);
  for (const ended of await Promise.all(before(stack))) expect(ended.error).toBeUndefined();
  const already = stack.writes().length;
  const ended = await command(stack);
  expect(ended.error).toBeUndefined();
  const writes = stack.writes().map(title);
  const runs = writes.filter((each) => /^create configmaps .*[.]jobrun$/.test(each)).length;
  const end = await endOf(stack);
  if (stack.engine.stored("JobRun") !== undefined) await judge(stack, [ended], { runs });
  await leave(stack);
  return { end, writes: writes.slice(already), runs };
}

/** The engine cannot know of a run whose mark was written and whose create was not answered: it is run again. */
async function isMarkedAnew(stack: Stack, known: unknown): Promise<boolean> {
  const [record] = (await stack.objects("ConfigMap")).filter(({ metadata }) => metadata.name.endsWith(".jobrun"));
  return record !== undefined && record.metadata.uid !== known && (await isAcknowledged(stack));
}

async function meet(
  { short, before, command }: Act,
  shape: Shape,
  { nth, wanted }: { nth: number; wanted: { end: End; runs: number } },
): Promise<void> {
  const stack = world.stack(`f2-${shape.short}-${short}-${nth.toString().padStart(2, "0")}`, shape);
  await Promise.all(before(stack));
  const known = stack.engine.stored("JobRun")?.outputs["uid"];
  const already = stack.writes().length;
  const where = (exchange: Parameters<NonNullable<Matcher["where"]>>[0]): boolean => isWrite(exchange);
  const killed = await killedAt(stack, { where, nth }, () => command(stack));
  expect(stack.writes().length - already).toBeGreaterThanOrEqual(nth);
  const more = (await isMarkedAnew(stack, known)) ? 1 : 0;
  const ended = await command(stack);
  expect([stack.name, ended.error]).toEqual([stack.name, undefined]);
  const { pods, restarts, ...end } = await endOf(stack);
  expect([stack.name, { pods, restarts, ...end }]).toEqual([stack.name, wanted.end]);
  if (stack.engine.stored("JobRun") !== undefined) await judge(stack, [killed, ended], { runs: wanted.runs + more });
  await leave(stack);
}

describe.each(acts.map((act) => [act.words, act] as const))(
  "[F2] whatever write a provider is killed at that %s,",
  (_words, act) => {
    it.each(rowsOf(shapes))("the same command again comes to the same end | %s | %s", async (_title, _door, shape) => {
      const wanted = await undisturbed(act, shape);
      expect(wanted.writes.length).toBeGreaterThan(3);
      const points = wanted.writes.map((_, i) => i + 1);
      // In a run of all tests every fourth is enough.
      const chosen = points.filter((point) => isFull || point % 4 === 2);
      await inTurns(chosen, (nth) => meet(act, shape, { nth, wanted }));
      notePoints(`F2 ${act.words}`, shape.title, chosen.length);
      process.stdout.write(`F2 ${act.words} | ${shape.title}: killed at ${chosen.length} of ${points.length} writes\n`);
    });
  },
);
