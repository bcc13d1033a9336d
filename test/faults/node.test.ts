import { afterAll, beforeAll, describe, expect, it, jest } from "@jest/globals";
import type { Deployment, Pod } from "../../provider/core/kube/types";
import { evict } from "../support/evict";
import { until } from "../support/kubectl";
import { ownCluster, type OwnCluster } from "../support/ownCluster";
import type { Ended, Resource } from "./engine";
import { endOf, judge, settleAndLeave } from "./oracle";
import { shapeOf, shapes } from "./shapes";
import { isFull, rowsOf, type Stack, World } from "./world";

jest.setTimeout(900_000);

/** A task that fails at the first retry that its node costs it, and a daemon that has to be well for as long. */
const programOf = ({ shape, name }: Stack, seconds = 10): Resource[] =>
  shape.program(name, {
    seconds,
    more: shape.title === "daemon" ? { wait: { until: "running", stableSeconds: seconds } } : { retryLimit: 0 },
  });

async function runningPods(stack: Stack): Promise<Pod[]> {
  const pods = (await stack.objects("Pod")) as Pod[];
  return pods.filter(({ metadata, status }) => status?.phase === "Running" && metadata.deletionTimestamp === undefined);
}

const uidsOf = (pods: readonly Pod[]): string[] => pods.map(({ metadata }) => metadata.uid ?? "").toSorted();

const allRun = (stack: Stack) => async (): Promise<boolean> =>
  (await runningPods(stack)).length === stack.shape.indices.length;

/** What a stack that was disturbed has done. */
interface Undergone {
  readonly stack: Stack;
  readonly ended: Ended;
  /** What ran before the disturbance. */
  readonly before: readonly Pod[];
  readonly program: readonly Resource[];
}

/** A program that ends as if nothing had happened. */
async function endsLike(calm: Stack, { stack, ended, program }: Omit<Undergone, "before">): Promise<void> {
  expect([stack.name, ended.error]).toEqual([stack.name, undefined]);
  expect([stack.name, await endOf(stack)]).toEqual([stack.name, await endOf(calm)]);
  await judge(stack, [ended]);
  await settleAndLeave(stack, program);
}

describe("[F14] a node that is drained", () => {
  const world = new World("faults-node");
  beforeAll(world.open);
  afterAll(world.close);

  it.each(rowsOf(shapes, ["task contiguous"]))(
    "costs a run no retry: every pod of it is evicted, and comes again | %s | %s",
    async (_title, door, shape) => {
      const [calm, stack] = [
        world.stack(`f14-calm-${shape.short}`, shape, door),
        world.stack(`f14-${shape.short}`, shape, door),
      ];
      const calmly = calm.engine.up(programOf(calm));
      // All of it must still run when the last of it is evicted.
      const program = programOf(stack, 25);
      const running = stack.engine.up(program);
      await until(allRun(stack));
      const before = await runningPods(stack);
      for (const { metadata } of before) await evict(world.namespace, metadata.name, 1);
      const ended = await running;
      expect((await calmly).error).toBeUndefined();
      const after = uidsOf(await stack.objects("Pod"));
      expect(after.filter((uid) => uidsOf(before).includes(uid))).toEqual([]);
      await endsLike(calm, { stack, ended, program });
    },
  );

  if (isFull)
    it.each([
      ["does not run again once it is settled", true],
      ["runs again while it is not settled, as its fidelity says", false],
    ])("that a daemon had ended on with exit code 0: it %s | daemon | plugin", async (_words, settle) => {
      const daemon = shapeOf("daemon");
      const stack = world.stack(`f14-ended-${settle ? "settled" : "unsettled"}`, daemon);
      const program = endingAtOnce(daemon.program(stack.name, { more: { arraySize: 1, settle } }));
      expect((await stack.engine.up(program)).error).toBeUndefined();
      const { status, fidelity } = stack.engine.stored("JobRun")?.outputs ?? {};
      expect([status, fidelity]).toEqual(["completed", "rerunsAfterPodLoss"]);
      const pods = (await stack.objects("Pod")) as Pod[];
      for (const { metadata } of pods.filter((pod) => pod.metadata.deletionTimestamp === undefined))
        if (!settle) await evict(world.namespace, metadata.name, 1);
      await until(async () => {
        const now = (await stack.objects("Pod")) as Pod[];
        return settle ? now.length === 0 : uidsOf(now).some((uid) => !uidsOf(pods).includes(uid));
      });
      const [deployment] = (await stack.objects("Deployment")) as Deployment[];
      expect(deployment?.spec?.replicas).toBe(settle ? 0 : 1);
      const { error } = await stack.engine.destroy();
      expect(error).toBeUndefined();
    });
});

