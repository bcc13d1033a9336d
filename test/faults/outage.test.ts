import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { setTimeout as delay } from "node:timers/promises";
import type { Exchange } from "../rig/exchange";
import type { Matcher } from "../rig/faults";
import { type End, endOf, judge, leave } from "./oracle";
import { type Shape, shapeOf, shapes } from "./shapes";
import { isFull, type Stack, World } from "./world";
import { until } from "../support/kubectl";

jest.setTimeout(1_200_000);

const world = new World("faults-outage");

beforeAll(world.open);
afterAll(world.close);

/** Where a provider is when the server goes: it has asked, and the answer never comes. */
const moments: Readonly<Record<string, Matcher>> = {
  "makes its first workload": {
    verb: "create",
    dryRun: false,
    where: ({ resource }) => /^(jobs|deployments)$/.test(resource),
  },
  "keeps the result": { verb: "patch", resource: "configmaps" },
  waits: { verb: "watch" },
};

/** A stack whose `up` has come to that moment, and what becomes of it. */
async function upTo(
  moment: string,
  shape: Shape,
): Promise<{ stack: Stack; ended: ReturnType<Stack["engine"]["up"]>; go: () => void }> {
  const stack = world.stack(`${shape.short}-${moment.replaceAll(" ", "-")}-${++made}`, shape);
  const rule = world.proxy.inject({ ...stack.own, ...moments[moment], nth: 1 }, { does: "holds" });
  const ended = stack.engine.up(shape.program(stack.name, { seconds: 8 }));
  await Promise.race([rule.reached, ended]);
  expect(rule.met).toHaveLength(1);
  return { stack, ended, go: () => rule.remove() };
}

let made = 0;

async function calmEnd(shape: Shape): Promise<End> {
  const stack = world.stack(`${shape.short}-calm`, shape);
  expect((await stack.engine.up(shape.program(stack.name, { seconds: 8 }))).error).toBeUndefined();
  const end = await endOf(stack);
  await leave(stack);
  return end;
}

const ends = new Map<Shape, Promise<End>>();
function expectedEnd(shape: Shape): Promise<End> {
  const end = ends.get(shape) ?? calmEnd(shape);
  ends.set(shape, end);
  return end;
}

/** The lists of a kind that came after the server was there again: a watch goes on from where it was. */
const listsSince = (stack: Stack, at: number): Exchange[] =>
  world.proxy.history
    .of(stack.name)
    .filter(({ verb, at: when, resource }) => verb === "list" && when > at && resource === "pods");

describe("[F5] an API server that goes away while a provider", () => {
  const longest = ["makes its first workload", 180] as const;
  const each = Object.keys(moments).flatMap((moment) => [5, 30].map((seconds) => [moment, seconds] as const));
  const rows = isFull ? [...each, longest] : [["makes its first workload", 10] as const];
  it.each(rows)(
    `%s, and is back after %d s, makes an update longer, and nothing else | ${isFull ? "all shapes" : "task contiguous"} | plugin`,
    async (moment, seconds) => {
      const chosen = isFull ? shapes : [shapeOf("task contiguous")];
      const wanted = await Promise.all(chosen.map(expectedEnd));
      const begun = await Promise.all(chosen.map((shape) => upTo(moment, shape)));
      for (const { go } of begun) go();
      await world.proxy.stop();
      await delay(seconds * 1_000);
      await world.proxy.start();
      const back = Date.now();
      for (const [i, { stack, ended }] of begun.entries()) {
        const { error } = await ended;
        expect([stack.name, error]).toEqual([stack.name, undefined]);
        expect([stack.name, await endOf(stack)]).toEqual([stack.name, wanted[i]]);
        await judge(stack, [await ended]);
        expect(listsSince(stack, back).length).toBeLessThanOrEqual(1);
        await leave(stack);
      }
    },
  );

  it("removes a run, and is back in time, leaves nothing of it | task contiguous | plugin", async () => {
    const shape = shapeOf("task contiguous");
    const stack = world.stack("removed", shape);
    expect((await stack.engine.up(shape.program(stack.name))).error).toBeUndefined();
    const rule = world.proxy.inject({ ...stack.own, verb: "deletecollection", nth: 2 }, { does: "holds" });
    const leaving = leave(stack);
    await rule.reached;
    rule.remove();
    await world.proxy.stop();
    await delay(isFull ? 30_000 : 10_000);
    await world.proxy.start();
    await leaving;
  });

  it("reads the log of a run that failed, and is back in time, still lets it be told | task contiguous | plugin", async () => {
    const shape = shapeOf("task contiguous");
    const stack = world.stack("failed", shape);
    const rule = world.proxy.inject({ ...stack.own, resource: "pods/log", nth: 1 }, { does: "holds" });
    const command = ["sh", "-c", "echo what went wrong; exit 3"];
    const ended = stack.engine.up(shape.program(stack.name, { more: { command, retryLimit: 0 } }));
    await rule.reached;
    rule.remove();
    await world.proxy.stop();
    await delay(5_000);
    await world.proxy.start();
    expect((await ended).error).toMatch(/ContainerExitedCode3[^]*what went wrong/);
    await until(async () => (await stack.objects("Pod")).length > 0);
    await leave(stack);
  });
});
