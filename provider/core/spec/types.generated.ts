// Generated from schema.json by `npm run generate`. Do not edit.

/** How a run ends. */
export type Mode = "task" | "daemon";

/** When the kubelet pulls the image. */
export type ImagePullPolicy = "Always" | "IfNotPresent" | "Never";

/** The Pod Security standard that the pods keep to. */
export type PodSecurity = "baseline" | "restricted";

/** What `pulumi up` waits for. */
export type WaitUntil = "completion" | "running" | "nothing";

/** What the next `pulumi up` does with a run that failed. */
export type OnFailure = "resume" | "rerun" | "keep";

/** The kind of Kubernetes object that is to carry a daemon. */
export type RequestedBackend = "auto" | "deployment" | "job";

/** The state of a run, in Code Engine's words. */
export type RunStatus = "pending" | "running" | "completed" | "failed" | "unknown";

/** The state of one index, in Code Engine's words. */
export type IndexStatus = "pending" | "running" | "succeeded" | "failed" | "unknown";

/** The kind of Kubernetes object that carries a run. */
export type Backend = "job" | "deployment";

/** How closely the backend keeps the promise of the mode. */
export type Fidelity = "exact" | "rerunsAfterPodLoss" | "stopsOnDrain";

/** A key of a Secret in the namespace of the run. */
export interface SecretKeySelector {
  /** Name of the Secret. */
  readonly name?: string;
  /** Key in the Secret. */
  readonly key: string;
  /** Whether the object may be missing. Default: false (Kubernetes). */
  readonly optional?: boolean;
}

/** A key of a ConfigMap in the namespace of the run. */
export interface ConfigMapKeySelector {
  /** Name of the ConfigMap. */
  readonly name?: string;
  /** Key in the ConfigMap. */
  readonly key: string;
  /** Whether the object may be missing. Default: false (Kubernetes). */
  readonly optional?: boolean;
}

/** A field of the pod. */
export interface ObjectFieldSelector {
  /** Path of the field, such as `metadata.name` or `status.hostIP`. */
  readonly fieldPath: string;
  /** Version of the schema of the path. Default: `v1` (Kubernetes). */
  readonly apiVersion?: string;
}

/** A resource of the container. */
export interface ResourceFieldSelector {
  /** Resource, such as `limits.cpu`. */
  readonly resource: string;
  /** Name of the container. Default: the container itself (Kubernetes). */
  readonly containerName?: string;
  /** Unit of the value. Default: `1` (Kubernetes). */
  readonly divisor?: string;
}

/** Where the value of an environment variable comes from: exactly one of these. */
export interface EnvVarSource {
  /** A key of a Secret. */
  readonly secretKeyRef?: SecretKeySelector;
  /** A key of a ConfigMap. */
  readonly configMapKeyRef?: ConfigMapKeySelector;
  /** A field of the pod. */
  readonly fieldRef?: ObjectFieldSelector;
  /** A resource of the container. */
  readonly resourceFieldRef?: ResourceFieldSelector;
}

/** An environment variable, in the shape Kubernetes uses. */
export interface EnvVar {
  /** Name: printable ASCII without `=`. The variables that the run sets itself (`JOB_INDEX`, `CE_JOBRUN`, …) are refused. */
  readonly name: string;
  /** Literal value; `$(NAME)` and `$$` are expanded by Kubernetes, but not in a secret value. Default: the empty string (Kubernetes). */
  readonly value?: string;
  /** Source of the value, in place of `value`. */
  readonly valueFrom?: EnvVarSource;
}

/** All keys of a Secret. */
export interface SecretEnvSource {
  /** Name of the Secret. */
  readonly name?: string;
  /** Whether the object may be missing. Default: false (Kubernetes). */
  readonly optional?: boolean;
}

/** All keys of a ConfigMap. */
export interface ConfigMapEnvSource {
  /** Name of the ConfigMap. */
  readonly name?: string;
  /** Whether the object may be missing. Default: false (Kubernetes). */
  readonly optional?: boolean;
}

/** Environment variables from all keys of one object, in the shape Kubernetes uses. */
export interface EnvFromSource {
  /** Put before each key. Default: none. */
  readonly prefix?: string;
  /** The ConfigMap; or `secretRef`. */
  readonly configMapRef?: ConfigMapEnvSource;
  /** The Secret; or `configMapRef`. */
  readonly secretRef?: SecretEnvSource;
}

/** A directory that is empty when the pod starts and goes with it. */
export interface EmptyDir {
  /** `Memory` keeps it in memory. Default: the node's disk (Kubernetes). */
  readonly medium?: string;
  /** Largest size, as a Kubernetes quantity. Default: none (Kubernetes). */
  readonly sizeLimit?: string;
}

/** A directory or file of the container that comes from elsewhere: exactly one of `configMap`, `secret`, `persistentVolumeClaim`, `emptyDir`. */
export interface Mount {
  /** Where it appears: an absolute path, not `/`. One mount for each path. */
  readonly mountPath: string;
  /** Name of a ConfigMap; one file for each key. */
  readonly configMap?: string;
  /** Name of a Secret; one file for each key. */
  readonly secret?: string;
  /** Name of a PersistentVolumeClaim. */
  readonly persistentVolumeClaim?: string;
  /** A directory that is empty at first. */
  readonly emptyDir?: EmptyDir;
  /** Path in the source that is mounted instead of its root. */
  readonly subPath?: string;
  /** Whether the container may only read. Default: false (Kubernetes); ConfigMaps and Secrets are read-only in any case. */
  readonly readOnly?: boolean;
}