/** The program, whose instances end with exit code 0. */
const endingAtOnce = (program: readonly Resource[]): Resource[] =>
  program.map((resource) =>
    resource.type === "JobRun"
      ? resource
      : { ...resource, props: (made) => ({ ...resource.props(made), command: ["sh", "-c", "exit 0"] }) },
  );

if (isFull)
  describe("[F14] a node whose kubelet is killed", () => {
    let own: OwnCluster | undefined;
    const cluster = (): OwnCluster => own as OwnCluster;
    const namespace = "faults";
    const world = new World(namespace, async () => {
      own = await ownCluster("node");
      await own.kubectl("create", "namespace", namespace);
      await until(
        async () => (await cluster().kubectl("get", "serviceaccounts", "-n", namespace, "-o", "name")) !== "",
      );
      return own;
    });
    beforeAll(world.open);
    afterAll(world.close);

    /** Every shape at once, on the one node; what happens to it comes once all of them run. */
    async function undergo(base: string, seconds: number, happens: () => Promise<void>): Promise<Undergone[]> {
      const begun = shapes.map((shape) => {
        const stack = world.stack(`${base}-${shape.short}`, shape);
        const program = programOf(stack, seconds);
        return { stack, program, running: stack.engine.up(program) };
      });
      for (const { stack } of begun) await until(allRun(stack));
      const before = await Promise.all(begun.map(({ stack }) => runningPods(stack)));
      await happens();
      return Promise.all(
        begun.map(async ({ running, ...each }, i) => ({ ...each, ended: await running, before: before[i] ?? [] })),
      );
    }

    async function allEndLike(base: string, undergone: readonly Undergone[]): Promise<void> {
      for (const each of undergone) {
        const { shape } = each.stack;
        const calm = world.stack(`calm-${base}-${shape.short}`, shape);
        expect((await calm.engine.up(programOf(calm, 1))).error).toBeUndefined();
        await endsLike(calm, each);
      }
    }

    it("and comes back soon goes on with the same pods | all shapes | plugin", async () => {
      const undergone = await undergo("soon", 20, async () => {
        await cluster().kill("kubelet");
        await cluster().restore();
      });
      for (const { stack, before } of undergone)
        expect(uidsOf((await stack.objects("Pod")) as Pod[])).toEqual(uidsOf(before));
      await allEndLike("soon", undergone);
    });

    it("and counts as lost goes on with the same pods when it comes back | all shapes | plugin", async () => {
      const undergone = await undergo("late", 100, async () => {
        await cluster().kill("kubelet");
        await until(async () => (await readiness()) === "Unknown");
        await cluster().restore();
      });
      for (const { stack, before, ended } of undergone) {
        expect(uidsOf((await stack.objects("Pod")) as Pod[])).toEqual(uidsOf(before));
        const told = ended.told.map(({ message }) => message).join("\n");
        expect(told).toMatch(/ unknown; (index|indices) .*: NodeNotReady, .+ does not answer/);
      }
      await allEndLike("late", undergone);
    });

    it("and is removed costs no retry: its pods come again on the node that takes its place | all shapes | plugin", async () => {
      const undergone = await undergo("removed", 60, async () => {
        await cluster().kill("kubelet");
        const node = await cluster().kubectl("get", "nodes", "-o", "name");
        await cluster().kubectl("delete", node.trim());
        // Kubernetes collects what ran there after a while, and knows it for no fault of the programs.
        await until(async () => (await nodesOfPods()) === "", 180);
        await cluster().restore();
      });
      for (const { stack, before } of undergone) {
        const after = uidsOf(await stack.objects("Pod"));
        expect(after.filter((uid) => uidsOf(before).includes(uid))).toEqual([]);
      }
      await allEndLike("removed", undergone);
    });

    const nodesOfPods = async (): Promise<string> =>
      (await cluster().kubectl("get", "pods", "-n", namespace, "-o", "jsonpath={.items[*].spec.nodeName}")).trim();

    const readiness = (): Promise<string> =>
      cluster().kubectl("get", "nodes", "-o", 'jsonpath={.items[0].status.conditions[?(@.type=="Ready")].status}');
  });
