import { stableJson } from "../kube/hash";
import { templateOf } from "../spec/jobRun";
import { comparable, withDefaults } from "../spec/template";
import type { JobInputs } from "../spec/types";
import { hasUnknown } from "../spec/unknown";

/** Whether the two sets of inputs define different jobs, or name the cluster differently. */
export function jobChanged(before: JobInputs, after: JobInputs): boolean {
  return stableJson(meaning(before)) !== stableJson(meaning(after));
}

function meaning(inputs: JobInputs): object {
  const template = templateOf(inputs);
  // At preview values may be unknown, and then cannot be brought to canonical form.
  return [
    hasUnknown(template) ? template : comparable(withDefaults(template)),
    [inputs.connection?.kubeconfig, inputs.connection?.context],
    inputs.orphanRuns ?? false,
  ];
}
