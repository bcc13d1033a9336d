import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { type Exchange, isWrite, title } from "../rig/exchange";
import { refusal } from "../rig/faults";
import { kubectl } from "../support/kubectl";
import { endOf, judge, leave, settleAndLeave } from "./oracle";
import { shapes } from "./shapes";
import { few, isFull, rowsOf, type Stack, World } from "./world";

jest.setTimeout(600_000);

const world = new World("faults-answers");

beforeAll(world.open);
afterAll(world.close);

const titled = shapes.map((shape) => [shape.title, shape] as const);

/** Holds for every request the first time that it comes. */
function firstTime(): (exchange: Exchange) => boolean {
  const seen = new Set<string>();
  return (exchange) => {
    const key = `${title(exchange)} ${exchange.sent}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  };
}

/** The stack after an `up` that nobody disturbed. */
async function calm(stack: Stack): Promise<{ end: unknown; requests: number }> {
  expect((await stack.engine.up(stack.shape.program(stack.name))).error).toBeUndefined();
  const { requests } = world.proxy.history.counts(stack.name);
  const end = await endOf(stack);
  await leave(stack);
  return { end, requests };
}

describe("[F4] a run whose every write is answered, and every answer is lost,", () => {
  it.each(rowsOf(shapes, ["task sparse"]))(
    "comes to the same end, and nothing is made twice | %s | %s",
    async (_title, door, shape) => {
      const { end } = await calm(world.stack(`f4-${shape.short}-calm`, shape, door));
      const stack = world.stack(`f4-${shape.short}`, shape, door);
      const program = shape.program(stack.name);
      const isFirst = firstTime();
      const rule = world.proxy.inject(
        { ...stack.own, where: (exchange) => isWrite(exchange) && isFirst(exchange) },
        { does: "breaks", when: "after" },
      );
      const ended = await stack.engine.up(program);
      rule.remove();
      expect(ended.error).toBeUndefined();
      expect(rule.met.length).toBeGreaterThan(3);
      expect(await endOf(stack)).toEqual(end);
      await judge(stack, [ended]);
      await settleAndLeave(stack, program);
    },
  );

  it.each(rowsOf(shapes))("is removed all the same | %s | %s", async (_title, _door, shape) => {
    const stack = world.stack(`f4-${shape.short}-gone`, shape);
    expect((await stack.engine.up(shape.program(stack.name))).error).toBeUndefined();
    const isFirst = firstTime();
    world.proxy.inject(
      { ...stack.own, where: (exchange) => isWrite(exchange) && isFirst(exchange) },
      { does: "breaks", when: "after" },
    );
    await leave(stack);
  });
});

describe("[F4] an object of somebody else that has the name,", () => {
  it.each(rowsOf(shapes))("is named with its owner, and not touched | %s | %s", async (_title, _door, shape) => {
    const stack = world.stack(`f4-${shape.short}-foreign`, shape);
    const program = shape.program(stack.name);
    const record = `${stack.name}.jobrun`;
    await kubectl("create", "configmap", record, "--namespace", world.namespace);
    const isFirst = firstTime();
    world.proxy.inject(
      { ...stack.own, where: (exchange) => isWrite(exchange) && isFirst(exchange) },
      { does: "breaks", when: "after" },
    );
    const before = await kubectl("get", "configmap", record, "--namespace", world.namespace, "--output", "yaml");
    const ended = await stack.engine.up(program);
    expect(ended.error).toContain(`ConfigMap ${world.namespace}/${record} exists and belongs to somebody else`);
    expect(await kubectl("get", "configmap", record, "--namespace", world.namespace, "--output", "yaml")).toBe(before);
    await kubectl("delete", "configmap", record, "--namespace", world.namespace);
    const again = await stack.engine.up(program);
    expect(again.error).toBeUndefined();
    await judge(stack, [ended, again]);
    await leave(stack);
  });
});

/** How long the server is overloaded. */
const OVERLOAD_SECONDS = isFull ? 60 : 12;

describe("[F7] an API server that is overloaded for a while, from the first write on,", () => {
  it.each(
    few(titled).flatMap(([name, shape]) =>
      few([
        ["429 with Retry-After", name, shape, refusal(429, "TooManyRequests", { retryAfter: 1 })],
        ["503", name, shape, refusal(503, "ServiceUnavailable")],
      ] as const),
    ),
  )("is waited for, with patience: %s | %s | plugin", async (words, _title, shape, fault) => {
    const short = `${shape.short}-${words.slice(0, 3)}`;
    const { end, requests } = await calm(world.stack(`f7-${short}-calm`, shape));
    const stack = world.stack(`f7-${short}`, shape);
    let since = Infinity;
    const isOverloaded = (exchange: Exchange): boolean => {
      if (isWrite(exchange)) since = Math.min(since, Date.now());
      return Date.now() >= since && Date.now() < since + OVERLOAD_SECONDS * 1_000;
    };
    const rule = world.proxy.inject({ ...stack.own, where: isOverloaded }, fault);
    const ended = await stack.engine.up(shape.program(stack.name));
    rule.remove();
    expect(ended.error).toBeUndefined();
    expect(await endOf(stack)).toEqual(end);
    await judge(stack, [ended]);
    expect(world.proxy.history.counts(stack.name).requests).toBeLessThanOrEqual(2 * requests);
    // Nobody asked the same again before the time that the server had named.
    const gaps = rule.met.map(({ at, path }, i) => {
      const before = rule.met.slice(0, i).findLast((other) => other.path === path);
      return before === undefined ? Infinity : at - before.at;
    });
    if (words.startsWith("429")) expect(Math.min(...gaps)).toBeGreaterThanOrEqual(990);
    await leave(stack);
  });
});

if (isFull)
  describe("[F10] an API server that takes two seconds for every answer, and loses one in five of them,", () => {
    it.each(rowsOf(shapes))("makes a run slow, and nothing else | %s | %s", async (_title, _door, shape) => {
      const { end } = await calm(world.stack(`f10-${shape.short}-calm`, shape));
      const stack = world.stack(`f10-${shape.short}`, shape);
      const slow = world.proxy.inject(stack.own, { does: "delays", when: "after", ms: 2_000 });
      const lost = world.proxy.inject({ ...stack.own, chance: 0.2 }, { does: "breaks", when: "after" });
      const ended = await stack.engine.up(shape.program(stack.name));
      slow.remove();
      lost.remove();
      expect(ended.error).toBeUndefined();
      expect(await endOf(stack)).toEqual(end);
      await judge(stack, [ended]);
      await leave(stack);
    });
  });
