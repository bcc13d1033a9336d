import fc from "fast-check";
import type { EnvVar, JobRunInputs, JobTemplate, RunTemplate } from "../../provider/core/spec/types";

/** A valid array in any writing. */
const indices = fc
  .array(
    fc.oneof(
      fc.nat(60).map(String),
      fc.tuple(fc.nat(60), fc.nat(8)).map(([first, more]) => `${first} - ${first + more}`),
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => parts.join(" ,"));

const variable: fc.Arbitrary<EnvVar> = fc.oneof(
  fc.record(
    { name: fc.stringMatching(/^[A-Z]{1,3}$/), value: fc.string({ maxLength: 12 }) },
    { requiredKeys: ["name"] },
  ),
  fc.record({
    name: fc.stringMatching(/^[A-Z]{1,3}$/),
    value: fc.string({ maxLength: 12 }),
    secret: fc.constant<true>(true),
  }),
  fc.record({
    name: fc.stringMatching(/^[A-Z]{1,3}$/),
    valueFrom: fc.constant({ secretKeyRef: { name: "theirs", key: "k" } }),
  }),
);

const environment = fc.uniqueArray(variable, { maxLength: 4, selector: ({ name }) => name });
const parts = fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 });
const cpu = fc.constantFrom("1", "1000m", "0.5", "250m");
const memory = fc.constantFrom("4G", "4000M", "1Gi", "1024Mi", "1e9");

const common = {
  imagePullPolicy: fc.constantFrom("Always", "IfNotPresent", "Never"),
  command: parts,
  args: parts,
  env: environment,
  cpu,
  memory,
  ephemeralStorage: memory,
} as const;
const limits = { maxExecutionTime: fc.integer({ min: 1, max: 9_999 }), retryLimit: fc.nat(6) };

const array: fc.Arbitrary<Pick<RunTemplate, "arrayIndices" | "arraySize">> = fc.oneof(
  fc.constant({}),
  indices.map((arrayIndices) => ({ arrayIndices })),
  fc.integer({ min: 1, max: 40 }).map((arraySize) => ({ arraySize })),
);

/** Whatever a job or run may say of its template, in words that `check` accepts. */
export const template: fc.Arbitrary<RunTemplate> = fc
  .tuple(
    fc.record(common, { requiredKeys: [] }),
    array,
    fc.oneof(
      fc.record({ mode: fc.constant("task" as const), ...limits }, { requiredKeys: [] }),
      fc.constant({ mode: "daemon" as const }),
    ),
  )
  .map(([said, set, mode]) => ({ ...said, ...set, ...mode }));

const image = fc.constantFrom("app:1", "app:2", "registry:5000/team/app");

export const jobTemplate: fc.Arbitrary<JobTemplate> = fc
  .tuple(template, image)
  .map(([said, name]) => ({ ...said, image: name }));

const wait = fc.record({ until: fc.constantFrom("completion", "running", "nothing") }, { requiredKeys: [] });
const placed = fc.record(
  { wait, connection: fc.record({ context: fc.constantFrom("a", "b") }, { requiredKeys: [] }) },
  { requiredKeys: [] },
);

/** Inputs of a run: stand-alone, of a job that is passed along, of a job known by name. */
export const runInputs: fc.Arbitrary<JobRunInputs> = fc.oneof(
  fc.tuple(jobTemplate, placed).map(([said, more]) => ({ ...said, ...more })),
  fc.tuple(template, jobTemplate, placed).map(([said, jobDefinition, more]) => {
    const { maxExecutionTime: _time, retryLimit: _retries, ...modeless } = said;
    return { ...modeless, job: "report", jobDefinition, ...more };
  }),
  fc.tuple(template, placed).map(([said, more]) => ({ ...said, job: "report", ...more })),
);

/** Names of the shapes that people give: any text at all. */
export const anyText = fc.oneof(
  fc.string({ maxLength: 90 }),
  fc.string({ unit: "binary", maxLength: 90 }),
  fc.string({ unit: "grapheme", maxLength: 90 }),
  fc.string({ unit: fc.constantFrom("a", "-", "Z", "9", "."), maxLength: 120 }),
);
