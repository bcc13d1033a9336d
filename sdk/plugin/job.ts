import type * as pulumi from "@pulumi/pulumi";
import type { JobArgs } from "../args";
import { keepDefinition, withSecretKubeconfig } from "../definition";
import { Job as GeneratedJob } from "../nodejs/job";
import { withEveryInput } from "./everyInput";

/**
 * A job: an inert definition that runs refer to. It is kept as a ConfigMap in the cluster and starts nothing.
 *
 * ```typescript
 * const job = new Job("nightly", { image: "registry.example.com/report:1.4", arraySize: 5, retryLimit: 1 });
 * new JobRun("tonight", { job });
 * ```
 */
export class Job extends GeneratedJob {
  constructor(name: string, args: JobArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = withSecretKubeconfig(args);
    super(name, inputs, withEveryInput(inputs, options));
    // With an id it is looked up, and nothing is known of it yet.
    if (options?.id === undefined) keepDefinition(this, args);
  }

  /** The job with that id, which is `<namespace>/<name>`. It is read, not managed. */
  static override get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): Job {
    return new Job(name, {} as JobArgs, { ...options, id });
  }
}
