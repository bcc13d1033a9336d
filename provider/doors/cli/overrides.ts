import type { JobRunInputs } from "../../core/spec/types";
import type { Option } from "./option";
import { isPair, isReference } from "./notations";

const wholeNumber = (value: string): string | undefined =>
  /^-?[0-9]{1,9}$/.test(value) ? undefined : "be a whole number";

const pair = (value: string): string | undefined => (isPair(value) ? undefined : "be NAME=VALUE");

const reference = (value: string): string | undefined =>
  isReference(value) ? undefined : "be NAME, PREFIX=NAME, NAME:KEY,KEY or NAME:VARIABLE=KEY";

const mount = (value: string): string | undefined => (isPair(value) ? undefined : "be DIRECTORY=NAME");

/** What a run may say for itself, in the words of `ibmcloud ce jobrun submit`. */
export const overrides = {
  image: { type: "string", short: "i", value: "IMAGE", help: "the image, for a run without a job" },
  "registry-secret": {
    type: "string",
    value: "NAME",
    help: "an image pull Secret, for a run without a job",
    many: true,
  },
  "service-account": { type: "string", value: "NAME", help: "the service account, for a run without a job" },
  mode: { type: "string", value: "MODE", help: "task or daemon" },
  "array-indices": { type: "string", value: "INDICES", help: "the indices, such as 1-5,7-8,10" },
  "array-size": { type: "string", value: "N", help: "the indices 0 to N-1", must: wholeNumber },
  "array-size-variable-override": {
    type: "string",
    value: "N",
    help: "what JOB_ARRAY_SIZE is to say, whatever the indices are",
    must: wholeNumber,
  },
  maxexecutiontime: {
    type: "string",
    value: "SECONDS",
    help: "how long the run may take; tasks only",
    must: wholeNumber,
  },
  retrylimit: { type: "string", short: "r", value: "N", help: "retries of each index; tasks only", must: wholeNumber },
  cpu: { type: "string", short: "c", value: "CPU", help: "processors of each instance, such as 500m" },
  memory: { type: "string", short: "m", value: "MEMORY", help: "memory of each instance, such as 4G" },
  "ephemeral-storage": { type: "string", value: "SIZE", help: "disk of each instance, such as 400M" },
  command: { type: "string", value: "WORD", help: "a word of the command; one option for each", many: true },
  argument: { type: "string", short: "a", value: "WORD", help: "an argument; one option for each", many: true },
  env: { type: "string", short: "e", value: "NAME=VALUE", help: "a variable", many: true, must: pair },
  "env-from-configmap": {
    ...{ type: "string", value: "REFERENCE", help: "variables from a ConfigMap: NAME, PREFIX=NAME or NAME:KEY,KEY" },
    ...{ many: true, must: reference },
  },
  "env-from-secret": {
    ...{ type: "string", value: "REFERENCE", help: "variables from a Secret: NAME, PREFIX=NAME or NAME:KEY,KEY" },
    ...{ many: true, must: reference },
  },
  "mount-configmap": { type: "string", value: "DIR=NAME", help: "mounts a ConfigMap", many: true, must: mount },
  "mount-secret": { type: "string", value: "DIR=NAME", help: "mounts a Secret", many: true, must: mount },
  "mount-data-store": {
    ...{ type: "string", value: "DIR=NAME[:PATH]", help: "mounts a PersistentVolumeClaim, or a path in it" },
    ...{ many: true, must: mount },
  },
} as const satisfies Readonly<Record<string, Option>>;

export type OverrideName = keyof typeof overrides;

/** The names of all of them. */
export const overrideNames = Object.keys(overrides) as OverrideName[];

/** The input that each option is about. */
export const inputOf: Readonly<Record<OverrideName, keyof JobRunInputs>> = {
  image: "image",
  "registry-secret": "imagePullSecrets",
  "service-account": "serviceAccountName",
  mode: "mode",
  "array-indices": "arrayIndices",
  "array-size": "arraySize",
  "array-size-variable-override": "arraySizeVariable",
  maxexecutiontime: "maxExecutionTime",
  retrylimit: "retryLimit",
  cpu: "cpu",
  memory: "memory",
  "ephemeral-storage": "ephemeralStorage",
  command: "command",
  argument: "args",
  env: "env",
  "env-from-configmap": "envFrom",
  "env-from-secret": "envFrom",
  "mount-configmap": "mounts",
  "mount-secret": "mounts",
  "mount-data-store": "mounts",
};
