import fc from "fast-check";
import { checkJob, checkRun } from "../../provider/core/spec/check";
import { effectiveTemplate, revisionOf, runName } from "../../provider/core/spec/jobRun";
import { mergeTemplates, withDefaults } from "../../provider/core/spec/template";
import type { EnvVar, JobRunInputs } from "../../provider/core/spec/types";
import { unknown } from "../unit/support/unknowns";
import { identity, options } from "../unit/support/specs";
import { jobTemplate, runInputs, template } from "./arbitraries";

/** The inputs as a program gives them: marks of secrets exist inside only. */
function unmarked<T extends { readonly env?: readonly EnvVar[] }>(inputs: T): T {
  const env = inputs.env?.map(({ secret: _secret, ...entry }) => entry);
  return { ...inputs, ...(env && { env }) };
}

const asGiven = (inputs: JobRunInputs): JobRunInputs => ({
  ...unmarked(inputs),
  ...(inputs.jobDefinition && { jobDefinition: unmarked(inputs.jobDefinition) }),
});

/** The inputs with other secret values. */
function withOtherSecrets<T extends { readonly env?: readonly EnvVar[] }>(inputs: T): T {
  const env = inputs.env?.map((entry) => (entry.secret ? { ...entry, value: `not ${entry.value ?? ""}` } : entry));
  return { ...inputs, ...(env && { env }) };
}

test("[P] defaults filled in twice are defaults filled in once", () => {
  fc.assert(
    fc.property(jobTemplate, (said) => {
      const once = withDefaults(said);
      expect(withDefaults(once)).toEqual(once);
    }),
  );
});

test("[P] a run that says nothing has its job's template; one that says everything has its own", () => {
  fc.assert(
    fc.property(jobTemplate, template, (job, run) => {
      expect(withDefaults(mergeTemplates(job, {}))).toEqual(withDefaults(job));
      const complete = withDefaults({ ...run, image: job.image });
      const { env, ...merged } = withDefaults(mergeTemplates(job, complete));
      const { env: own, ...rest } = complete;
      const fromJob = { imagePullPolicy: job.imagePullPolicy, command: job.command, args: job.args };
      expect({ ...merged, ...fromJob }).toEqual({ ...rest, ...fromJob });
      expect(env).toEqual(expect.arrayContaining([...own]));
    }),
  );
});

test("[P] a job's definition merges the same before and after its defaults are filled in", () => {
  fc.assert(
    fc.property(jobTemplate, template, (job, run) => {
      expect(withDefaults(mergeTemplates(withDefaults(job), run))).toEqual(withDefaults(mergeTemplates(job, run)));
    }),
  );
});

test("[P] what check should accept, it accepts", () => {
  fc.assert(
    fc.property(jobTemplate, runInputs, (job, run) => {
      expect(checkJob({}, unmarked(job), options).failures).toEqual([]);
      const isDaemon = run.jobDefinition?.mode === "daemon" && run.mode === undefined;
      fc.pre(!isDaemon || (run.retryLimit === undefined && run.maxExecutionTime === undefined));
      expect(checkRun({}, asGiven(run), options).failures).toEqual([]);
    }),
  );
});

test("[P] what check hands back, it accepts and hands back again", () => {
  fc.assert(
    fc.property(runInputs, (run) => {
      const once = checkRun({}, asGiven(run), options).inputs;
      expect(checkRun({}, once, options)).toEqual({ failures: [], inputs: once });
      expect(checkRun(once, asGiven(run), options).inputs).toEqual(once);
    }),
  );
});

test("[P] making any of the values unknown makes no fault", () => {
  fc.assert(
    fc.property(jobTemplate, fc.nat(), fc.constantFrom(...Object.values(unknown)), (job, at, placeholder) => {
      const inputs = unmarked(job);
      const keys = Object.keys(inputs);
      const key = keys[at % keys.length] ?? "image";
      expect(checkJob({}, { ...inputs, [key]: placeholder }, options).failures).toEqual([]);
      expect(checkRun({}, { ...inputs, [key]: placeholder }, options).failures).toEqual([]);
    }),
  );
});

test("[P] neither revision nor name depends on a secret value", () => {
  fc.assert(
    fc.property(jobTemplate, runInputs, (job, run) => {
      expect(revisionOf(withOtherSecrets(job))).toBe(revisionOf(job));
      const { jobDefinition } = run;
      const other = {
        ...withOtherSecrets(run),
        ...(jobDefinition && { jobDefinition: withOtherSecrets(jobDefinition) }),
      };
      expect(runName(other, {}, identity)).toBe(runName(run, {}, identity));
    }),
  );
});

test("[P] a daemon never has limits, a task always has both", () => {
  fc.assert(
    fc.property(jobTemplate, template, (jobDefinition, run) => {
      const { maxExecutionTime: _time, retryLimit: _retries, ...said } = run;
      const { mode, maxExecutionTime, retryLimit } = effectiveTemplate({ ...said, job: "report", jobDefinition });
      expect([maxExecutionTime, retryLimit].map((limit) => typeof limit)).toEqual(
        mode === "daemon" ? ["undefined", "undefined"] : ["number", "number"],
      );
    }),
  );
});
