// What Pulumi's generator makes of the schema, except that the resources take the arguments of the dynamic ones.
export * from "../nodejs";
export type { JobArgs, JobRunArgs } from "../args";
export { Job } from "./job";
export { JobRun } from "./jobRun";
