import fc from "fast-check";
import type { EnvVar, JobInputs, JobRunInputs, JobTemplate, Mount, RunTemplate } from "../../provider/core/spec/types";

/** Every law holds for so many cases; one that takes longer says so itself. */
fc.configureGlobal({ numRuns: 1_000 });

/** With ordinary objects, as a program gives them. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

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
    valueFrom: fc.constantFrom(
      { secretKeyRef: { name: "theirs", key: "k" } },
      { configMapKeyRef: { name: "settings", key: "k", optional: true } },
      { fieldRef: { fieldPath: "spec.nodeName" } },
      { resourceFieldRef: { resource: "limits.cpu", divisor: "1m" } },
    ),
  }),
);

const environment = fc.uniqueArray(variable, { maxLength: 4, selector: ({ name }) => name });
const parts = fc.array(fc.string({ maxLength: 5 }), { maxLength: 3 });
const cpu = fc.constantFrom("1", "1000m", "0.5", "250m");
const memory = fc.constantFrom("4G", "4000M", "1Gi", "1024Mi", "1e9");

const objectName = fc.stringMatching(/^[a-z]{1,4}([.-][a-z0-9]{1,3})?$/);
const envFrom = fc.array(
  fc.oneof(
    fc.record(
      { prefix: fc.constantFrom("", "A_"), secretRef: fc.record({ name: objectName }) },
      { requiredKeys: ["secretRef"] },
    ),
    fc.record({ configMapRef: fc.record({ name: objectName, optional: fc.boolean() }, { requiredKeys: ["name"] }) }),
  ),
  { maxLength: 3 },
);

const source = fc.oneof(
  fc.record({ configMap: objectName }),
  fc.record({ secret: objectName }),
  fc.record({ persistentVolumeClaim: objectName }),
  fc.record({
    emptyDir: fc.record({ medium: fc.constantFrom("", "Memory"), sizeLimit: memory }, { requiredKeys: [] }),
  }),
);
const mount: fc.Arbitrary<Mount> = fc
  .tuple(
    fc.record(
      {
        mountPath: fc.stringMatching(/^(\/[a-c]){1,2}$/),
        subPath: fc.constantFrom("x", "x/y"),
        readOnly: fc.boolean(),
      },
      { requiredKeys: ["mountPath"] },
    ),
    source,
  )
  .map(([place, from]) => ({ ...place, ...from }));
const mounts = fc.uniqueArray(mount, { maxLength: 3, selector: ({ mountPath }) => mountPath });

const labels = fc.dictionary(
  fc.constantFrom("team", "tier", "example.com/a", "app.kubernetes.io/name"),
  fc.stringMatching(/^([a-z]([-a-z_.]{0,4}[a-z])?)?$/),
);
const annotations = fc.dictionary(fc.constantFrom("note", "example.com/a"), fc.string({ maxLength: 8 }));
const tolerations = fc.array(
  fc.constantFrom(
    { operator: "Exists" },
    { key: "a", operator: "Equal", value: "b", effect: "NoSchedule" },
    { key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 0 },
  ),
  { maxLength: 2 },
);

const common = {
  envFrom,
  mounts,
  labels,
  annotations,
  nodeSelector: labels,
  tolerations,
  priorityClassName: objectName,
  terminationGracePeriodSeconds: fc.nat(90),
  // Root and `restricted` do not go together, wherever each of them stands.
  runAsUser: fc.constantFrom(1, 1_000, 2_147_483_647),
  podSecurity: fc.constantFrom("baseline", "restricted"),
  imagePullPolicy: fc.constantFrom("Always", "IfNotPresent", "Never"),
  command: parts,
  args: parts,
  env: environment,
  cpu,
  memory,
  ephemeralStorage: memory,
} as const;
const limits = { maxExecutionTime: fc.integer({ min: 1, max: 9_999 }), retryLimit: fc.nat(6), queue: objectName };

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
  .map(([said, set, mode]) => plain({ ...said, ...set, ...mode }));

const image = fc.constantFrom("app:1", "app:2", "registry:5000/team/app");

const ofJob = fc.record(
  { imagePullSecrets: fc.array(objectName, { maxLength: 2 }), serviceAccountName: objectName },
  { requiredKeys: [] },
);

export const jobTemplate: fc.Arbitrary<JobTemplate> = fc
  .tuple(template, image, ofJob)
  .map(([said, name, more]) => ({ ...said, ...more, image: name }));

const connection = fc.record(
  { context: fc.constantFrom("a", "b"), kubeconfig: fc.constant("k") },
  { requiredKeys: [] },
);

/** Everything that a job may say. */
export const jobInputs: fc.Arbitrary<JobInputs> = fc
  .tuple(jobTemplate, fc.record({ connection, orphanRuns: fc.boolean(), namespace: objectName }, { requiredKeys: [] }))
  .map(([said, { namespace, ...more }]) => ({
    ...said,
    ...more,
    ...(namespace !== undefined && { namespace: namespace.replaceAll(".", "-") }),
  }));

const wait = fc.record(
  {
    until: fc.constantFrom("completion", "running", "nothing"),
    stableSeconds: fc.constantFrom(0, 10, 11),
    unschedulableSeconds: fc.constantFrom(0, 120),
    queueSeconds: fc.constantFrom(1, 60),
  },
  { requiredKeys: [] },
);
const placed = fc.record(
  {
    wait,
    connection,
    onFailure: fc.constantFrom("resume", "rerun", "keep"),
    logs: fc.record({ tailLines: fc.constantFrom(1, 20), capture: fc.boolean() }, { requiredKeys: [] }),
    retention: fc.constantFrom(-1, 60, 604_800),
    arraySizeVariable: fc.nat(3),
    triggers: fc.dictionary(fc.constantFrom("a", "b"), fc.jsonValue({ maxDepth: 2 })),
  },
  { requiredKeys: [] },
);

/** Inputs of a run: stand-alone, of a job that is passed along, of a job known by name. */
export const runInputs: fc.Arbitrary<JobRunInputs> = fc.oneof(
  fc.tuple(jobTemplate, placed).map(([said, more]) => ({ ...said, ...plain(more) })),
  fc.tuple(template, jobTemplate, placed).map(([said, jobDefinition, more]) => {
    const { maxExecutionTime: _time, retryLimit: _retries, queue: _queue, ...modeless } = said;
    return { ...modeless, job: "report", jobDefinition, ...plain(more) };
  }),
  fc.tuple(template, placed).map(([said, more]) => ({ ...said, job: "report", ...plain(more) })),
);

/** Names of the shapes that people give: any text at all. */
export const anyText = fc.oneof(
  fc.string({ maxLength: 90 }),
  fc.string({ unit: "binary", maxLength: 90 }),
  fc.string({ unit: "grapheme", maxLength: 90 }),
  fc.string({ unit: fc.constantFrom("a", "-", "Z", "9", "."), maxLength: 120 }),
);
