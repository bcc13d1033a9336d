import { checkJob, checkRun } from "../../../provider/core/spec/check";
import type { CheckFailure } from "../../../provider/core/spec/validate";
import { options } from "./specs";

/** Inputs, and every failure they must lead to as `property: reason`. */
export type Refused = readonly (readonly [inputs: object, ...faults: string[]])[];

const told = (failures: readonly CheckFailure[]): string[] =>
  failures.map(({ property, reason }) => `${property}: ${reason}`);

/** The failures of a job; without an image of its own it has a valid one. */
export const jobFaults = (inputs: object): string[] =>
  told(checkJob({}, { image: "app:1", ...inputs }, options).failures);

/** The failures of a run. */
export const runFaults = (inputs: object): string[] => told(checkRun({}, inputs, options).failures);

/** The rows of a table with titles of their own. */
export const rows = (table: Refused): [title: string, inputs: object, faults: string[]][] =>
  table.map(([inputs, ...faults]) => [short(inputs), inputs, faults]);

/** The inputs as a title shows them. */
export function short(inputs: object): string {
  const text = JSON.stringify(inputs);
  return text.length > 110 ? `${text.slice(0, 110)}…` : text;
}

/** Lists of a length, each entry valid by itself. */
export const list = (length: number): string[] => Array.from({ length }, () => "x");
export const variables = (length: number): object[] => list(length).map((x, i) => ({ name: `${x}${i}` }));
export const sources = (length: number): object[] =>
  list(length).map((x, i) => ({ prefix: `${x}${i}`, secretRef: { name: "s" } }));
export const directories = (length: number): object[] =>
  list(length).map((x, i) => ({ mountPath: `/${x}${i}`, emptyDir: {} }));
export const tolerations = (length: number): object[] => list(length).map((key) => ({ key, operator: "Exists" }));

const named = "must consist of lower-case letters, digits and hyphens, and begin and end with a letter or digit";
export const nameRule = `${named} (Kubernetes' rule for names)`;
export const namespaceRule = `${named} (Kubernetes' rule for namespaces)`;
export const objectRule =
  "must consist of lower-case letters, digits, `-` and `.`, and begin and end with a letter or digit (Kubernetes' rule for object names)";
export const imageRule =
  "must be an OCI image reference such as `icr.io/codeengine/helloworld` or `registry:5000/team/app:1.2`";
export const cpuRule = "must be a Kubernetes quantity such as `500m`, `1` or `0.25`";
export const bytesRule = "must be a Kubernetes quantity of bytes such as `400M`, `4G` or `2Gi`";
export const variableRule = "must be printable ASCII without `=`, and not empty (Kubernetes' rule)";
export const indicesRule =
  "must be a comma-separated list of indices and ranges from 0 to 9999999, such as `1-5,7-8,10`";
export const countRule = "must name at most 1000 indices (10000 when they are exactly 0 to n-1)";
export const labelRule =
  "must be at most 63 letters, digits, `-`, `_` and `.`, and begin and end with a letter or digit (Kubernetes' rule for label values)";
export const labelKeyRule =
  "must have keys of at most 63 letters, digits, `-`, `_` and `.`, with an optional DNS prefix and `/` in front (Kubernetes' rule for label keys)";
export const keyRule = "must consist of letters, digits, `-`, `_` and `.` (Kubernetes' rule for keys)";
export const pathRule = "must be an absolute path other than `/`, without `:`";
export const mountRule = "must have exactly one of `configMap`, `secret`, `persistentVolumeClaim`, `emptyDir`";
export const sourceRule = "must have exactly one of `secretKeyRef`, `configMapKeyRef`, `fieldRef`, `resourceFieldRef`";
export const envFromRule = "must have exactly one of `configMapRef`, `secretRef`";
export const noProperty = "must not be given: there is no property";
export const timeRule = "must not be given with mode `daemon`: a daemon runs without a time limit";
export const retryRule =
  "must not be given with mode `daemon`: failed instances of a daemon are restarted without limit";
export const queueRule = "must not be given with mode `daemon`: a daemon would hold its place in the queue for ever";
