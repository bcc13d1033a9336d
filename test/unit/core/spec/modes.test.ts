import { checkJob, checkRun } from "../../../../provider/core/spec/check";
import { effectiveTemplate } from "../../../../provider/core/spec/jobRun";
import { mergedFailures } from "../../../../provider/core/spec/runRules";
import type { JobRunInputs, JobTemplate } from "../../../../provider/core/spec/types";
import { options } from "../../support/specs";

const daemon: JobTemplate = { image: "app:1", mode: "daemon" };
const task: JobTemplate = { image: "app:1", mode: "task", maxExecutionTime: 60, retryLimit: 1 };

const timeFault = {
  property: "maxExecutionTime",
  reason: "must not be given with mode `daemon`: a daemon runs without a time limit, got 60",
};
const retryFault = {
  property: "retryLimit",
  reason: "must not be given with mode `daemon`: failed instances of a daemon are restarted without limit, got 0",
};

/** Faults of a run of that job: as `check` finds them, and as `create` does that knows the job by name only. */
function faultsOf(said: JobRunInputs, job: JobTemplate) {
  return [
    checkRun({}, { job: "nightly", ...said, jobDefinition: job }, options).failures,
    mergedFailures({ job: "nightly", ...said }, { definition: job, strict: false }),
  ];
}

const limitsOf = (said: JobRunInputs, job: JobTemplate): object => {
  const { mode, maxExecutionTime, retryLimit } = effectiveTemplate({ job: "nightly", jobDefinition: job, ...said });
  return { mode, maxExecutionTime, retryLimit };
};

describe("limits belong to tasks", () => {
  test("[U] a job that is a daemon may not have them", () => {
    const inputs = { ...daemon, maxExecutionTime: 60, retryLimit: 0 };
    expect(checkJob({}, inputs, options).failures).toEqual([timeFault, retryFault]);
  });

  test("[U] a stand-alone run that is a daemon may not have them", () => {
    const inputs = { ...daemon, maxExecutionTime: 60, retryLimit: 0 };
    expect(checkRun({}, inputs, options).failures).toEqual([timeFault, retryFault]);
  });

  test("[U] a run of a daemon job may not have them", () => {
    const expected = [timeFault, retryFault];
    expect(faultsOf({ maxExecutionTime: 60, retryLimit: 0 }, daemon)).toEqual([expected, expected]);
  });

  test("[U] a run that makes a task job a daemon may not have them", () => {
    expect(faultsOf({ mode: "daemon", retryLimit: 0 }, task)).toEqual([[retryFault], [retryFault]]);
  });

  test("[U] a run that makes a task job a daemon drops the job's", () => {
    expect(faultsOf({ mode: "daemon" }, task)).toEqual([[], []]);
    expect(limitsOf({ mode: "daemon" }, task)).toEqual({ mode: "daemon" });
  });

  test("[U] a run of a task job overrides the job's", () => {
    expect(faultsOf({ retryLimit: 0 }, task)).toEqual([[], []]);
    expect(limitsOf({ retryLimit: 0 }, task)).toEqual({ mode: "task", maxExecutionTime: 60, retryLimit: 0 });
  });

  test("[U] a run that makes a daemon job a task has the defaults again, or its own", () => {
    expect(faultsOf({ mode: "task", retryLimit: 1 }, daemon)).toEqual([[], []]);
    expect(limitsOf({ mode: "task" }, daemon)).toEqual({ mode: "task", maxExecutionTime: 7_200, retryLimit: 3 });
    expect(limitsOf({ mode: "task", retryLimit: 1 }, daemon)).toMatchObject({ maxExecutionTime: 7_200, retryLimit: 1 });
  });

  test("[U] a job that says no mode is a task", () => {
    expect(checkJob({}, { image: "app:1", maxExecutionTime: 60, retryLimit: 0 }, options).failures).toEqual([]);
  });
});
