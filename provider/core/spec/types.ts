export type Mode = "task" | "daemon";
export type WaitUntil = "completion" | "running" | "nothing";
export type ImagePullPolicy = "Always" | "IfNotPresent" | "Never";

export interface SecretKeySelector {
  readonly name: string;
  readonly key: string;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef: SecretKeySelector };
  /** Inside the provider only: the value is a Pulumi secret and may stand in a Secret and nowhere else. */
  readonly secret?: true;
}

export interface Connection {
  readonly kubeconfig?: string;
  readonly context?: string;
}

export interface Wait {
  readonly until?: WaitUntil;
}

/** What a job says about its runs and a run may say for itself. */
export interface RunTemplate {
  readonly imagePullPolicy?: ImagePullPolicy;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly EnvVar[];
  readonly mode?: Mode;
  readonly arrayIndices?: string;
  readonly arraySize?: number;
  readonly maxExecutionTime?: number;
  readonly retryLimit?: number;
  readonly cpu?: string;
  readonly memory?: string;
  readonly ephemeralStorage?: string;
}

/** A job's template: the image belongs to the job alone. */
export interface JobTemplate extends RunTemplate {
  readonly image: string;
}

interface Placed {
  readonly name?: string;
  readonly namespace?: string;
  readonly connection?: Connection;
}

export interface JobInputs extends Placed, JobTemplate {}

export interface JobRunInputs extends Placed, RunTemplate {
  readonly image?: string;
  readonly job?: string;
  readonly jobRevision?: string;
  /** The inputs of the `Job` resource given as `job`; see the schema. */
  readonly jobDefinition?: JobTemplate;
  readonly wait?: Wait;
}

/** A template with every default filled in and every value in canonical form. */
export interface TemplateSpec {
  readonly image: string;
  readonly imagePullPolicy?: ImagePullPolicy;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env: readonly EnvVar[];
  readonly mode: Mode;
  /** Canonical text; the set itself is read from it where it is needed. */
  readonly arrayIndices: string;
  readonly arraySize: number;
  /** Seconds; task mode only. */
  readonly maxExecutionTime?: number;
  /** Task mode only. */
  readonly retryLimit?: number;
  readonly cpu: string;
  readonly memory: string;
  readonly ephemeralStorage: string;
}

/** Everything that shapes a run. */
export interface RunSpec extends TemplateSpec {
  readonly name: string;
  readonly job?: string;
}
