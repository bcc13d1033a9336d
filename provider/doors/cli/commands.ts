import type { Command } from "./command";
import type { Format } from "./options";

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