/** A taint that does not keep the pods away, in the shape Kubernetes uses. */
export interface Toleration {
  /** Key of the taint; none, with `Exists`, means all. */
  readonly key?: string;
  /** `Exists`, `Equal`, `Lt` or `Gt`. Default: `Equal` (Kubernetes). */
  readonly operator?: string;
  /** Value of the taint; with `Equal` only. */
  readonly value?: string;
  /** `NoSchedule`, `PreferNoSchedule` or `NoExecute`. Default: all effects (Kubernetes). */
  readonly effect?: string;
  /** Seconds for which `NoExecute` is tolerated. Default: for ever (Kubernetes). */
  readonly tolerationSeconds?: number;
}

/** The cluster to use. Default: `jobrun:kubeconfig` and `jobrun:context`, then `kubernetes:*` of the stack configuration, then `KUBECONFIG`, `~/.kube/config`, the pod's own cluster. */
export interface Connection {
  /** Path of a kubeconfig file, or its content. */
  readonly kubeconfig?: string;
  /** Context of the kubeconfig. Default: its current context. */
  readonly context?: string;
}

/** What `pulumi up` waits for, and how long. */
export interface Wait {
  /** Default: `completion` for a task, `running` for a daemon. */
  readonly until?: WaitUntil;
  /** Seconds for which every index of a daemon must run without a restart. Default: 10. */
  readonly stableSeconds?: number;
  /** Seconds without any progress of the run after which waiting for room on a node counts as failed; 0 means never. Default: 120. */
  readonly unschedulableSeconds?: number;
  /** Seconds that the run may wait in its queue. Default: no limit. */
  readonly queueSeconds?: number;
}

/** What is shown and kept of the logs. */
export interface Logs {
  /** Last lines that are shown for a failed index; 0 shows none. Default: 20. */
  readonly tailLines?: number;
  /** Whether the last lines of every index, `tailLines` of them, are put into the output `capturedLogs`. Default: false. */
  readonly capture?: boolean;
}

/** What is known of one index that failed, was tried again or was restarted. */
export interface IndexDetails {
  /** State of the index. */
  readonly status: IndexStatus;
  /** How often a failed attempt was followed by a new pod. */
  readonly retries?: number;
  /** How often the container was restarted in place (daemon mode). */
  readonly restarts?: number;
  /** Start of the latest attempt, RFC 3339. */
  readonly startedAt?: string;
  /** End of the latest attempt, RFC 3339. */
  readonly finishedAt?: string;
  /** Exit code of the latest attempt that ended. */
  readonly exitCode?: number;
  /** Why the latest failed attempt failed: Code Engine's word where it has one, else Kubernetes'. */
  readonly lastFailureReason?: string;
  /** What Kubernetes says about it. */
  readonly message?: string;
}

/** Counters and indices of a run. */
export interface StatusDetails {
  /** Number of indices. */
  readonly requested: number;
  /** Indices that wait for a start or their next attempt. */
  readonly pending: number;
  /** Indices that run. */
  readonly running: number;
  /** Indices that ended with success. */
  readonly succeeded: number;
  /** Indices that failed for good. */
  readonly failed: number;
  /** Indices whose state is not known. */
  readonly unknown: number;
  /** Pending indices, in array syntax. */
  readonly pendingIndices: string;
  /** Running indices, in array syntax. */
  readonly runningIndices: string;
  /** Succeeded indices, in array syntax. */
  readonly succeededIndices: string;
  /** Failed indices, in array syntax. */
  readonly failedIndices: string;
  /** When the run started, RFC 3339. */
  readonly startTime?: string;
  /** When the run ended, RFC 3339. */
  readonly completionTime?: string;
  /** Why the run failed, in Kubernetes' word. */
  readonly reason?: string;
  /** Kubernetes' sentence about it. */
  readonly message?: string;
  /** Indices that failed, were tried again, were restarted or left a message, at most 200. */
  readonly indices: Readonly<Record<string, IndexDetails>>;
  /** True when more than 200 indices had something to tell. */
  readonly indicesTruncated?: boolean;
}

/** What the newest pod of an index has printed last. */
export interface IndexLog {
  /** The last lines, without the line break at their end; at most the last 16,384 characters. Values of the run's secret variables are masked. */
  readonly text: string;
  /** Name of the pod. */
  readonly pod: string;
  /** The attempt of the run that the pod belongs to, from 1. */
  readonly attempt: number;
  /** How often the index had been tried before in that attempt. */
  readonly retries: number;
}

