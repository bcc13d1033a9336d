import { parseIndexSet } from "../kube/indexSet";
import { ownVariables } from "../kube/variables";
import type { Mode } from "./types";
import { isUnknown } from "./unknown";
import { type CheckFailure, quote } from "./validate";

/** What the rules below ask about: inputs whose shape may be wrong still, so that nothing in them is certain. */
type Loose = Readonly<Record<string, unknown>>;

/** What a schema cannot say of a template: rules between fields. `inherited` is the job's template, where a run says the rest. */
export function templateFailures(inputs: Loose, inherited: Loose = {}): CheckFailure[] {
  const mode = inputs["mode"] ?? inherited["mode"] ?? "task";
  return [
    ...modeFailures(inputs, mode),
    ...arrayFailures(inputs),
    ...each(inputs["env"], envFailures, "env"),
    ...each(inputs["envFrom"], envFromFailures, "envFrom"),
    ...each(inputs["mounts"], mountFailures, "mounts"),
    ...repeatedPaths(inputs["mounts"]),
    ...rootFailures({ ...inherited, ...inputs }),
    ...ownKeyFailures(inputs, "labels", /^(pulumi-jobrun\/|app[.]kubernetes[.]io\/managed-by$)/),
    ...ownKeyFailures(inputs, "annotations", /^pulumi-jobrun\//),
  ];
}

/** Whether the user has said something; a value that is not known yet may turn out to be nothing. */
const isGiven = (value: unknown): boolean => value !== undefined && value !== null && !isUnknown(value);

/** Inputs that only one mode has, with the reason why the other has not (Code Engine). */
const onlyIn: Readonly<Record<Mode, Readonly<Record<string, string>>>> = {
  task: {
    maxExecutionTime: "a daemon runs without a time limit",
    retryLimit: "failed instances of a daemon are restarted without limit",
    queue: "a daemon would hold its place in the queue for ever",
    ignoreDisruptions: "a daemon has no retries to use up",
  },
  daemon: { backend: "a task is always a Job", settle: "a task that has ended holds no resources" },
};

function modeFailures(inputs: Loose, mode: unknown): CheckFailure[] {
  if (mode !== "task" && mode !== "daemon") return [];
  const foreign = onlyIn[mode === "task" ? "daemon" : "task"];
  return Object.entries(foreign)
    .filter(([property]) => isGiven(inputs[property]))
    .map(([property, why]) => failure(property, `must not be given with mode \`${mode}\`: ${why}`, inputs[property]));
}

/** Pods of that standard must not run as root: they would be refused one by one, for ever (Kubernetes). */
function rootFailures({ podSecurity, runAsUser }: Loose): CheckFailure[] {
  if (podSecurity !== "restricted" || runAsUser !== 0) return [];
  return [failure("runAsUser", "must not be 0 with podSecurity `restricted`, which allows no root", runAsUser)];
}

function arrayFailures({ arrayIndices, arraySize }: Loose): CheckFailure[] {
  const both = isGiven(arrayIndices) && isGiven(arraySize);
  const failures = both ? [failure("arraySize", "must not be given together with `arrayIndices`", arraySize)] : [];
  // A longer text is refused by the schema.
  if (typeof arrayIndices !== "string" || isUnknown(arrayIndices) || arrayIndices.length > 16_384) return failures;
  const parsed = parseIndexSet(arrayIndices);
  return "must" in parsed ? [...failures, failure("arrayIndices", `must ${parsed.must}`, arrayIndices)] : failures;
}

function failure(property: string, reason: string, got: unknown): CheckFailure {
  return { property, reason: `${reason}, got ${quote(got)}` };
}

type ItemRule = (item: Loose, at: string) => CheckFailure[];

function each(list: unknown, rule: ItemRule, property: string): CheckFailure[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item: unknown, i) => (isLoose(item) ? rule(item, `${property}[${i.toString()}]`) : []));
}

function isLoose(value: unknown): value is Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function envFailures({ name, value, valueFrom }: Loose, at: string): CheckFailure[] {
  const own = typeof name === "string" && ownVariables.has(name);
  const sources = isLoose(valueFrom) ? Object.keys(valueFrom).length : 1;
  return [
    ...(own ? [{ property: `${at}.name`, reason: `must not be \`${name}\`: the run sets this variable itself` }] : []),
    ...(isGiven(value) && isGiven(valueFrom)
      ? [{ property: at, reason: "must have either `value` or `valueFrom`, got both" }]
      : []),
    ...(sources === 1
      ? []
      : [oneOf(`${at}.valueFrom`, ["secretKeyRef", "configMapKeyRef", "fieldRef", "resourceFieldRef"], sources)]),
  ];
}

function envFromFailures(item: Loose, at: string): CheckFailure[] {
  return exactlyOne(item, at, ["configMapRef", "secretRef"]);
}

function mountFailures(item: Loose, at: string): CheckFailure[] {
  return exactlyOne(item, at, ["configMap", "secret", "persistentVolumeClaim", "emptyDir"]);
}

function exactlyOne(item: Loose, at: string, properties: readonly string[]): CheckFailure[] {
  const given = properties.filter((property) => isGiven(item[property]));
  return given.length === 1 ? [] : [oneOf(at, properties, given.length)];
}

function oneOf(property: string, choices: readonly string[], got: number): CheckFailure {
  const list = choices.map((choice) => `\`${choice}\``).join(", ");
  return { property, reason: `must have exactly one of ${list}, got ${got === 0 ? "none" : got.toString()}` };
}

function repeatedPaths(mounts: unknown): CheckFailure[] {
  if (!Array.isArray(mounts)) return [];
  const paths = mounts.map((mount: unknown) => (isLoose(mount) ? mount["mountPath"] : undefined));
  return paths.flatMap((path, i) =>
    typeof path === "string" && !isUnknown(path) && paths.indexOf(path) < i
      ? [failure(`mounts[${i.toString()}].mountPath`, "must be the only mount at this path", path)]
      : [],
  );
}

function ownKeyFailures(inputs: Loose, property: string, own: RegExp): CheckFailure[] {
  const map = inputs[property];
  if (!isLoose(map)) return [];
  const taken = Object.keys(map).filter((key) => own.test(key));
  return taken.map((key) => ({
    property: `${property}[${JSON.stringify(key)}]`,
    reason: "must have another key: the run sets this one itself",
  }));
}
