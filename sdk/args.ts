import type { Input } from "@pulumi/pulumi";
import type { JobInputs, JobRunInputs } from "../provider/core/spec/types";
import type { Job } from "./job";

/** A type with `Input` at every level, as Pulumi programs pass values. */
export type InputsOf<T> = T extends readonly (infer Item)[]
  ? Input<Input<InputsOf<Item>>[]>
  : T extends object
    ? Input<{ [Key in keyof T]: InputsOf<T[Key]> }>
    : Input<T>;

type ArgsOf<T> = { [Key in keyof T]: InputsOf<T[Key]> };

/** Arguments of a `Job`. */
export type JobArgs = ArgsOf<JobInputs>;

/** Arguments of a `JobRun`. */
export interface JobRunArgs extends Omit<ArgsOf<JobRunInputs>, "job" | "jobDefinition"> {
  /** The job to run: a `Job` resource, or the name of a job in the same namespace. None: a stand-alone run, then `image` is required. */
  readonly job?: Job | Input<string>;
}
