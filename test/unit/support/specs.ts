import type { Owner } from "../../../provider/core/manifest/owner";
import { withDefaults } from "../../../provider/core/spec/template";
import type { JobTemplate, RunSpec } from "../../../provider/core/spec/types";

/** What the engine knows the resource of a test by. */
export const identity = { urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/jobrun:JobRun::nightly", name: "nightly" };

/** Who declared it. */
export const owner: Owner = { project: "shop", stack: "dev", resource: "nightly" };

/** The complete spec of a run; a case says only what it is about. */
export function runSpec(said: Partial<JobTemplate & Pick<RunSpec, "name" | "job">> = {}): RunSpec {
  const { name = "nightly", job, ...template } = said;
  return { ...withDefaults({ image: "app:1", ...template }), name, ...(job !== undefined && { job }) };
}
