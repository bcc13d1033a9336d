import fc from "fast-check";
import { jobChanged } from "../../provider/core/diff/job";
import { givenJob, givenRun } from "../../provider/core/spec/given";
import { checkJob, checkRun } from "../../provider/core/spec/check";
import { runSpec, templateOf } from "../../provider/core/spec/jobRun";
import { withoutMarks } from "../../provider/core/spec/secrets";
import { comparable, withDefaults } from "../../provider/core/spec/template";
import type { JobRunInputs, RunSpec } from "../../provider/core/spec/types";
import { jobInputs, runInputs } from "./arbitraries";

const place = { namespace: "jobs" };
const identity = { urn: "urn:pulumi:dev::shop::jobrun:index:JobRun::nightly", name: "nightly" };
const options = { identity, secretPaths: [], strict: false };

/** As a run that is given its job's name, and reads the definition in the cluster. */
function byName({ jobDefinition: _definition, jobRevision: _revision, ...inputs }: JobRunInputs): JobRunInputs {
  return inputs;
}

const runs = runInputs.filter(({ job, jobDefinition, image }) =>
  job === undefined ? image !== undefined : jobDefinition !== undefined,
);

test("[P] the inputs that an import writes make the same run again, and pass `check`", () => {
  fc.assert(
    fc.property(runs, (inputs) => {
      const { jobDefinition: definition } = inputs;
      const spec = (from: JobRunInputs): RunSpec => runSpec({ ...byName(from), name: "nightly" }, { definition });
      const given = givenRun(place, spec(inputs), definition);
      expect(checkRun({}, withoutMarks(given), options).failures).toEqual([]);
      expect(comparable(spec(given))).toEqual(comparable(spec(inputs)));
    }),
  );
});

test("[P] the inputs that an import writes make the same job again, and pass `check`", () => {
  fc.assert(
    fc.property(jobInputs, (inputs) => {
      const given = givenJob({ ...place, name: "nightly" }, withDefaults(templateOf(inputs)));
      expect(checkJob({}, withoutMarks(given), options).failures).toEqual([]);
      const { orphanRuns: _orphan, connection: _connection, ...shaping } = inputs;
      expect(jobChanged(shaping, given)).toBe(false);
    }),
  );
});

test("[P] an import writes no default, and nothing that the job says", () => {
  fc.assert(
    fc.property(runs, (inputs) => {
      const { jobDefinition: definition, job } = inputs;
      fc.pre(job !== undefined && definition !== undefined);
      const spec = runSpec({ job, name: "nightly" }, { definition });
      expect(givenRun(place, spec, definition)).toEqual({ job, name: "nightly", namespace: "jobs" });
    }),
  );
});