/** Inputs of a `Job`. */
export interface JobInputs {
  /** Name in the cluster: lower-case letters, digits and hyphens, at most 63 characters (Kubernetes, Code Engine). A change replaces. Default: the logical name and 7 characters of a hash. */
  readonly name?: string;
  /** Namespace; the cluster's stand-in for a Code Engine project. A change replaces. Default: `jobrun:namespace`, then `kubernetes:namespace` of the stack configuration, then the namespace of the kubeconfig's context, then `default`. */
  readonly namespace?: string;
  /** The cluster to use. Another cluster replaces; other credentials or another name of the same cluster do not. */
  readonly connection?: Connection;
  /** Container image: an OCI reference, with registry, port, tag or digest as needed. */
  readonly image: string;
  /** Names of the Secrets with the registry's credentials. Default: none. */
  readonly imagePullSecrets?: readonly string[];
  /** Service account of the pods, whose token is mounted. Default: none, and no token is mounted. */
  readonly serviceAccountName?: string;
  /** When the image is pulled. Default: `Always` for the tag `latest` or no tag, else `IfNotPresent` (Kubernetes). */
  readonly imagePullPolicy?: ImagePullPolicy;
  /** Command that replaces the image's entry point, at most 100 parts. Default: the image's. */
  readonly command?: readonly string[];
  /** Arguments that replace the image's, at most 100. Default: the image's. */
  readonly args?: readonly string[];
  /** Environment variables, at most 100; the last one of a name wins. A run's entries are merged with its job's by name. Default: none. */
  readonly env?: readonly EnvVar[];
  /** Objects whose keys become environment variables, at most 100; the last one wins, and `env` beats them all. A run's entries follow its job's. Default: none. */
  readonly envFrom?: readonly EnvFromSource[];
  /** What is mounted into the container, at most 100. A run's entries are merged with its job's by path. Default: nothing. */
  readonly mounts?: readonly Mount[];
  /** `task` or `daemon`. Default: `task` (Code Engine). */
  readonly mode?: Mode;
  /** Indices to run, for example `1-5,7-8,10`: single values and ascending ranges from 0 to 9999999, white space allowed; at most 10000 indices when they are exactly 0…n-1, else 1000. Not together with `arraySize`. Default: `0` (Code Engine). */
  readonly arrayIndices?: string;
  /** Number of indices: runs 0…n-1. Not together with `arrayIndices`. Default: 1. */
  readonly arraySize?: number;
  /** Seconds the whole run may take, over all indices and retries. Task mode only. Default: 7200 (Code Engine). */
  readonly maxExecutionTime?: number;
  /** How often a failed index is tried again. Task mode only. Default: 3 (Code Engine). */
  readonly retryLimit?: number;
  /** CPU of each instance, as a Kubernetes quantity. Request and limit are the same. Default: `1` (Code Engine). */
  readonly cpu?: string;
  /** Memory of each instance in bytes, as a Kubernetes quantity. Request and limit are the same. Default: `4G` (Code Engine). */
  readonly memory?: string;
  /** Ephemeral storage of each instance in bytes, as a Kubernetes quantity. Request and limit are the same. Default: `400M` (Code Engine). */
  readonly ephemeralStorage?: string;
  /** Numeric user id of the container; 0 is root. Default: the image's. */
  readonly runAsUser?: number;
  /** Default: `baseline`. */
  readonly podSecurity?: PodSecurity;
  /** Labels of the pods. Keys with the prefix `pulumi-jobrun/` and `app.kubernetes.io/managed-by` are refused. A run's entries are merged with its job's. Default: none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the pods. Keys with the prefix `pulumi-jobrun/` are refused. A run's entries are merged with its job's. Default: none. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Labels that a node must have. Default: none. */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that do not keep the pods away. Default: none. */
  readonly tolerations?: readonly Toleration[];
  /** Priority class of the pods. Default: the cluster's. */
  readonly priorityClassName?: string;
  /** Seconds between SIGTERM and SIGKILL. Default: 30 (Kubernetes). */
  readonly terminationGracePeriodSeconds?: number;
  /** Kueue LocalQueue through which task runs are submitted; each resume grants the full `maxExecutionTime` anew. Task mode only. Default: none. */
  readonly queue?: string;
  /** Whether the runs of the job stay when it is deleted. Default: false, they go with it (Code Engine). */
  readonly orphanRuns?: boolean;
}

