import type * as pulumi from "@pulumi/pulumi";
import type { JobRunArgs } from "../args";
import { withDefinition } from "../definition";
import { JobRun as GeneratedJobRun } from "../nodejs/jobRun";
import { withEveryInput } from "./everyInput";

/**
 * One run of a job, or a stand-alone run. A task run ends, bounded in time and retries; a daemon run goes on until it is deleted
 * or its program ends with exit code 0.
 *
 * ```typescript
 * new JobRun("migrate", { image: "registry.example.com/migrate:7", maxExecutionTime: 600 });
 * ```
 */
export class JobRun extends GeneratedJobRun {
  constructor(name: string, args: JobRunArgs, options?: pulumi.CustomResourceOptions) {
    const inputs = withDefinition(args);
    super(name, inputs, withEveryInput(inputs, options));
  }

  /** The run with that id, which is `<namespace>/<name>`. It is read, not managed. */
  static override get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): JobRun {
    return new JobRun(name, {}, { ...options, id });
  }
}
