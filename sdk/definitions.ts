import type { JobArgs } from "./args";
import type { Job } from "./job";

/** The arguments of each `Job`, for the runs that are given it: they are known before the job exists. */
const definitions = new WeakMap<Job, JobArgs>();

/** Remembers the arguments of a job. */
export function remember(job: Job, args: JobArgs): void {
  definitions.set(job, args);
}

/** The arguments that the job was made with. */
export function argumentsOf(job: Job): JobArgs | undefined {
  return definitions.get(job);
}