/** Outputs of a `Job`. */
export interface JobOutputs {
  /** Name in the cluster: lower-case letters, digits and hyphens, at most 63 characters (Kubernetes, Code Engine). A change replaces. Default: the logical name and 7 characters of a hash. */
  readonly name: string;
  /** Namespace; the cluster's stand-in for a Code Engine project. A change replaces. Default: `jobrun:namespace`, then `kubernetes:namespace` of the stack configuration, then the namespace of the kubeconfig's context, then `default`. */
  readonly namespace: string;
  /** The cluster to use. Another cluster replaces; other credentials or another name of the same cluster do not. */
  readonly connection?: Connection;
  /** Container image: an OCI reference, with registry, port, tag or digest as needed. */
  readonly image: string;
  /** Names of the Secrets with the registry's credentials. Default: none. */
  readonly imagePullSecrets?: readonly string[];
  /** Service account of the pods, whose token is mounted. Default: none, and no token is mounted. */
  readonly serviceAccountName?: string;
  /** When the image is pulled. Default: `Always` for the tag `latest` or no tag, else `IfNotPresent` (Kubernetes). */
  readonly imagePullPolicy?: ImagePullPolicy;
  /** Command that replaces the image's entry point, at most 100 parts. Default: the image's. */
  readonly command?: readonly string[];
  /** Arguments that replace the image's, at most 100. Default: the image's. */
  readonly args?: readonly string[];
  /** Environment variables, at most 100; the last one of a name wins. A run's entries are merged with its job's by name. Default: none. */
  readonly env?: readonly EnvVar[];
  /** Objects whose keys become environment variables, at most 100; the last one wins, and `env` beats them all. A run's entries follow its job's. Default: none. */
  readonly envFrom?: readonly EnvFromSource[];
  /** What is mounted into the container, at most 100. A run's entries are merged with its job's by path. Default: nothing. */
  readonly mounts?: readonly Mount[];
  /** `task` or `daemon`. Default: `task` (Code Engine). */
  readonly mode: Mode;
  /** Indices to run, for example `1-5,7-8,10`: single values and ascending ranges from 0 to 9999999, white space allowed; at most 10000 indices when they are exactly 0…n-1, else 1000. Not together with `arraySize`. Default: `0` (Code Engine). */
  readonly arrayIndices: string;
  /** Number of indices: runs 0…n-1. Not together with `arrayIndices`. Default: 1. */
  readonly arraySize: number;
  /** Seconds the whole run may take, over all indices and retries. Task mode only. Default: 7200 (Code Engine). */
  readonly maxExecutionTime?: number;
  /** How often a failed index is tried again. Task mode only. Default: 3 (Code Engine). */
  readonly retryLimit?: number;
  /** CPU of each instance, as a Kubernetes quantity. Request and limit are the same. Default: `1` (Code Engine). */
  readonly cpu: string;
  /** Memory of each instance in bytes, as a Kubernetes quantity. Request and limit are the same. Default: `4G` (Code Engine). */
  readonly memory: string;
  /** Ephemeral storage of each instance in bytes, as a Kubernetes quantity. Request and limit are the same. Default: `400M` (Code Engine). */
  readonly ephemeralStorage: string;
  /** Numeric user id of the container; 0 is root. Default: the image's. */
  readonly runAsUser?: number;
  /** Default: `baseline`. */
  readonly podSecurity: PodSecurity;
  /** Labels of the pods. Keys with the prefix `pulumi-jobrun/` and `app.kubernetes.io/managed-by` are refused. A run's entries are merged with its job's. Default: none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the pods. Keys with the prefix `pulumi-jobrun/` are refused. A run's entries are merged with its job's. Default: none. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Labels that a node must have. Default: none. */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that do not keep the pods away. Default: none. */
  readonly tolerations?: readonly Toleration[];
  /** Priority class of the pods. Default: the cluster's. */
  readonly priorityClassName?: string;
  /** Seconds between SIGTERM and SIGKILL. Default: 30 (Kubernetes). */
  readonly terminationGracePeriodSeconds?: number;
  /** Kueue LocalQueue through which task runs are submitted; each resume grants the full `maxExecutionTime` anew. Task mode only. Default: none. */
  readonly queue?: string;
  /** Whether the runs of the job stay when it is deleted. Default: false, they go with it (Code Engine). */
  readonly orphanRuns: boolean;
  /** UID of the object in the cluster. */
  readonly uid: string;
  /** When it was created, RFC 3339. */
  readonly createdAt: string;
  /** Hash of everything that shapes a run of the job. */
  readonly revision: string;
}

