import type { CustomResource, Input, Output } from "@pulumi/pulumi";
import type { JobInputs, JobOutputs, JobRunInputs } from "../provider/core/spec/types.generated";

/** A value as a program may build it: with `Input` at every level. */
type Nested<T> = T extends readonly (infer Item)[] ? Input<Nested<Item>>[] : T extends object ? ArgsOf<T> : T;

type IsOptional<T, Key extends keyof T> = Partial<Pick<T, Key>> extends Pick<T, Key> ? true : false;

/** The arguments of a resource, from the type of its inputs. An optional one may be undefined, also later. */
export type ArgsOf<T> = {
  [Key in keyof T]: IsOptional<T, Key> extends true
    ? Input<Nested<Exclude<T[Key], undefined>> | undefined>
    : Input<Nested<T[Key]>>;
};

/** The properties of a resource, from the type of its outputs. */
export type PropertiesOf<T> = {
  readonly [Key in keyof T]-?: Output<IsOptional<T, Key> extends true ? T[Key] | undefined : T[Key]>;
};

/** Arguments of a `Job`. */
export type JobArgs = ArgsOf<JobInputs>;

/** A `Job` of the dynamic provider or of the plugin. */
export type AnyJob = CustomResource & Pick<PropertiesOf<JobOutputs>, "name" | "namespace" | "connection" | "revision">;

/** Arguments of a `JobRun`. */
export interface JobRunArgs extends Omit<ArgsOf<JobRunInputs>, "job" | "jobDefinition"> {
  /** The job to run: a `Job` resource, or the name of a job in the same namespace. None: a stand-alone run, then `image` is required. */
  readonly job?: AnyJob | Input<string>;
}
