import type * as contract from "./types.generated";

export type { Connection, Mode, Mount, Wait, WaitUntil } from "./types.generated";

/** A variable of the user's, with a mark of the provider's own. */
export interface EnvVar extends contract.EnvVar {
  /** Inside the provider only: the value is a Pulumi secret and may stand in a Secret and nowhere else. */
  readonly secret?: true;
}

/** What a job says about its runs and a run may say for itself. */
export type TemplateKey =
  | "imagePullPolicy"
  | "command"
  | "args"
  | "env"
  | "envFrom"
  | "mounts"
  | "mode"
  | "arrayIndices"
  | "arraySize"
  | "maxExecutionTime"
  | "retryLimit"
  | "cpu"
  | "memory"
  | "ephemeralStorage"
  | "runAsUser"
  | "podSecurity"
  | "labels"
  | "annotations"
  | "nodeSelector"
  | "tolerations"
  | "priorityClassName"
  | "terminationGracePeriodSeconds"
  | "queue";

/** What belongs to the job alone, and to a run only when that is stand-alone. */
export type JobOnlyKey = "image" | "imagePullSecrets" | "serviceAccountName";

type Marked<T> = Omit<T, "env"> & { readonly env?: readonly EnvVar[] };

/** A template of a run, or a run's changes to its job's. */
export type RunTemplate = Marked<Pick<contract.JobRunInputs, TemplateKey>>;

/** A complete template: it has an image. */
export type JobTemplate = RunTemplate & Pick<contract.JobInputs, JobOnlyKey>;

export type JobInputs = Marked<contract.JobInputs>;

export interface JobRunInputs extends Marked<Omit<contract.JobRunInputs, "jobDefinition">> {
  /** The inputs of the `Job` resource given as `job`. */
  readonly jobDefinition?: JobTemplate;
}

type Filled = "env" | "mode" | "arrayIndices" | "arraySize" | "cpu" | "memory" | "ephemeralStorage" | "podSecurity";

/** A template with every default filled in and every value in canonical form. */
export type TemplateSpec = JobTemplate & Required<Pick<JobTemplate, Filled>>;

/** Everything that shapes a run. */
export interface RunSpec extends TemplateSpec {
  readonly name: string;
  readonly job?: string;
  readonly arraySizeVariable?: number;
  /** Task mode only. */
  readonly ignoreDisruptions?: boolean;
  /** Variables that the configuration gave when the run was made, by name. */
  readonly platform?: Readonly<Record<string, string>>;
  /** How often the secret values of a daemon have changed: a Secret of a run never changes, so each time there is another one. Default: 0. */
  readonly secretGeneration?: number;
  /** Set from the second attempt of a task on. */
  readonly resumed?: Resumed;
}

/** A further attempt of a task, which runs only what has not succeeded. */
export interface Resumed {
  /** From 2. */
  readonly attempt: number;
  /** The indices that run again. */
  readonly indices: string;
  /** What the attempts before came to. */
  readonly before: contract.StatusDetails;
}