/** Inputs of a `JobRun`. */
export interface JobRunInputs {
  /** Name in the cluster: lower-case letters, digits and hyphens, at most 53 characters (Kubernetes, Code Engine). A change replaces. Default: the logical name and 7 characters of a hash over everything that shapes the run. */
  readonly name?: string;
  /** Namespace; the cluster's stand-in for a Code Engine project. A change replaces. Default: `jobrun:namespace`, then `kubernetes:namespace` of the stack configuration, then the namespace of the kubeconfig's context, then `default`. */
  readonly namespace?: string;
  /** The cluster to use. Another cluster replaces; other credentials or another name of the same cluster do not. */
  readonly connection?: Connection;
  /** Container image: an OCI reference, with registry, port, tag or digest as needed. Required for a run without `job`, not allowed with it. */
  readonly image?: string;
  /** Names of the Secrets with the registry's credentials. Default: none. Not allowed with `job`. */
  readonly imagePullSecrets?: readonly string[];
  /** Service account of the pods, whose token is mounted. Default: none, and no token is mounted. Not allowed with `job`. */
  readonly serviceAccountName?: string;
  /** Name of the job to run, in the same namespace; the TypeScript SDK also takes a `Job` resource. A change replaces. Default: none, a stand-alone run. */
  readonly job?: string;
  /** Revision of the job; a change of it makes a new run. Filled by the TypeScript SDK when `job` is a resource. */
  readonly jobRevision?: string;
  /** Internal: the inputs of the `Job` resource given as `job`, filled by the TypeScript SDK. */
  readonly jobDefinition?: Readonly<Record<string, unknown>>;
  /** When the image is pulled. Default: `Always` for the tag `latest` or no tag, else `IfNotPresent` (Kubernetes). */
  readonly imagePullPolicy?: ImagePullPolicy;
  /** Command that replaces the image's entry point, at most 100 parts. Default: the image's. */
  readonly command?: readonly string[];
  /** Arguments that replace the image's, at most 100. Default: the image's. */
  readonly args?: readonly string[];
  /** Environment variables, at most 100; the last one of a name wins. A run's entries are merged with its job's by name. Default: none. */
  readonly env?: readonly EnvVar[];
  /** Objects whose keys become environment variables, at most 100; the last one wins, and `env` beats them all. A run's entries follow its job's. Default: none. */
  readonly envFrom?: readonly EnvFromSource[];
  /** What is mounted into the container, at most 100. A run's entries are merged with its job's by path. Default: nothing. */
  readonly mounts?: readonly Mount[];
  /** `task` or `daemon`. Default: `task` (Code Engine). */
  readonly mode?: Mode;
  /** Indices to run, for example `1-5,7-8,10`: single values and ascending ranges from 0 to 9999999, white space allowed; at most 10000 indices when they are exactly 0…n-1, else 1000. Not together with `arraySize`. Default: `0` (Code Engine). */
  readonly arrayIndices?: string;
  /** Number of indices: runs 0…n-1. Not together with `arrayIndices`. Default: 1. */
  readonly arraySize?: number;
  /** Seconds the whole run may take, over all indices and retries. Task mode only. Default: 7200 (Code Engine). */
  readonly maxExecutionTime?: number;
  /** How often a failed index is tried again. Task mode only. Default: 3 (Code Engine). */
  readonly retryLimit?: number;
  /** CPU of each instance, as a Kubernetes quantity. Request and limit are the same. Default: `1` (Code Engine). */
  readonly cpu?: string;
  /** Memory of each instance in bytes, as a Kubernetes quantity. Request and limit are the same. Default: `4G` (Code Engine). */
  readonly memory?: string;
  /** Ephemeral storage of each instance in bytes, as a Kubernetes quantity. Request and limit are the same. Default: `400M` (Code Engine). */
  readonly ephemeralStorage?: string;
  /** Numeric user id of the container; 0 is root. Default: the image's. */
  readonly runAsUser?: number;
  /** Default: `baseline`. */
  readonly podSecurity?: PodSecurity;
  /** Labels of the pods. Keys with the prefix `pulumi-jobrun/` and `app.kubernetes.io/managed-by` are refused. A run's entries are merged with its job's. Default: none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the pods. Keys with the prefix `pulumi-jobrun/` are refused. A run's entries are merged with its job's. Default: none. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Labels that a node must have. Default: none. */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that do not keep the pods away. Default: none. */
  readonly tolerations?: readonly Toleration[];
  /** Priority class of the pods. Default: the cluster's. */
  readonly priorityClassName?: string;
  /** Seconds between SIGTERM and SIGKILL. Default: 30 (Kubernetes). */
  readonly terminationGracePeriodSeconds?: number;
  /** Kueue LocalQueue through which task runs are submitted; each resume grants the full `maxExecutionTime` anew. Task mode only. Default: none. */
  readonly queue?: string;
  /** Value of the variable `JOB_ARRAY_SIZE`, in place of the number of indices; nothing else changes. Default: the number of indices (Code Engine). */
  readonly arraySizeVariable?: number;
  /** Any values; a change of one makes a new run. Default: none. */
  readonly triggers?: Readonly<Record<string, unknown>>;
  /** What `pulumi up` waits for. */
  readonly wait?: Wait;
  /** What the next `pulumi up` does with a run that failed. Default: `resume`. */
  readonly onFailure?: OnFailure;
  /** What is shown and kept of the logs. */
  readonly logs?: Logs;
  /** Seconds after its end for which Kubernetes keeps the run's Jobs and pods; -1 means for ever. At least 60. Default: 604800, a week (Code Engine). */
  readonly retention?: number;
  /** Whether drain, preemption and node shutdown leave the number of retries alone. Task mode only. Default: true. */
  readonly ignoreDisruptions?: boolean;
  /** Kind of object that carries a daemon: `deployment`, `job` (an index that has ended with exit code 0 never runs again), or `auto`, which is `deployment` where the cluster can do it. A run keeps what it has. Daemon mode only. Default: `auto`. */
  readonly backend?: RequestedBackend;
  /** Whether an index that has ended with exit code 0 is scaled to zero when `pulumi up` sees it, so that it frees its resources and a lost pod does not run again; a `job` backend does both by itself. Daemon mode only. Default: false. */
  readonly settle?: boolean;
}

