import fc from "fast-check";
import { eachIndex, indexSetOf, printIndexSet, readIndexSet } from "../../provider/core/kube/indexSet";
import type { ContainerState, KubeJob, Pod } from "../../provider/core/kube/types";
import type { RunSpec } from "../../provider/core/spec/types";
import { progressLine } from "../../provider/core/status/progress";
import { isTerminal, type StatusDetails } from "../../provider/core/status/types";
import { condition, ended, kubeJob, pod, running, seen, waiting, UNHEARD } from "../unit/support/cluster";
import { runSpec } from "../unit/support/specs";

const LAST = 7;
const state: fc.Arbitrary<ContainerState | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom("ContainerCreating", "CrashLoopBackOff", "ErrImagePull").map((reason) => waiting(reason)),
  fc.nat(50).map((since) => running(since)),
  fc
    .tuple(fc.constantFrom(0, 1, 137), fc.constantFrom("Error", "OOMKilled"))
    .map(([code, reason]) => ended(code, { reason })),
);

const pods = (own: boolean): fc.Arbitrary<Pod[]> =>
  fc.array(
    fc
      .record({
        index: fc.nat(LAST),
        state,
        attempt: fc.nat(3),
        created: fc.nat(100),
        restarts: fc.nat(4),
        deleting: fc.boolean(),
        phase: fc.constantFrom(undefined, "Pending", "Running", "Unknown", "Failed"),
        reason: fc.constantFrom(undefined, "Evicted", "NodeLost"),
        uid: fc.uuid(),
        conditions: fc.constantFrom([], UNHEARD),
      })
      .map(({ index, state: now, phase, reason, ...facts }) =>
        pod(index, { own, ...facts, ...(now && { state: now }), ...(phase && { phase }), ...(reason && { reason }) }),
      ),
    { maxLength: 12 },
  );

const verdicts = fc.constantFrom(
  condition("Complete"),
  condition("SuccessCriteriaMet"),
  condition("Failed", { reason: "FailedIndexes" }),
  condition("FailureTarget", { reason: "DeadlineExceeded", message: "Job was active longer than specified deadline" }),
);

interface Scene {
  readonly spec: RunSpec;
  readonly jobs: readonly KubeJob[];
  readonly pods: readonly Pod[];
}

/** A run over 0…7 in one Job, of which Kubernetes has decided some indices. */
const contiguous: fc.Arbitrary<Scene> = fc
  .tuple(pods(false), fc.array(fc.nat(LAST)), fc.array(fc.nat(LAST)), fc.option(verdicts))
  .map(([all, done, lost, verdict]) => ({
    spec: runSpec({ arraySize: LAST + 1, retryLimit: 2 }),
    jobs: [
      kubeJob({
        completed: printIndexSet(indexSetOf(done)),
        failed: printIndexSet(indexSetOf(lost.filter((index) => !done.includes(index)))),
        ...(verdict && { conditions: [verdict] }),
      }),
    ],
    pods: all,
  }));

/** A run over 1, 3 and 5-7, a Job for each. */
const sparse: fc.Arbitrary<Scene> = fc
  .tuple(pods(true), fc.array(fc.option(verdicts), { minLength: 5, maxLength: 5 }))
  .map(([all, conditions]) => ({
    spec: runSpec({ arrayIndices: "1,3,5-7", retryLimit: 2 }),
    jobs: [1, 3, 5, 6, 7].map((index, i) => {
      const verdict = conditions[i];
      return kubeJob({ index, ...(verdict && { conditions: [verdict] }) });
    }),
    pods: all,
  }));

const daemon: fc.Arbitrary<Scene> = pods(true).map((all) => ({
  spec: runSpec({ mode: "daemon", arrayIndices: "0-4,7" }),
  jobs: [],
  pods: all,
}));

const scenes = fc.oneof(contiguous, sparse, daemon);

const told = ({ pendingIndices, runningIndices, succeededIndices, failedIndices }: StatusDetails): number[] =>
  [pendingIndices, runningIndices, succeededIndices, failedIndices].flatMap((text) => [
    ...eachIndex(readIndexSet(text)),
  ]);

test("[P] every index of the run is in exactly one state, and no other index is in any", () => {
  fc.assert(
    fc.property(scenes, ({ spec, ...observed }) => {
      const { statusDetails } = seen(spec, observed);
      const all = told(statusDetails);
      const { requested, pending, running: active, succeeded, failed, unknown } = statusDetails;
      expect(requested).toBe(spec.arraySize);
      expect(pending + active + succeeded + failed + unknown).toBe(requested);
      expect(all).toHaveLength(requested - unknown);
      expect(new Set(all).size).toBe(all.length);
      const set = new Set(eachIndex(readIndexSet(spec.arrayIndices)));
      expect(all.filter((index) => !set.has(index))).toEqual([]);
    }),
  );
});

test("[P] counters are the sizes of their index strings", () => {
  fc.assert(
    fc.property(scenes, ({ spec, ...observed }) => {
      const { statusDetails: details } = seen(spec, observed);
      for (const phase of ["pending", "running", "succeeded", "failed"] as const)
        expect([...eachIndex(readIndexSet(details[`${phase}Indices`]))]).toHaveLength(details[phase]);
    }),
  );
});

test("[P] a verdict is for good: no pod that comes, changes or goes moves anything", () => {
  fc.assert(
    fc.property(fc.oneof(contiguous, sparse), pods(false), pods(true), ({ spec, ...observed }, some, others) => {
      const before = seen(spec, observed);
      fc.pre(isTerminal(before));
      for (const later of [[], some, others, [...observed.pods, ...some, ...others]]) {
        const after = seen(spec, { jobs: observed.jobs, pods: later });
        expect(after.status).toBe(before.status);
        expect({ ...after.statusDetails, indices: {} }).toEqual({ ...before.statusDetails, indices: {} });
      }
    }),
  );
});

test("[P] a run that has ended has no index left that goes on", () => {
  fc.assert(
    fc.property(fc.oneof(contiguous, sparse), ({ spec, ...observed }) => {
      const view = seen(spec, observed);
      fc.pre(isTerminal(view));
      expect(view.statusDetails).toMatchObject({ pending: 0, running: 0, unknown: 0 });
      expect(["completed", "failed"]).toContain(view.status);
    }),
  );
});

test("[P] a task that Kubernetes has not judged has not failed, and a daemon never fails", () => {
  fc.assert(
    fc.property(scenes, ({ spec, ...observed }) => {
      const view = seen(spec, observed);
      fc.pre(!isTerminal(view));
      expect(view.status).not.toBe("failed");
    }),
  );
});

test("[P] the row begins with the counters and is one line", () => {
  fc.assert(
    fc.property(scenes, ({ spec, ...observed }) => {
      expect(progressLine(seen(spec, observed), spec)).toMatch(/^\d+\/\d+ (succeeded|running)[^\n]*$/);
    }),
  );
});
