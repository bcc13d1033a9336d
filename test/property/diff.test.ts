import fc from "fast-check";
import { jobChanged } from "../../provider/core/diff/job";
import { diffRun } from "../../provider/core/diff/jobRun";
import { defined } from "../../provider/core/kube/defined";
import { stableJson } from "../../provider/core/kube/hash";
import { effectiveTemplate, runSpec, shapeKeys } from "../../provider/core/spec/jobRun";
import { comparable } from "../../provider/core/spec/template";
import type { EnvVar, JobRunInputs } from "../../provider/core/spec/types";
import { jobInputs, jobTemplate, runInputs } from "./arbitraries";

/** A task that has ended takes up nothing: every change of its shape is another run. */
const ended = { status: "completed", backend: "job" };

const nothing = { replaces: [], why: [], inPlace: false, touched: false };

test("[P] nothing differs from itself", () => {
  fc.assert(
    fc.property(runInputs, jobInputs, (run, job) => {
      expect(diffRun(run, structuredClone(run), ended)).toEqual(nothing);
      expect(jobChanged(job, structuredClone(job))).toBe(false);
    }),
  );
});

test("[P] a complete spec is no change from what it was completed from", () => {
  fc.assert(
    fc.property(jobTemplate, (job) => {
      const { arraySize: _size, ...complete } = effectiveTemplate(job);
      expect(diffRun(job, complete, ended)).toEqual(nothing);
      expect(jobChanged(job, complete)).toBe(false);
    }),
  );
});

/** Two sets of inputs: unrelated, or the second one the first with one field of another. */
const pairs: fc.Arbitrary<[JobRunInputs, JobRunInputs]> = fc
  .tuple(runInputs, runInputs, fc.option(fc.nat()))
  .map(([before, other, at]) => {
    if (at === null) return [before, other];
    const entries = Object.entries(other).filter(([key]) => key in before && key !== "mode");
    return [before, { ...before, ...Object.fromEntries(entries.slice(at % (entries.length + 1)).slice(0, 1)) }];
  });

test("[P] there is a new run exactly when what shapes it differs", () => {
  fc.assert(
    fc.property(pairs, ([before, after]) => {
      fc.pre(
        (before.jobDefinition ?? before.image) !== undefined && (after.jobDefinition ?? after.image) !== undefined,
      );
      const { replaces, why } = diffRun(before, after, ended);
      const same = stableJson(shape(before)) === stableJson(shape(after));
      expect(replaces.length === 0).toBe(same);
      expect(why.length === 0).toBe(same);
      expect(replaces.filter((key) => !shapeKeys.includes(key as never))).toEqual([]);
    }),
  );
});

function shape(inputs: JobRunInputs): object {
  const { job, arraySizeVariable, triggers } = inputs;
  const given = triggers && Object.keys(triggers).length > 0 ? triggers : undefined;
  return { job, arraySizeVariable, triggers: given, ...comparable(effectiveTemplate(inputs)) };
}

test("[P] no new run: then the objects are the same", () => {
  fc.assert(
    fc.property(pairs, ([before, after]) => {
      fc.pre(
        (before.jobDefinition ?? before.image) !== undefined && (after.jobDefinition ?? after.image) !== undefined,
      );
      const spec = (inputs: JobRunInputs) => comparable(runSpec({ ...inputs, name: "nightly" }));
      if (diffRun(before, after, ended).replaces.length === 0) expect(spec(after)).toEqual(spec(before));
    }),
  );
});

test("[P] what does not shape the run never makes a new one, and is told when it differs", () => {
  fc.assert(
    fc.property(runInputs, runInputs, (before, other) => {
      const { wait, connection, onFailure, logs, retention } = other;
      const after = { ...before, ...defined({ wait, connection, onFailure, logs, retention }) };
      expect(diffRun(before, after, ended)).toMatchObject({ replaces: [], why: [] });
      const same = [wait, connection, onFailure, logs, retention].every((value) => value === undefined);
      if (same) expect(diffRun(before, after, ended).touched).toBe(false);
      expect(diffRun(after, before, ended).touched).toBe(diffRun(before, after, ended).touched);
    }),
  );
});

test("[P] no reason shows the value of a variable", () => {
  const marked = (value: string): EnvVar[] => [{ name: "A", value, secret: true }];
  fc.assert(
    fc.property(runInputs, runInputs, (before, after) => {
      const { why } = diffRun({ ...before, env: marked("hunter2") }, { ...after, env: marked("hunter3") }, ended);
      expect(why.join()).not.toMatch(/hunter/);
    }),
  );
});