/** Outputs of a `JobRun`. */
export interface JobRunOutputs {
  /** Name in the cluster: lower-case letters, digits and hyphens, at most 53 characters (Kubernetes, Code Engine). A change replaces. Default: the logical name and 7 characters of a hash over everything that shapes the run. */
  readonly name: string;
  /** Namespace; the cluster's stand-in for a Code Engine project. A change replaces. Default: `jobrun:namespace`, then `kubernetes:namespace` of the stack configuration, then the namespace of the kubeconfig's context, then `default`. */
  readonly namespace: string;
  /** The cluster to use. Another cluster replaces; other credentials or another name of the same cluster do not. */
  readonly connection?: Connection;
  /** Container image: an OCI reference, with registry, port, tag or digest as needed. Required for a run without `job`, not allowed with it. */
  readonly image: string;
  /** Names of the Secrets with the registry's credentials. Default: none. Not allowed with `job`. */
  readonly imagePullSecrets?: readonly string[];
  /** Service account of the pods, whose token is mounted. Default: none, and no token is mounted. Not allowed with `job`. */
  readonly serviceAccountName?: string;
  /** Name of the job to run, in the same namespace; the TypeScript SDK also takes a `Job` resource. A change replaces. Default: none, a stand-alone run. */
  readonly job?: string;
  /** Revision of the job; a change of it makes a new run. Filled by the TypeScript SDK when `job` is a resource. */
  readonly jobRevision?: string;
  /** Internal: the inputs of the `Job` resource given as `job`, filled by the TypeScript SDK. */
  readonly jobDefinition?: Readonly<Record<string, unknown>>;
  /** When the image is pulled. Default: `Always` for the tag `latest` or no tag, else `IfNotPresent` (Kubernetes). */
  readonly imagePullPolicy?: ImagePullPolicy;
  /** Command that replaces the image's entry point, at most 100 parts. Default: the image's. */
  readonly command?: readonly string[];
  /** Arguments that replace the image's, at most 100. Default: the image's. */
  readonly args?: readonly string[];
  /** Environment variables, at most 100; the last one of a name wins. A run's entries are merged with its job's by name. Default: none. */
  readonly env?: readonly EnvVar[];
  /** Objects whose keys become environment variables, at most 100; the last one wins, and `env` beats them all. A run's entries follow its job's. Default: none. */
  readonly envFrom?: readonly EnvFromSource[];
  /** What is mounted into the container, at most 100. A run's entries are merged with its job's by path. Default: nothing. */
  readonly mounts?: readonly Mount[];
  /** `task` or `daemon`. Default: `task` (Code Engine). */
  readonly mode: Mode;
  /** Indices to run, for example `1-5,7-8,10`: single values and ascending ranges from 0 to 9999999, white space allowed; at most 10000 indices when they are exactly 0…n-1, else 1000. Not together with `arraySize`. Default: `0` (Code Engine). */
  readonly arrayIndices: string;
  /** Number of indices: runs 0…n-1. Not together with `arrayIndices`. Default: 1. */
  readonly arraySize: number;
  /** Seconds the whole run may take, over all indices and retries. Task mode only. Default: 7200 (Code Engine). */
  readonly maxExecutionTime?: number;
  /** How often a failed index is tried again. Task mode only. Default: 3 (Code Engine). */
  readonly retryLimit?: number;
  /** CPU of each instance, as a Kubernetes quantity. Request and limit are the same. Default: `1` (Code Engine). */
  readonly cpu: string;
  /** Memory of each instance in bytes, as a Kubernetes quantity. Request and limit are the same. Default: `4G` (Code Engine). */
  readonly memory: string;
  /** Ephemeral storage of each instance in bytes, as a Kubernetes quantity. Request and limit are the same. Default: `400M` (Code Engine). */
  readonly ephemeralStorage: string;
  /** Numeric user id of the container; 0 is root. Default: the image's. */
  readonly runAsUser?: number;
  /** Default: `baseline`. */
  readonly podSecurity: PodSecurity;
  /** Labels of the pods. Keys with the prefix `pulumi-jobrun/` and `app.kubernetes.io/managed-by` are refused. A run's entries are merged with its job's. Default: none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the pods. Keys with the prefix `pulumi-jobrun/` are refused. A run's entries are merged with its job's. Default: none. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Labels that a node must have. Default: none. */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that do not keep the pods away. Default: none. */
  readonly tolerations?: readonly Toleration[];
  /** Priority class of the pods. Default: the cluster's. */
  readonly priorityClassName?: string;
  /** Seconds between SIGTERM and SIGKILL. Default: 30 (Kubernetes). */
  readonly terminationGracePeriodSeconds?: number;
  /** Kueue LocalQueue through which task runs are submitted; each resume grants the full `maxExecutionTime` anew. Task mode only. Default: none. */
  readonly queue?: string;
  /** Value of the variable `JOB_ARRAY_SIZE`, in place of the number of indices; nothing else changes. Default: the number of indices (Code Engine). */
  readonly arraySizeVariable?: number;
  /** Any values; a change of one makes a new run. Default: none. */
  readonly triggers?: Readonly<Record<string, unknown>>;
  /** What `pulumi up` waits for. */
  readonly wait: Wait;
  /** What the next `pulumi up` does with a run that failed. Default: `resume`. */
  readonly onFailure: OnFailure;
  /** What is shown and kept of the logs. */
  readonly logs?: Logs;
  /** Seconds after its end for which Kubernetes keeps the run's Jobs and pods; -1 means for ever. At least 60. Default: 604800, a week (Code Engine). */
  readonly retention: number;
  /** Whether drain, preemption and node shutdown leave the number of retries alone. Task mode only. Default: true. */
  readonly ignoreDisruptions?: boolean;
  /** Kind of object that carries the run. */
  readonly backend: Backend;
  /** Whether an index that has ended with exit code 0 is scaled to zero when `pulumi up` sees it, so that it frees its resources and a lost pod does not run again; a `job` backend does both by itself. Daemon mode only. Default: false. */
  readonly settle?: boolean;
  /** UID of the object in the cluster. */
  readonly uid: string;
  /** When it was created, RFC 3339. */
  readonly createdAt: string;
  /** State of the run. */
  readonly status: RunStatus;
  /** Counters and indices. */
  readonly statusDetails: StatusDetails;
  /** Number of the attempt of the run, from 1. */
  readonly attempt: number;
  /** How closely it keeps the promise of the mode. */
  readonly fidelity: Fidelity;
  /** Why, in one sentence. */
  readonly fidelityReason: string;
  /** What each index printed last, by index, with `logs.capture`: the newest attempt's lines, without the last line break, at most 16 KiB an index and 1 MiB divided by the number of indices; `[truncated]` stands where more was cut. There once a task has ended, and of a daemon as of the moment at which it was what `wait` asks for. Secret values of `env` are masked, and of a run with secrets the output is secret. */
  readonly capturedLogs?: Readonly<Record<string, string>>;
}

/** Arguments of `getJob`. */
export interface GetJobArgs {
  /** Name of the job in the cluster. */
  readonly name: string;
  /** Namespace; the cluster's stand-in for a Code Engine project. Default: `jobrun:namespace`, then `kubernetes:namespace` of the stack configuration, then the namespace of the kubeconfig's context, then `default`. */
  readonly namespace?: string;
  /** The cluster to use. */
  readonly connection?: Connection;
}

