export type { JobArgs, JobRunArgs } from "./args";
export type { Unmapped } from "./codeEngineReader";
export {
  getJob,
  type GetJobOutputArgs,
  getJobOutput,
  getJobRun,
  getJobRunLogs,
  type GetJobRunLogsOutputArgs,
  getJobRunLogsOutput,
  type GetJobRunOutputArgs,
  getJobRunOutput,
  type ReadOptions,
} from "./functions";
export type {
  GetJobArgs,
  GetJobResult,
  GetJobRunArgs,
  GetJobRunLogsArgs,
  GetJobRunLogsResult,
  GetJobRunResult,
} from "../provider/core/spec/types.generated";
export { fromCodeEngineJob, fromCodeEngineJobRun } from "./fromCodeEngine";
export { Job } from "./job";
export { JobRun } from "./jobRun";
