import fc from "fast-check";
import { jobChanged } from "../../provider/core/diff/job";
import { diffRun } from "../../provider/core/diff/jobRun";
import { effectiveTemplate, shapeKeys } from "../../provider/core/spec/jobRun";
import { comparable } from "../../provider/core/spec/template";
import type { EnvVar, JobRunInputs } from "../../provider/core/spec/types";
import { jobTemplate, runInputs } from "./arbitraries";

const nothing = { replaces: [], why: [], touched: false };

test("[P] nothing differs from itself", () => {
  fc.assert(
    fc.property(runInputs, jobTemplate, (run, job) => {
      expect(diffRun(run, structuredClone(run))).toEqual(nothing);
      expect(jobChanged(job, structuredClone(job))).toBe(false);
    }),
  );
});

test("[P] a complete spec is no change from what it was completed from", () => {
  fc.assert(
    fc.property(jobTemplate, (job) => {
      const { arraySize: _size, ...complete } = effectiveTemplate(job);
      expect(diffRun(job, complete)).toEqual(nothing);
      expect(jobChanged(job, complete)).toBe(false);
    }),
  );
});

test("[P] there is a new run exactly when what shapes it differs", () => {
  fc.assert(
    fc.property(runInputs, runInputs, (before, after) => {
      fc.pre(
        (before.jobDefinition ?? before.image) !== undefined && (after.jobDefinition ?? after.image) !== undefined,
      );
      const shape = (inputs: JobRunInputs) => ({ job: inputs.job, ...comparable(effectiveTemplate(inputs)) });
      const same = JSON.stringify(sorted(shape(before))) === JSON.stringify(sorted(shape(after)));
      const { replaces, why } = diffRun(before, after);
      expect(replaces.length === 0).toBe(same);
      expect(why.length === 0).toBe(same);
      expect(replaces.filter((key) => !shapeKeys.includes(key as never))).toEqual([]);
    }),
  );
});

test("[P] no reason shows the value of a variable", () => {
  const marked = (value: string): EnvVar[] => [{ name: "A", value, secret: true }];
  fc.assert(
    fc.property(runInputs, runInputs, (before, after) => {
      const { why } = diffRun({ ...before, env: marked("hunter2") }, { ...after, env: marked("hunter3") });
      expect(why.join()).not.toMatch(/hunter/);
    }),
  );
});

const sorted = (object: object): unknown =>
  Object.entries(object)
    .filter(([, value]) => value !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
