import type { Input, Output } from "@pulumi/pulumi";

/** A type with `Input` at every level, as Pulumi programs pass values. */
type InputsOf<T> = T extends readonly (infer Item)[]
  ? Input<Input<InputsOf<Item>>[]>
  : T extends object
    ? Input<{ [Key in keyof T]: InputsOf<T[Key]> }>
    : Input<T>;

/** The arguments of a resource, from the type of its inputs. */
export type ArgsOf<T> = { [Key in keyof T]: InputsOf<T[Key]> };

/** The properties of a resource, from the type of its outputs. */
export type PropertiesOf<T> = {
  readonly [Key in keyof T]-?: Output<Pick<T, Key> extends Required<Pick<T, Key>> ? T[Key] : T[Key] | undefined>;
};