/** Result of `getJob`. */
export interface GetJobResult {
  /** Name in the cluster: lower-case letters, digits and hyphens, at most 63 characters (Kubernetes, Code Engine). A change replaces. Default: the logical name and 7 characters of a hash. */
  readonly name: string;
  /** Namespace; the cluster's stand-in for a Code Engine project. A change replaces. Default: `jobrun:namespace`, then `kubernetes:namespace` of the stack configuration, then the namespace of the kubeconfig's context, then `default`. */
  readonly namespace: string;
  /** Container image: an OCI reference, with registry, port, tag or digest as needed. */
  readonly image: string;
  /** Names of the Secrets with the registry's credentials. Default: none. */
  readonly imagePullSecrets?: readonly string[];
  /** Service account of the pods, whose token is mounted. Default: none, and no token is mounted. */
  readonly serviceAccountName?: string;
  /** When the image is pulled. Default: `Always` for the tag `latest` or no tag, else `IfNotPresent` (Kubernetes). */
  readonly imagePullPolicy?: ImagePullPolicy;
  /** Command that replaces the image's entry point, at most 100 parts. Default: the image's. */
  readonly command?: readonly string[];
  /** Arguments that replace the image's, at most 100. Default: the image's. */
  readonly args?: readonly string[];
  /** Environment variables, at most 100; the last one of a name wins. A run's entries are merged with its job's by name. Default: none. */
  readonly env?: readonly EnvVar[];
  /** Objects whose keys become environment variables, at most 100; the last one wins, and `env` beats them all. A run's entries follow its job's. Default: none. */
  readonly envFrom?: readonly EnvFromSource[];
  /** What is mounted into the container, at most 100. A run's entries are merged with its job's by path. Default: nothing. */
  readonly mounts?: readonly Mount[];
  /** `task` or `daemon`. Default: `task` (Code Engine). */
  readonly mode: Mode;
  /** Indices to run, for example `1-5,7-8,10`: single values and ascending ranges from 0 to 9999999, white space allowed; at most 10000 indices when they are exactly 0…n-1, else 1000. Not together with `arraySize`. Default: `0` (Code Engine). */
  readonly arrayIndices: string;
  /** Number of indices: runs 0…n-1. Not together with `arrayIndices`. Default: 1. */
  readonly arraySize: number;
  /** Seconds the whole run may take, over all indices and retries. Task mode only. Default: 7200 (Code Engine). */
  readonly maxExecutionTime?: number;
  /** How often a failed index is tried again. Task mode only. Default: 3 (Code Engine). */
  readonly retryLimit?: number;
  /** CPU of each instance, as a Kubernetes quantity. Request and limit are the same. Default: `1` (Code Engine). */
  readonly cpu: string;
  /** Memory of each instance in bytes, as a Kubernetes quantity. Request and limit are the same. Default: `4G` (Code Engine). */
  readonly memory: string;
  /** Ephemeral storage of each instance in bytes, as a Kubernetes quantity. Request and limit are the same. Default: `400M` (Code Engine). */
  readonly ephemeralStorage: string;
  /** Numeric user id of the container; 0 is root. Default: the image's. */
  readonly runAsUser?: number;
  /** Default: `baseline`. */
  readonly podSecurity: PodSecurity;
  /** Labels of the pods. Keys with the prefix `pulumi-jobrun/` and `app.kubernetes.io/managed-by` are refused. A run's entries are merged with its job's. Default: none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the pods. Keys with the prefix `pulumi-jobrun/` are refused. A run's entries are merged with its job's. Default: none. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Labels that a node must have. Default: none. */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that do not keep the pods away. Default: none. */
  readonly tolerations?: readonly Toleration[];
  /** Priority class of the pods. Default: the cluster's. */
  readonly priorityClassName?: string;
  /** Seconds between SIGTERM and SIGKILL. Default: 30 (Kubernetes). */
  readonly terminationGracePeriodSeconds?: number;
  /** Kueue LocalQueue through which task runs are submitted; each resume grants the full `maxExecutionTime` anew. Task mode only. Default: none. */
  readonly queue?: string;
  /** UID of the object in the cluster. */
  readonly uid: string;
  /** When it was created, RFC 3339. */
  readonly createdAt: string;
  /** Hash of everything that shapes a run of the job. */
  readonly revision: string;
}

/** Arguments of `getJobRun`. */
export interface GetJobRunArgs {
  /** Name of the run in the cluster. */
  readonly name: string;
  /** Namespace; the cluster's stand-in for a Code Engine project. Default: `jobrun:namespace`, then `kubernetes:namespace` of the stack configuration, then the namespace of the kubeconfig's context, then `default`. */
  readonly namespace?: string;
  /** The cluster to use. */
  readonly connection?: Connection;
}

