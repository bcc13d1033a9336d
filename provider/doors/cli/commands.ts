import type { Command } from "./command";
import type { Format } from "./options";
import { overrideNames } from "./overrides";

const all: readonly Format[] = ["table", "wide", "json", "yaml", "name"];

/** All commands, in the order in which the help lists them. */
export const commands: readonly Command[] = [
  {
    words: "job list",
    summary: "the jobs of the namespace, each with its newest run",
    options: [],
    formats: all,
    example: "jobrun job list --namespace shop",
    load: async () => (await import("./jobs.ts")).listHandler,
  },
  {
    words: "job get",
    summary: "what a job says, and its newest run",
    operand: "NAME",
    options: [],
    formats: all,
    example: "jobrun job get report",
    load: async () => (await import("./jobs.ts")).getHandler,
  },
  {
    words: "list",
    summary: "the runs of the namespace, with how many of their instances are how far",
    options: ["job", "status", "orphans", "stack-file"],
    formats: all,
    example: "jobrun list --job report --status failed",
    more: `Orphans are the runs that were submitted from the command line, and those whose job has gone. What is in the state of a stack
only the stack knows: \`pulumi stack export | jobrun list --orphans --stack-file -\` also finds what it has lost, and no run that it has.`,
    load: async () => (await import("./runs.ts")).listHandler,
  },
  {
    words: "get",
    summary: "a run: what it was made of, how far it is, what stands in its way, its instances",
    operand: "NAME",
    options: [],
    formats: all,
    example: "jobrun get report-run",
    load: async () => (await import("./runs.ts")).getHandler,
  },
  {
    words: "events",
    summary: "what Kubernetes tells of a run's instances; it forgets that after about an hour",
    operand: "NAME",
    options: ["index"],
    formats: ["table", "wide", "json", "yaml"],
    example: "jobrun events report-run --index 3",
    load: async () => (await import("./events.ts")).eventsHandler,
  },
  {
    words: "logs",
    summary: "what a run's instances have printed, secret values masked",
    operand: "NAME",
    options: ["index", "follow", "tail", "since", "previous", "timestamps", "raw"],
    formats: ["table", "json", "yaml"],
    example: "jobrun logs report-run --index 3 --tail 100",
    more: `Of each index the newest pod is shown. Of pods that have gone there is nothing; the exit code is 1 when nothing at all can be shown.
With --follow, each line begins with the name of its pod and container, and what later attempts print is shown as well; it ends with the run.`,
    load: async () => (await import("./logs.ts")).logsHandler,
  },
  {
    words: "wait",
    summary: "waits for the end of a task, or until a daemon runs without restarts for 10 seconds",
    operand: "NAME",
    options: ["timeout"],
    formats: ["table", "json", "yaml", "name"],
    example: "jobrun wait report-run --timeout 30m",
    more: "Exit code 0: completed, or a daemon that runs. 1: failed, or cannot go on. 2: not ready in time.",
    load: async () => (await import("./wait.ts")).waitHandler,
  },
  {
    words: "submit",
    summary: "starts a run that no stack declares, of a job or of an image",
    options: ["job", "name", ...overrideNames, "wait", "wait-timeout"],
    formats: ["table", "json", "yaml", "name"],
    example: "jobrun submit --job report --array-indices 1-5,7 --env LEVEL=debug --wait",
    more: `Without --name, a run of a job is called after it. No stack takes the run for its own: only \`jobrun delete\` removes it.
Once its end has been waited for, here or by \`jobrun wait\`, Kubernetes removes its pods a week later; without that they stay.
With --wait, the exit codes are those of \`jobrun wait\`.`,
    load: async () => (await import("./submit.ts")).submitHandler,
  },
  {
    words: "resubmit",
    summary: "starts a run once more as it was, or only what of it has failed",
    operand: "NAME",
    options: ["failed", "as", "wait", "wait-timeout"],
    formats: ["table", "json", "yaml", "name"],
    example: "jobrun resubmit report-run --failed --wait",
    more: `The new run is made of the record of NAME: of its job as that was then. No stack takes it for its own.
With --wait, the exit codes are those of \`jobrun wait\`.`,
    load: async () => (await import("./resubmit.ts")).resubmitHandler,
  },
  {
    words: "restart",
    summary: "restarts the instances of a daemon that have not ended on purpose",
    operand: "NAME",
    options: ["index"],
    formats: ["table", "json", "yaml", "name"],
    example: "jobrun restart watcher --index 2",
    more: "A daemon on Deployments is rolled out anew, as by `kubectl rollout restart`; of one on Jobs the pods are deleted.",
    load: async () => (await import("./daemons.ts")).restartHandler,
  },
  {
    words: "settle",
    summary: "scales what a daemon has finished to zero, which frees its resources",
    operand: "NAME",
    options: [],
    formats: ["table", "json", "yaml", "name"],
    example: "jobrun settle watcher",
    load: async () => (await import("./daemons.ts")).settleHandler,
  },
  {
    words: "delete",
    summary: "deletes a run with all that belongs to it, and waits until its pods have ended",
    operand: "NAME",
    options: ["force"],
    formats: ["table", "name"],
    example: "jobrun delete report-run",
    more: "It asks first, and says which stack declares the run. Where nobody can be asked, --force is needed.",
    load: async () => (await import("./delete.ts")).deleteRunHandler,
  },
  {
    words: "job delete",
    summary: "deletes a job and all its runs",
    operand: "NAME",
    options: ["force", "orphan-job-runs"],
    formats: ["table", "name"],
    example: "jobrun job delete report --orphan-job-runs",
    more: "It asks first, and says what goes and which stacks declare it. Where nobody can be asked, --force is needed.",
    load: async () => (await import("./delete.ts")).deleteJobHandler,
  },
];
