import { parseDuration } from "../../core/kube/duration";
import { nearest } from "../../core/spec/hints";
import type { Option } from "./option";
import { overrides } from "./overrides";

const statuses = ["pending", "running", "completed", "failed", "unknown"];

export const formats = ["table", "wide", "json", "yaml", "name"] as const;
export type Format = (typeof formats)[number];

const duration = (value: string): string | undefined =>
  parseDuration(value) === undefined ? "be a time such as 90s, 5m or 1h30m" : undefined;

const wholeNumber = (value: string): string | undefined =>
  /^[0-9]{1,9}$/.test(value) ? undefined : "be a whole number, 0 or more";

const oneOf =
  (words: readonly string[]) =>
  (value: string): string | undefined => {
    if (words.includes(value)) return undefined;
    const meant = nearest(value, words);
    return `be one of ${words.join(", ")}${meant === undefined ? "" : ` (did you mean ${meant}?)`}`;
  };

/** All options of all commands, by name. */
export const options = {
  job: { type: "string", short: "j", value: "JOB", help: "the job whose runs are meant" },
  status: {
    type: "string",
    value: "STATUS",
    help: `only runs in this state: ${statuses.join(", ")}`,
    must: oneOf(statuses),
  },
  orphans: { type: "boolean", help: "only runs of which it is known that no stack keeps them, and how" },
  "stack-file": {
    type: "string",
    value: "FILE",
    help: "with --orphans: what `pulumi stack export` has printed, - for the standard input; one for each stack",
    many: true,
  },
  index: { type: "string", value: "N", help: "only this index", must: wholeNumber },
  tail: {
    type: "string",
    value: "N",
    help: "only the last N lines of each; all where nothing is said",
    must: wholeNumber,
  },
  since: { type: "string", value: "TIME", help: "only what was printed in the last time, such as 10m", must: duration },
  follow: { type: "boolean", short: "f", help: "go on with what is printed from now, until the run has ended" },
  raw: { type: "boolean", help: "only what was printed, without the names of the pods" },
  previous: { type: "boolean", help: "what the attempt before the present one printed" },
  timestamps: { type: "boolean", help: "begin each line with its time" },
  timeout: {
    type: "string",
    value: "TIME",
    help: "how long, such as 90s, 5m or 1h30m; without a limit where nothing is said",
    must: duration,
  },
  name: { type: "string", value: "NAME", help: "the name, as Code Engine's command line takes it" },
  force: { type: "boolean", short: "f", help: "without asking" },
  failed: { type: "boolean", help: "only the indices that have failed, with the JOB_ARRAY_SIZE that they had" },
  as: {
    type: "string",
    value: "NAME",
    help: "how the new run is called; made of its job's name where nothing is said",
  },
  "orphan-job-runs": { type: "boolean", help: "keep the runs of the job" },
  wait: { type: "boolean", short: "w", help: "wait as `jobrun wait` does" },
  "wait-timeout": {
    type: "string",
    value: "TIME",
    help: "how long to wait, in seconds or such as 5m; 600 seconds where nothing is said",
    must: (value) => wholeNumber(value) && duration(value),
  },
  ...overrides,
  namespace: {
    type: "string",
    short: "n",
    value: "NAME",
    help: "the namespace; that of the context where nothing is said",
  },
  context: { type: "string", value: "NAME", help: "the kubeconfig's context; its current one where nothing is said" },
  kubeconfig: {
    type: "string",
    value: "PATH",
    help: "the kubeconfig; KUBECONFIG or ~/.kube/config where nothing is said",
  },
  output: { type: "string", short: "o", value: "FORMAT", help: "how to print it", must: oneOf(formats) },
  "no-color": { type: "boolean", help: "without colours, as with the variable NO_COLOR; a pipe never has any" },
  help: { type: "boolean", short: "h", help: "this text" },
} as const satisfies Readonly<Record<string, Option>>;

export type OptionName = keyof typeof options;

/** Other names of options, as Code Engine has them. */
export const aliases: Readonly<Record<string, OptionName>> = {
  "array-indexes": "array-indices",
  "array-size-var-override": "array-size-variable-override",
};

/** The option of that name, as the table above has it. */
export const optionOf = (name: OptionName): Option => options[name];

/** What every command takes. */
export const commonOptions = [
  "namespace",
  "context",
  "kubeconfig",
  "output",
  "no-color",
  "help",
] as const satisfies readonly OptionName[];
