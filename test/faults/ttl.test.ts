import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { setTimeout as delay } from "node:timers/promises";
import { refusal } from "../rig/faults";
import { kubectl, until } from "../support/kubectl";
import type { Ended, Resource } from "./engine";
import { judge, settleAndLeave } from "./oracle";
import { tasks } from "./shapes";
import { rowsOf, type Stack, World } from "./world";

jest.setTimeout(600_000);

const world = new World("faults-ttl");

beforeAll(world.open);
afterAll(world.close);

/** Where the provider comes before the cluster, it says that the Jobs are kept: for as short a time as it takes. */
const programOf = ({ shape, name }: Stack): Resource[] => shape.program(name, { seconds: 8, more: { retention: 60 } });

/** An `up` whose Jobs the cluster is to remove as soon as they have ended. */
async function shortLived(stack: Stack, meanwhile: (ended: Promise<Ended>) => Promise<void>): Promise<Ended> {
  const running = stack.engine.up(programOf(stack));
  const count = stack.shape.title === "task sparse" ? stack.shape.indices.length : 1;
  await until(async () => (await stack.objects("Job")).length === count);
  for (const { metadata } of await stack.objects("Job"))
    await kubectl(
      "patch",
      "job",
      metadata.name,
      "--namespace",
      world.namespace,
      "--patch",
      '{"spec":{"ttlSecondsAfterFinished":0}}',
    );
  await meanwhile(running);
  const ended = await running;
  await until(async () => (await stack.objects("Job")).length === 0, 240);
  return ended;
}

/** The result is kept, it is no drift that nothing is left of the run, and it does not run again. */
async function staysFinished(stack: Stack, ended: Ended): Promise<void> {
  expect(ended.error).toBeUndefined();
  const { status, statusDetails } = stack.engine.stored("JobRun")?.outputs ?? {};
  expect({ status, statusDetails }).toMatchObject({
    status: "completed",
    statusDetails: { succeeded: 2, failed: 0, pending: 0, running: 0, unknown: 0 },
  });
  const drifted: string[] = [];
  const refreshed = await stack.engine.refresh((type) => drifted.push(type));
  expect([refreshed.error, drifted]).toEqual([undefined, []]);
  await settleAndLeave(stack, programOf(stack));
}

describe("[F12] a run whose Jobs go as soon as they have ended", () => {
  it.each(rowsOf(tasks, ["task sparse"]))(
    "is known by what was seen last, and never runs again | %s | %s",
    async (_title, door, shape) => {
      const stack = world.stack(`f12-${shape.short}`, shape, door);
      await staysFinished(stack, await shortLived(stack, () => Promise.resolve()));
    },
  );

  it.each(rowsOf(tasks))(
    "is known by what a new watch tells of the time between, when every watch is cut again and again | %s | %s",
    async (_title, _door, shape) => {
      const stack = world.stack(`f12-${shape.short}-cut`, shape);
      const ended = await shortLived(stack, async (running) => {
        // A watch that never lasts for a second is given up for a list, which knows nothing of what has gone.
        const cutLater = async (): Promise<undefined> => {
          await delay(2_000);
          world.proxy.disturb(stack.own, { kind: "cut" });
          return undefined;
        };
        let over: Ended | undefined;
        while (over === undefined) over = await Promise.race([running, cutLater()]);
      });
      await staysFinished(stack, ended);
    },
  );
});

describe("[F12] a run whose logs have gone before they could be read", () => {
  it.each(rowsOf(tasks))("has ended as it has ended all the same | %s | %s", async (_title, _door, shape) => {
    const stack = world.stack(`f12-${shape.short}-log`, shape);
    const program = shape.program(stack.name, { more: { logs: { capture: true } } });
    const rule = world.proxy.inject({ ...stack.own, resource: "pods/log" }, refusal(404, "NotFound"));
    const ended = await stack.engine.up(program);
    expect(ended.error).toBeUndefined();
    expect(rule.met.length).toBeGreaterThan(0);
    expect(stack.engine.stored("JobRun")?.outputs["status"]).toBe("completed");
    await judge(stack, [ended]);
    await settleAndLeave(stack, program);
  });
});
