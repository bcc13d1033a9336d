export type { JobArgs } from "./args";
export { Job } from "./job";
export { JobRun, type JobRunArgs } from "./jobRun";
