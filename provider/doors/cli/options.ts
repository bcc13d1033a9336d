import { parseDuration } from "../../core/kube/duration";
import { nearest } from "../../core/spec/hints";

/** An option of the command line. */
interface Option {
  readonly type: "string" | "boolean";
  readonly short?: string;
  /** How the help calls its value. */
  readonly value?: string;
  readonly help: string;
  /** The rest of the sentence "must …", for a value that is not fit. */
  readonly must?: (value: string) => string | undefined;
}

const statuses = ["pending", "running", "completed", "failed", "unknown"];

export const formats = ["table", "wide", "json", "yaml", "name"] as const;
export type Format = (typeof formats)[number];

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
  job: { type: "string", value: "JOB", help: "only runs of this job" },
  status: {
    type: "string",
    value: "STATUS",
    help: `only runs in this state: ${statuses.join(", ")}`,
    must: oneOf(statuses),
  },
  index: { type: "string", value: "N", help: "only this index", must: wholeNumber },
  tail: {
    type: "string",
    value: "N",
    help: "only the last N lines of each; all where nothing is said",
    must: wholeNumber,
  },
  previous: { type: "boolean", help: "what the attempt before the present one printed" },
  timestamps: { type: "boolean", help: "begin each line with its time" },
  timeout: {
    type: "string",
    value: "TIME",
    help: "how long, such as 90s, 5m or 1h30m; without a limit where nothing is said",
    must: (value) => (parseDuration(value) === undefined ? "be a time such as 90s, 5m or 1h30m" : undefined),
  },
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
