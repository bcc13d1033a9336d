import type * as pulumi from "@pulumi/pulumi";

/**
 * Options by which the engine also gets the arguments that the generated class does not know and drops: only then is a misspelt one
 * told in plain JavaScript, which has no compiler that would.
 */
export function withEveryInput(args: object, options: pulumi.CustomResourceOptions = {}): pulumi.CustomResourceOptions {
  // What is looked up has no arguments.
  if (options.id !== undefined) return options;
  const addUnknown: pulumi.ResourceTransformation = ({ props, opts }) => ({
    props: { ...args, ...(props as object) },
    opts,
  });
  return { ...options, transformations: [addUnknown, ...(options.transformations ?? [])] };
}
