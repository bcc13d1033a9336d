import { type Carrier, chooseCarrier, taskCarrier } from "../../../provider/core/backend/carrier";
import type { Owner } from "../../../provider/core/manifest/owner";
import type { CheckOptions } from "../../../provider/core/spec/check";
import { runSpec as completeSpec } from "../../../provider/core/spec/jobRun";
import type { JobTemplate, RunSpec } from "../../../provider/core/spec/types";
import type { RequestedBackend } from "../../../provider/core/spec/types.generated";

/** What the engine knows the resource of a test by. */
export const identity = { urn: "urn:pulumi:dev::shop::pulumi-nodejs:dynamic/jobrun:JobRun::nightly", name: "nightly" };

/** Who declared it. */
export const owner: Owner = { project: "shop", stack: "dev", resource: "nightly" };

/** What carries the run, in a cluster that knows everything where nothing else is said; a wish may be said. */
export function carrierOf(spec: RunSpec, wish: RequestedBackend = "auto", keepsContainerRestart = true): Carrier {
  if (spec.mode === "task") return taskCarrier;
  const choice = chooseCarrier(wish, spec, { keepsContainerRestart, nodes: [] });
  if ("refused" in choice) throw new Error(choice.refused);
  return choice;
}

/** What `check` knows of it: no secrets, and only Kubernetes' limits. */
export const options: CheckOptions = { identity, secretPaths: [], strict: false };

/** What a case may say of a run. */
export type Said = Partial<JobTemplate & Pick<RunSpec, "name" | "job" | "arraySizeVariable" | "ignoreDisruptions">>;

/** The complete spec of a run, stand-alone or of a job that says all of it; a case says only what it is about. */
export function runSpec(said: Said = {}): RunSpec {
  const { name = "nightly", job, arraySizeVariable, ignoreDisruptions, ...template } = said;
  const own = {
    name,
    ...(arraySizeVariable !== undefined && { arraySizeVariable }),
    ...(ignoreDisruptions !== undefined && { ignoreDisruptions }),
  };
  const whole = { image: "app:1", ...template };
  return job === undefined ? completeSpec({ ...whole, ...own }) : completeSpec({ ...own, job }, { definition: whole });
}
