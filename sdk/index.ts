export { fromCodeEngineJob, fromCodeEngineJobRun, type Unmapped } from "./fromCodeEngine";
export { Job, type JobArgs } from "./job";
export { JobRun, type JobRunArgs } from "./jobRun";
