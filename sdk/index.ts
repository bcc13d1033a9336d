export type { Unmapped } from "./codeEngineReader";
export { fromCodeEngineJob, fromCodeEngineJobRun } from "./fromCodeEngine";
export { Job, type JobArgs } from "./job";
export { JobRun, type JobRunArgs } from "./jobRun";
