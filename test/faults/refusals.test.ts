import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import { refusal } from "../rig/faults";
import { kubectl } from "../support/kubectl";
import { judge, leave, settleAndLeave } from "./oracle";
import { type Shape, shapeOf, shapes } from "./shapes";
import { few, isFull, rowsOf, type Stack, World } from "./world";

jest.setTimeout(300_000);

const world = new World("faults-refusals");

beforeAll(world.open);
afterAll(world.close);

const titled = shapes.map((shape) => [shape.title, shape] as const);
const workloadOf = (shape: Shape): string => (shape.title === "daemon" ? "deployments" : "jobs");

/** UIDs of all records that there are of the stack. */
const records = async (stack: Stack): Promise<(string | undefined)[]> =>
  (await stack.objects("ConfigMap"))
    .filter(({ metadata }) => metadata.name.endsWith(".jobrun"))
    .map(({ metadata }) => metadata.uid);

describe("[F9] a run that a quota or a webhook keeps from being made", () => {
  it.each(
    few(titled).flatMap(
      ([title, shape]) =>
        [
          [
            "a quota",
            title,
            shape,
            refusal(403, "Forbidden", { message: "exceeded quota: none, requested: 1, used: 0, limited: 0" }),
            "exceeded quota: none",
          ],
          [
            "a webhook that is away",
            title,
            shape,
            refusal(500, "InternalError", { message: 'failed calling webhook "w.example": connect: refused' }),
            'failed calling webhook "w.example"',
          ],
        ] as const,
    ),
  )(
    "fails with the reason, stays the same run, and a destroy leaves nothing: %s | %s | plugin",
    async (_cause, _title, shape, fault, words) => {
      const stack = world.stack(`f9-${shape.short}-${words.slice(0, 4).trim()}`, shape);
      const program = shape.program(stack.name);
      const rule = world.proxy.inject(
        { ...stack.own, verb: "create", resource: workloadOf(shape), dryRun: false },
        fault,
      );
      const refused = await stack.engine.up(program);
      expect(refused.error).toContain(words);
      const before = await records(stack);
      expect(before).toHaveLength(1);
      rule.remove();
      const ended = await stack.engine.up(program);
      expect(ended.error).toBeUndefined();
      expect(await records(stack)).toEqual(before);
      await judge(stack, [refused, ended]);
      await settleAndLeave(stack, program);

      world.proxy.inject({ ...stack.own, verb: "create", resource: workloadOf(shape), dryRun: false }, fault);
      expect((await stack.engine.up(program)).error).toContain(words);
      await leave(stack);
    },
  );
});

describe("[F8] credentials that are refused for good while a run is waited for", () => {
  it.each(rowsOf(shapes))(
    "end the wait with a run that stays in state, and are named | %s | %s",
    async (_title, _door, shape) => {
      const stack = world.stack(`f8-${shape.short}`, shape);
      const program = shape.program(stack.name, { seconds: 5 });
      const made = world.proxy.inject(
        { ...stack.own, verb: "create", resource: workloadOf(shape), dryRun: false, nth: 1 },
        { does: "holds" },
      );
      const running = stack.engine.up(program);
      await made.reached;
      const rule = world.proxy.inject(stack.own, refusal(401, "Unauthorized"));
      made.remove();
      made.release();
      const refused = await running;
      expect(refused.error).toMatch(
        /401 Unauthorized - the server does not accept the credentials of user "client" of context/,
      );
      rule.remove();
      const before = await records(stack);
      const ended = await stack.engine.up(program);
      expect(ended.error).toBeUndefined();
      expect(await records(stack)).toEqual(before);
      await judge(stack, [refused, ended]);
      await settleAndLeave(stack, program);
    },
  );
});

if (isFull)
  describe("[F8] a 401 that is none the next time", () => {
    it.each(rowsOf(shapes))("in the middle of the watches fails nothing | %s | %s", async (_title, _door, shape) => {
      const stack = world.stack(`f8-${shape.short}-once`, shape);
      const program = shape.program(stack.name, { seconds: 5 });
      world.proxy.inject({ ...stack.own, verb: "watch", nth: [1, 3] }, refusal(401, "Unauthorized"));
      const ended = await stack.engine.up(program);
      expect(ended.error).toBeUndefined();
      await judge(stack, [ended]);
      await settleAndLeave(stack, program);
    });
  });

describe("[F15] two actors", () => {
  it("who do one `up` at the same time, without a lock, make one run, and both know it | task sparse | plugin", async () => {
    const shape = shapeOf("task sparse");
    const stack = world.stack("f15-twice", shape);
    const program = shape.program(stack.name, { seconds: 8 });
    const twin = { ...stack, engine: world.stack(stack.name, shape).engine };
    const [one, two] = await Promise.all([stack.engine.up(program), twin.engine.up(program)]);
    expect([one.error, two.error]).toEqual([undefined, undefined]);
    expect(twin.engine.stored("JobRun")?.outputs["uid"]).toBe(stack.engine.stored("JobRun")?.outputs["uid"]);
    await judge(stack, [one, two]);
    await settleAndLeave(stack, program);
  });

  it.each(rowsOf(shapes))(
    "who want one name: the second is told whose it is, and touches nothing | %s | %s",
    async (_title, _door, shape) => {
      const [stack, other] = [world.stack(`f15-${shape.short}`, shape), world.stack(`f15b-${shape.short}`, shape)];
      const program = shape.program(stack.name);
      const ended = await stack.engine.up(program);
      const refused = await other.engine.up(program);
      expect(refused.error).toContain(`belongs to resource "${stack.name}" of stack dev of project shop`);
      expect(other.writes().filter(({ status = 0 }) => status < 300)).toEqual([]);
      await judge(stack, [ended]);
      await settleAndLeave(stack, program);
    },
  );

  it("one of whom loses the right to see pods goes on without them, and says so once | task contiguous | plugin", async () => {
    const shape = shapeOf("task contiguous");
    const stack = world.stack("f15-blind", shape);
    const program = shape.program(stack.name, { seconds: 5 });
    const rule = world.proxy.inject(
      { ...stack.own, where: ({ resource }) => /^(pods|pods[/]log|events)$/.test(resource) },
      refusal(403, "Forbidden", { message: "pods is forbidden: cannot list resource" }),
    );
    const ended = await stack.engine.up(program);
    rule.remove();
    expect(ended.error).toBeUndefined();
    expect(stack.engine.stored("JobRun")?.outputs["status"]).toBe("completed");
    const notices = ended.told.filter(({ message, ephemeral }) => !ephemeral && /pods/.test(message));
    expect(notices).toHaveLength(1);
    await judge(stack, [ended]);
    await settleAndLeave(stack, program);
  });
});

if (isFull)
  describe("[F13] outside hands", () => {
    it.each(rowsOf(shapes))(
      "that label and annotate the objects of a run change nothing | %s | %s",
      async (_title, _door, shape) => {
        const stack = world.stack(`f13-${shape.short}`, shape);
        const program = shape.program(stack.name);
        const ended = await stack.engine.up(program);
        expect(ended.error).toBeUndefined();
        for (const { metadata } of await stack.objects(shape.title === "daemon" ? "Deployment" : "Job")) {
          const object = [workloadOf(shape), metadata.name, "--namespace", world.namespace];
          await kubectl("label", ...object, "team=b");
          await kubectl("annotate", ...object, "team.example/seen=yes");
        }
        const drifted: string[] = [];
        await stack.engine.refresh((type) => drifted.push(type));
        expect(drifted).toEqual([]);
        await judge(stack, [ended]);
        await settleAndLeave(stack, program);
      },
    );
  });
