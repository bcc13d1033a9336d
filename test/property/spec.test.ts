import fc from "fast-check";
import { jobChanged } from "../../provider/core/diff/job";
import { diffRun } from "../../provider/core/diff/jobRun";
import { defined } from "../../provider/core/kube/defined";
import { isPlainObject } from "../../provider/core/kube/hash";
import { checkJob, checkRun } from "../../provider/core/spec/check";
import { effectiveTemplate, revisionOf, runName } from "../../provider/core/spec/jobRun";
import { comparable, mergeTemplates, withDefaults } from "../../provider/core/spec/template";
import type { EnvVar, JobRunInputs, RunTemplate } from "../../provider/core/spec/types";
import { unknown } from "../unit/support/unknowns";
import { identity, options } from "../unit/support/specs";
import { jobInputs, jobTemplate, runInputs, template } from "./arbitraries";

/** A task that has ended takes up nothing: every change of its shape is another run. */
const ended = { status: "completed", backend: "job" };

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

test("[P] a run that says nothing has its job's template", () => {
  fc.assert(
    fc.property(jobTemplate, (job) => {
      expect(withDefaults(mergeTemplates(job, {}))).toEqual(withDefaults(job));
    }),
  );
});

/** What is merged; of everything else the run's word replaces the job's. */
const mergedFields = ["env", "envFrom", "mounts", "labels", "annotations"];

test("[P] what a run says holds, and what it does not say is the job's", () => {
  fc.assert(
    fc.property(jobTemplate, template, (job, run) => {
      const merged = withDefaults(mergeTemplates(job, run));
      const own = withDefaults({ ...run, image: job.image });
      fc.pre(merged.mode === own.mode);
      const given = Object.keys(run).filter((key) => !mergedFields.includes(key));
      for (const key of given) expect(part(merged, key)).toEqual(part(own, key));
      const ofMode = ["mode", "maxExecutionTime", "retryLimit", "queue", "arrayIndices", "arraySize"];
      const inherited = Object.keys(job).filter((key) => ![...given, ...mergedFields, ...ofMode].includes(key));
      for (const key of inherited) expect(part(merged, key)).toEqual(part(withDefaults(job), key));
    }),
  );
});

const part = (value: object, key: string): unknown => (value as Record<string, unknown>)[key];

test("[P] what is merged holds the run's entries, and the job's that it does not replace", () => {
  fc.assert(
    fc.property(jobTemplate, template, (job, run) => {
      const merged = withDefaults(mergeTemplates(job, run));
      const variables = new Map([...(job.env ?? []), ...(run.env ?? [])].map((entry) => [entry.name, entry]));
      expect(merged.env).toEqual([...variables.values()]);
      const places = new Map([...(job.mounts ?? []), ...(run.mounts ?? [])].map((entry) => [entry.mountPath, entry]));
      expect(merged.mounts ?? []).toEqual([...places.values()]);
      expect(merged.envFrom ?? []).toEqual([...(job.envFrom ?? []), ...(run.envFrom ?? [])]);
      expect(merged.labels ?? {}).toEqual({ ...job.labels, ...run.labels });
      expect(merged.annotations ?? {}).toEqual({ ...job.annotations, ...run.annotations });
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
    fc.property(jobInputs, runInputs, (job, run) => {
      expect(checkJob({}, unmarked(job), options).failures).toEqual([]);
      const isDaemon = run.jobDefinition?.mode === "daemon" && run.mode === undefined;
      fc.pre(!isDaemon || [run.retryLimit, run.maxExecutionTime, run.queue].every((limit) => limit === undefined));
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

test("[P] a canonical template is its own canonical template, and so are its revision and its merged form", () => {
  fc.assert(
    fc.property(jobTemplate, (job) => {
      const once = comparable(withDefaults(job));
      expect(comparable(withDefaults(withDefaults(job)))).toEqual(once);
      expect(revisionOf(withDefaults(job))).toBe(revisionOf(job));
    }),
  );
});

test("[P] neither the order of keys and indices nor the spelling of a quantity means anything", () => {
  fc.assert(
    fc.property(jobTemplate, runInputs, (job, run) => {
      expect(revisionOf(respelt(job))).toBe(revisionOf(job));
      expect(jobChanged(job, respelt(job))).toBe(false);
      const { jobDefinition } = run;
      const other = { ...respelt(run), ...(jobDefinition && { jobDefinition: respelt(jobDefinition) }) };
      expect(runName(other, {}, identity)).toBe(runName(run, {}, identity));
      expect(diffRun(run, other, ended)).toEqual({ replaces: [], why: [], inPlace: false, touched: false });
    }),
  );
});

const spellings: Readonly<Record<string, string>> = {
  "1": "1000m",
  "0.5": "500m",
  "250m": "0.25",
  "4G": "4000M",
  "4000M": "4e9",
  "1Gi": "1048576Ki",
  "1024Mi": "1Gi",
  "1e9": "1G",
};

/** The same in other words. */
function respelt<T extends RunTemplate>(said: T): T {
  const { cpu, memory, ephemeralStorage, arrayIndices } = said;
  const quantities = Object.entries(defined({ cpu, memory, ephemeralStorage }));
  return reversed({
    ...said,
    ...Object.fromEntries(quantities.map(([key, value]) => [key, spellings[value] ?? value])),
    ...(arrayIndices !== undefined && { arrayIndices: ` ${arrayIndices.split(",").toReversed().join(" , ")} ` }),
  });
}

/** The value with the keys of every object in reverse. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T;
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, member]) => [key, reversed(member)]),
  ) as T;
}
