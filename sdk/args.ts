import type { Input } from "@pulumi/pulumi";
import type { JobInputs } from "../provider/core/spec/types";

/** A type with `Input` at every level, as Pulumi programs pass values. */
export type InputsOf<T> = T extends readonly (infer Item)[]
  ? Input<Input<InputsOf<Item>>[]>
  : T extends object
    ? Input<{ [Key in keyof T]: InputsOf<T[Key]> }>
    : Input<T>;

/** The arguments that stand for these inputs. */
export type ArgsOf<T> = { [Key in keyof T]: InputsOf<T[Key]> };

/** Arguments of a `Job`. */
export type JobArgs = ArgsOf<JobInputs>;
