export type { JobArgs, JobRunArgs } from "./args";
export { Job } from "./job";
export { JobRun } from "./jobRun";
