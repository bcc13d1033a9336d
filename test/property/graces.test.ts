import fc from "fast-check";
import type { ContainerState, KubeEvent, Pod } from "../../provider/core/kube/types";
import { progressLine } from "../../provider/core/status/progress";
import { judge, type Judgement, observe } from "../../provider/core/status/waiting";
import { warningsOf } from "../../provider/core/status/warnings";
import { ended, kubeJob, pod, running, seen, unschedulable, waiting } from "../unit/support/cluster";
import { QUOTA, SECURITY, warning } from "../unit/support/events";
import { runSpec } from "../unit/support/specs";

type Observed = Parameters<typeof seen>[1];

const LAST = 4;
const task = runSpec({ arraySize: LAST + 1, retryLimit: 1 });

const stuck: fc.Arbitrary<ContainerState | undefined> = fc.constantFrom(
  undefined,
  ...["ContainerCreating", "ErrImagePull", "ImagePullBackOff", "CreateContainerConfigError"].map((reason) =>
    waiting(reason, `no ${reason}`),
  ),
  ended(3),
);

const stuckPods: fc.Arbitrary<Pod[]> = fc.uniqueArray(
  fc
    .record({
      index: fc.nat(LAST),
      attempt: fc.nat(1),
      created: fc.nat(60),
      deleting: fc.boolean(),
      full: fc.boolean(),
      state: stuck,
    })
    .map(({ index, full, state, ...facts }) =>
      full
        ? pod(index, { ...facts, conditions: [unschedulable("no room")] })
        : pod(index, { ...facts, ...(state && { state }) }),
    ),
  { maxLength: 8, selector: ({ metadata }) => metadata.uid },
);

const events: fc.Arbitrary<KubeEvent[]> = fc.array(
  fc
    .record({
      uid: fc.constantFrom("job-all", "pod-0-0", "pod-1-0", "pod-2-1", "another"),
      reason: fc.constantFrom("FailedCreate", "FailedMount", "Pulling", "FailedToRetrieveImagePullSecret", "BackOff"),
      message: fc.constantFrom(QUOTA, SECURITY, "no", "still no"),
      seconds: fc.nat(60),
    })
    .map(({ uid, reason, ...said }) => warning(uid, reason, said)),
  { maxLength: 8 },
);

/** Nothing runs, and all kinds of things are in the way. */
const standstill: fc.Arbitrary<Observed> = fc
  .record({ pods: stuckPods, events, suspended: fc.boolean() })
  .map(({ suspended, ...observed }) => ({ ...observed, jobs: [kubeJob({ suspended })] }));

/** One wait with a clock of its own. */
function wait() {
  let now = 0;
  const observer = observe(() => now);
  return (after: number, observed: Observed): Judgement => {
    now += after;
    const graces = { unschedulableSeconds: 30, queueSeconds: 40 };
    return judge(seen(task, observed), {
      spec: task,
      until: "completion",
      stableSeconds: 10,
      ...graces,
      observer,
      complete: false,
    });
  };
}

const pauses = fc.integer({ min: 1, max: 100_000 });

test("[P] a run of which an index runs is never failed by a grace, whatever is in the way of the others", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(pauses, standstill), { minLength: 1 }), (looks) => {
      const look = wait();
      for (const [after, observed] of looks) {
        const pods = [...(observed.pods ?? []), pod(LAST, { uid: "runs", attempt: 1, state: running() })];
        expect(look(after, { ...observed, pods })).toEqual({ outcome: "waiting" });
      }
    }),
  );
});

test("[P] a run of which an index has ended since the last look is not failed at this one", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(pauses, standstill), { minLength: 1, maxLength: LAST }), (looks) => {
      const look = wait();
      looks.forEach(([after, observed], i) => {
        const done = Array.from({ length: i }, (_, index) => pod(index, { uid: `done-${index}`, state: ended(0) }));
        // What is in the way stays the same, so that nothing but the ends can begin the time anew.
        const pods = [...(looks[0]?.[1].pods ?? []), ...done];
        expect(look(after, { ...observed, ...looks[0]?.[1], pods }).outcome).toBe("waiting");
      });
    }),
  );
});

test("[P] what has failed the wait is not mended by time", () => {
  fc.assert(
    fc.property(standstill, fc.array(pauses, { minLength: 1 }), (observed, later) => {
      const look = wait();
      look(0, observed);
      const first = look(1_000, observed);
      for (const after of later) expect(look(after, observed).outcome).toBe(first.outcome);
    }),
  );
});

test("[P] the wait asks for another look no later than its time is over, and is failed at that one", () => {
  fc.assert(
    fc.property(standstill, (observed) => {
      const look = wait();
      const judgement = look(0, observed);
      fc.pre(judgement.outcome === "waiting" && judgement.recheckSeconds !== undefined);
      const { recheckSeconds = NaN } = judgement as { recheckSeconds?: number };
      expect(look(recheckSeconds, observed).outcome).toBe("failed");
    }),
  );
});

test("[P] in which order events and pods come does not matter", () => {
  const shuffled = <T>(list: readonly T[] = []): fc.Arbitrary<T[]> =>
    fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length });
  const orders = standstill.chain((observed) =>
    fc.tuple(fc.constant(observed), shuffled(observed.pods), shuffled(observed.events)),
  );
  fc.assert(
    fc.property(orders, ([observed, pods, others]) => {
      const [one, other] = [seen(task, observed), seen(task, { ...observed, pods, events: others })];
      expect(other.troubles).toEqual(one.troubles);
      expect(progressLine(other, task)).toBe(progressLine(one, task));
      expect(warningsOf(other, task)).toEqual(warningsOf(one, task));
    }),
  );
});

test("[P] every trouble is of indices that are not over, in one line, and says what to do where somebody can", () => {
  fc.assert(
    fc.property(standstill, (observed) => {
      const view = seen(task, observed);
      for (const trouble of view.troubles) {
        expect(trouble.indices).toMatch(/^\d+(-\d+)?(,\d+(-\d+)?)*$/);
        expect(trouble.message ?? "").not.toMatch(/\n/);
        expect(trouble.help === "").toBe(trouble.class === "retrying");
      }
    }),
  );
});
