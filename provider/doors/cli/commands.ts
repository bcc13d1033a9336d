import type { Place } from "../../resources/clusters";
import type { Format, OptionName } from "./options";
import type { Terminal } from "./terminal";

/** The options that were given, by name. */
export type Given = Partial<Readonly<Record<OptionName, string>>>;

/** What a command is asked. */
export interface Asked {
  readonly place: Place;
  /** Empty for a command that takes none. */
  readonly name: string;
  readonly given: Given;
  readonly format: Format;
  /** Such a command line with the options that lead to the same place. */
  readonly commandLine: (words: string) => string;
}

/** Does what a command says, and returns the exit code. */
export type Handler = (asked: Asked, terminal: Terminal) => Promise<number>;

export interface Command {
  /** The words after `jobrun`. */
  readonly words: string;
  readonly summary: string;
  readonly takesName: boolean;
  readonly options: readonly OptionName[];
  readonly formats: readonly Format[];
  readonly example: string;
  /** What is to be known besides. */
  readonly more?: string;
  /** What it needs is loaded when it is called. */
  readonly load: () => Promise<Handler>;
}

const all: readonly Format[] = ["table", "wide", "json", "yaml", "name"];

/** All commands, in the order in which the help lists them. */
export const commands: readonly Command[] = [
  {
    words: "job list",
    summary: "the jobs of the namespace, each with its newest run",
    takesName: false,
    options: [],
    formats: all,
    example: "jobrun job list --namespace shop",
    load: async () => (await import("./jobs.ts")).listHandler,
  },
  {
    words: "job get",
    summary: "what a job says, and its newest run",
    takesName: true,
    options: [],
    formats: all,
    example: "jobrun job get report",
    load: async () => (await import("./jobs.ts")).getHandler,
  },
  {
    words: "list",
    summary: "the runs of the namespace, with how many of their instances are how far",
    takesName: false,
    options: ["job", "status"],
    formats: all,
    example: "jobrun list --job report --status failed",
    load: async () => (await import("./runs.ts")).listHandler,
  },
  {
    words: "get",
    summary: "a run: what it was made of, how far it is, what stands in its way, its instances",
    takesName: true,
    options: [],
    formats: all,
    example: "jobrun get report-run",
    load: async () => (await import("./runs.ts")).getHandler,
  },
  {
    words: "events",
    summary: "what Kubernetes tells of a run's instances; it forgets that after about an hour",
    takesName: true,
    options: ["index"],
    formats: ["table", "wide", "json", "yaml"],
    example: "jobrun events report-run --index 3",
    load: async () => (await import("./events.ts")).eventsHandler,
  },
  {
    words: "logs",
    summary: "what a run's instances have printed, secret values masked",
    takesName: true,
    options: ["index", "tail", "previous", "timestamps"],
    formats: ["table", "json", "yaml"],
    example: "jobrun logs report-run --index 3 --tail 100",
    more: "Of each index the newest pod is shown. Of pods that have gone there is nothing; the exit code is 1 when nothing at all can be shown.",
    load: async () => (await import("./logs.ts")).logsHandler,
  },
  {
    words: "wait",
    summary: "waits for the end of a task, or until a daemon runs without restarts for 10 seconds",
    takesName: true,
    options: ["timeout"],
    formats: ["table", "json", "yaml", "name"],
    example: "jobrun wait report-run --timeout 30m",
    more: "Exit code 0: completed, or a daemon that runs. 1: failed, or cannot go on. 2: not ready in time.",
    load: async () => (await import("./wait.ts")).waitHandler,
  },
];