/** Result of `getJobRun`. */
export interface GetJobRunResult {
  /** Name in the cluster: lower-case letters, digits and hyphens, at most 53 characters (Kubernetes, Code Engine). A change replaces. Default: the logical name and 7 characters of a hash over everything that shapes the run. */
  readonly name: string;
  /** Namespace; the cluster's stand-in for a Code Engine project. A change replaces. Default: `jobrun:namespace`, then `kubernetes:namespace` of the stack configuration, then the namespace of the kubeconfig's context, then `default`. */
  readonly namespace: string;
  /** Container image: an OCI reference, with registry, port, tag or digest as needed. Required for a run without `job`, not allowed with it. */
  readonly image: string;
  /** Names of the Secrets with the registry's credentials. Default: none. Not allowed with `job`. */
  readonly imagePullSecrets?: readonly string[];
  /** Service account of the pods, whose token is mounted. Default: none, and no token is mounted. Not allowed with `job`. */
  readonly serviceAccountName?: string;
  /** Name of the job to run, in the same namespace; the TypeScript SDK also takes a `Job` resource. A change replaces. Default: none, a stand-alone run. */
  readonly job?: string;
  /** When the image is pulled. Default: `Always` for the tag `latest` or no tag, else `IfNotPresent` (Kubernetes). */
  readonly imagePullPolicy?: ImagePullPolicy;
  /** Command that replaces the image's entry point, at most 100 parts. Default: the image's. */
  readonly command?: readonly string[];
  /** Arguments that replace the image's, at most 100. Default: the image's. */
  readonly args?: readonly string[];
  /** Environment variables, at most 100; the last one of a name wins. A run's entries are merged with its job's by name. Default: none. */
  readonly env?: readonly EnvVar[];
  /** Objects whose keys become environment variables, at most 100; the last one wins, and `env` beats them all. A run's entries follow its job's. Default: none. */
  readonly envFrom?: readonly EnvFromSource[];
  /** What is mounted into the container, at most 100. A run's entries are merged with its job's by path. Default: nothing. */
  readonly mounts?: readonly Mount[];
  /** `task` or `daemon`. Default: `task` (Code Engine). */
  readonly mode: Mode;
  /** Indices to run, for example `1-5,7-8,10`: single values and ascending ranges from 0 to 9999999, white space allowed; at most 10000 indices when they are exactly 0…n-1, else 1000. Not together with `arraySize`. Default: `0` (Code Engine). */
  readonly arrayIndices: string;
  /** Number of indices: runs 0…n-1. Not together with `arrayIndices`. Default: 1. */
  readonly arraySize: number;
  /** Seconds the whole run may take, over all indices and retries. Task mode only. Default: 7200 (Code Engine). */
  readonly maxExecutionTime?: number;
  /** How often a failed index is tried again. Task mode only. Default: 3 (Code Engine). */
  readonly retryLimit?: number;
  /** CPU of each instance, as a Kubernetes quantity. Request and limit are the same. Default: `1` (Code Engine). */
  readonly cpu: string;
  /** Memory of each instance in bytes, as a Kubernetes quantity. Request and limit are the same. Default: `4G` (Code Engine). */
  readonly memory: string;
  /** Ephemeral storage of each instance in bytes, as a Kubernetes quantity. Request and limit are the same. Default: `400M` (Code Engine). */
  readonly ephemeralStorage: string;
  /** Numeric user id of the container; 0 is root. Default: the image's. */
  readonly runAsUser?: number;
  /** Default: `baseline`. */
  readonly podSecurity: PodSecurity;
  /** Labels of the pods. Keys with the prefix `pulumi-jobrun/` and `app.kubernetes.io/managed-by` are refused. A run's entries are merged with its job's. Default: none. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Annotations of the pods. Keys with the prefix `pulumi-jobrun/` are refused. A run's entries are merged with its job's. Default: none. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Labels that a node must have. Default: none. */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** Taints that do not keep the pods away. Default: none. */
  readonly tolerations?: readonly Toleration[];
  /** Priority class of the pods. Default: the cluster's. */
  readonly priorityClassName?: string;
  /** Seconds between SIGTERM and SIGKILL. Default: 30 (Kubernetes). */
  readonly terminationGracePeriodSeconds?: number;
  /** Kueue LocalQueue through which task runs are submitted; each resume grants the full `maxExecutionTime` anew. Task mode only. Default: none. */
  readonly queue?: string;
  /** Value of the variable `JOB_ARRAY_SIZE`, in place of the number of indices; nothing else changes. Default: the number of indices (Code Engine). */
  readonly arraySizeVariable?: number;
  /** Whether drain, preemption and node shutdown leave the number of retries alone. Task mode only. Default: true. */
  readonly ignoreDisruptions?: boolean;
  /** Kind of object that carries the run. */
  readonly backend: Backend;
  /** UID of the object in the cluster. */
  readonly uid: string;
  /** When it was created, RFC 3339. */
  readonly createdAt: string;
  /** State of the run. */
  readonly status: RunStatus;
  /** Counters and indices. */
  readonly statusDetails: StatusDetails;
  /** Number of the attempt of the run, from 1. */
  readonly attempt: number;
  /** How closely it keeps the promise of the mode. */
  readonly fidelity: Fidelity;
  /** Why, in one sentence. */
  readonly fidelityReason: string;
}

/** Arguments of `getJobRunLogs`. */
export interface GetJobRunLogsArgs {
  /** Name of the run in the cluster. */
  readonly name: string;
  /** The index whose log is wanted. Default: all of them, at most the first 100 that have one. */
  readonly index?: number;
  /** How many lines, counted from the last one. Default: 20. */
  readonly tailLines?: number;
  /** Namespace; the cluster's stand-in for a Code Engine project. Default: `jobrun:namespace`, then `kubernetes:namespace` of the stack configuration, then the namespace of the kubeconfig's context, then `default`. */
  readonly namespace?: string;
  /** The cluster to use. */
  readonly connection?: Connection;
}

/** Result of `getJobRunLogs`. */
export interface GetJobRunLogsResult {
  /** By index. */
  readonly logs: Readonly<Record<string, IndexLog>>;
  /** The indices of which there is no log, in the syntax of `arrayIndices`; empty when there is none. */
  readonly missingIndices: string;
  /** Why these have no log. */
  readonly missingReason?: string;
}
