import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { refusal } from "../rig/faults";
import { blackHole } from "../support/blackHole";
import { kubectl, until } from "../support/kubectl";
import { endOf, judge, settleAndLeave } from "./oracle";
import { shapes, tasks } from "./shapes";
import { isFull, rowsOf, type Stack, World } from "./world";

jest.setTimeout(600_000);

const world = new World("faults-watch");

beforeAll(world.open);
afterAll(world.close);

/** What happens to the watches of a stack, once they are all open; returns what is to be taken away again. */
type Trouble = (stack: Stack) => Promise<void>;

const isOpen = (stack: Stack): boolean => world.proxy.history.counts(stack.name).watches.now >= 2;

const disturbed =
  (disturbance: Parameters<typeof world.proxy.disturb>[1]): Trouble =>
  (stack) => {
    expect(world.proxy.disturb(stack.own, disturbance)).toBeGreaterThanOrEqual(2);
    return Promise.resolve();
  };

/** Breaks the watches; the next ones of them meet what the server says. */
const reopened =
  (...faults: readonly Parameters<typeof world.proxy.inject>[1][]): Trouble =>
  (stack) => {
    for (const [i, fault] of faults.entries())
      world.proxy.inject({ ...stack.own, verb: "watch", nth: [2 * i + 1, 2 * i + 2] }, fault);
    world.proxy.disturb(stack.own, { kind: "cut" });
    return Promise.resolve();
  };

/** A server that lags behind answers the list with what was there before anything of the run was. */
const lagging: Trouble = async (stack) => {
  const pods = await kubectl("get", "--raw", `/api/v1/namespaces/${world.namespace}/pods?labelSelector=none%3Dnone`);
  const reply = { status: 200, body: pods };
  const rule = world.proxy.inject({ ...stack.own, verb: "list", resource: "pods", nth: 1 }, { does: "answers", reply });
  world.proxy.disturb(stack.own, { kind: "error", code: 410 });
  await rule.reached;
};

const troubles: readonly [words: string, trouble: Trouble][] = [
  ["that are cut in the middle of a line", disturbed({ kind: "cut" })],
  ["that end with ERROR 410", disturbed({ kind: "error", code: 410 })],
  ["that end with ERROR 500", disturbed({ kind: "error", code: 500, reason: "InternalError" })],
  ["that tell old events again", disturbed({ kind: "replay", events: 50 })],
  ["that are cut, and refused with 410", reopened(refusal(410, "Expired"))],
  [
    "that are cut, and refused with 500, then 429",
    reopened(refusal(500, "InternalError"), refusal(429, "TooManyRequests", { retryAfter: 1 })),
  ],
  ["that end with ERROR 410, before a list of a server that lags behind", lagging],
];

describe("[F6] a run whose watches are those", () => {
  it.each(rowsOf(shapes, ["task contiguous"]))(
    "comes to the right end, with one list at most for each watch and incident | %s | %s",
    async (_title, door, shape) => {
      const calm = world.stack(`f6-${shape.short}-calm`, shape, door);
      const wishes = {
        seconds: 10,
        more: shape.title === "daemon" ? { wait: { until: "running", stableSeconds: 12 } } : {},
      };
      const calmly = calm.engine.up(shape.program(calm.name, wishes));
      await Promise.all(
        (isFull ? troubles : troubles.slice(0, 2)).map(async ([words, trouble], i) => {
          const stack = world.stack(`f6-${shape.short}-${i}`, shape, door);
          const program = shape.program(stack.name, wishes);
          const running = stack.engine.up(program);
          // Something was told already, which may be told again.
          await until(async () => isOpen(stack) && (await stack.objects("Pod")).length > 0);
          const listed = lists(stack);
          await trouble(stack);
          const ended = await running;
          expect([words, ended.error]).toEqual([words, undefined]);
          // One for each kind that is watched, and one more where the first was of a server that lags behind.
          expect(lists(stack) - listed).toBeLessThanOrEqual(4);
          expect((await calmly).error).toBeUndefined();
          expect([words, await endOf(stack)]).toEqual([words, await endOf(calm)]);
          await judge(stack, [ended]);
          await settleAndLeave(stack, program);
        }),
      );
    },
  );
});

const lists = (stack: Stack): number =>
  world.proxy.history
    .of(stack.name)
    .filter(({ verb, resource }) => verb === "list" && /^(jobs|pods|deployments)$/.test(resource)).length;

if (isFull)
  describe("[F6] a run whose watches fall silent, and are never ended,", () => {
    it.each(tasks.map((shape) => [shape.title, shape] as const))(
      "is known to have ended within two minutes of silence, which is twice the time between two bookmarks | %s | plugin",
      async (_title, shape) => {
        const stack = world.stack(`f6-${shape.short}-silent`, shape);
        const program = shape.program(stack.name, { seconds: 10 });
        const running = stack.engine.up(program);
        await until(async () => isOpen(stack) && (await stack.objects("Pod")).length > 0);
        const start = Date.now();
        world.proxy.disturb(stack.own, { kind: "silence" });
        const ended = await running;
        expect(ended.error).toBeUndefined();
        expect(Date.now() - start).toBeLessThan(150_000);
        await judge(stack, [ended]);
        await settleAndLeave(stack, program);
      },
    );
  });

if (isFull)
  describe("[F6] a run whose network loses everything on its connections, without a word to either end,", () => {
    it.each(tasks.map((shape) => [shape.title, shape] as const))(
      "opens others within a minute, and comes to the right end | %s | plugin",
      async (_title, shape) => {
        const stack = world.stack(`f6-${shape.short}-lost`, shape);
        const program = shape.program(stack.name, { seconds: 10 });
        const running = stack.engine.up(program);
        await until(async () => isOpen(stack) && (await stack.objects("Pod")).length > 0);
        const lost = Date.now();
        const undo = await blackHole(world.proxy.port, world.proxy.portsOf(stack.name));
        const ended = await running;
        await undo();
        const later = world.proxy.history.of(stack.name).filter(({ verb, at }) => verb === "watch" && at > lost);
        console.log(`watched again after ${later.map(({ at }) => (at - lost) / 1_000).join(", ")} s`);
        expect(later.length).toBeGreaterThan(0);
        expect((later[0]?.at ?? Infinity) - lost).toBeLessThan(60_000);
        expect(ended.error).toBeUndefined();
        await judge(stack, [ended]);
        await settleAndLeave(stack, program);
      },
    );
  });
