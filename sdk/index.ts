export type { JobArgs, JobRunArgs } from "./args";
export type { Unmapped } from "./codeEngineReader";
export { fromCodeEngineJob, fromCodeEngineJobRun } from "./fromCodeEngine";
export { Job } from "./job";
export { JobRun } from "./jobRun";
