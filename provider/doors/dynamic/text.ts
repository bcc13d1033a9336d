/** The hooks that the state of a resource refers to. */
export type HooksExport = "job" | "jobRun";

/**
 * What stands in the state of every resource in place of a serialised provider: a reference to the installed package.
 * So a new version of the package brings its code along, and nothing of the program is captured.
 * It is compiled by Pulumi's dynamic host in the project's folder, where it must find the package until the stack is destroyed.
 */
export function providerText(hooks: HooksExport): string {
  return `exports.handler = () => {
  try {
    return require("pulumi-jobrun/hooks").${hooks};
  } catch (error) {
    throw new Error("pulumi-jobrun cannot be loaded from " + process.cwd() + ": install it again (npm install pulumi-jobrun); it is needed until the stack is destroyed. " + error.message);
  }
};
`;
}
