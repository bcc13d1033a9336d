const prefix = "pulumi-jobrun";

/** Marks everything that is ours; the watches select by it. */
export const MANAGED_BY = { "app.kubernetes.io/managed-by": prefix } as const;

export const label = {
  /** `job`, `run` for the records, `instance` for workloads and pods. */
  kind: `${prefix}/kind`,
  job: `${prefix}/job`,
  run: `${prefix}/run`,
  /** On the records: hash of the resource that declares the run, which may have begun several. */
  owner: `${prefix}/owner`,
  /** UID of the run record: what makes an object belong to a run. */
  runUid: `${prefix}/run-uid`,
  /** Array index, on objects that carry exactly one. */
  index: `${prefix}/index`,
  mode: `${prefix}/mode`,
  /** Which attempt of the run an object belongs to, from 1. */
  attempt: `${prefix}/attempt`,
} as const;

export const annotation = {
  project: `${prefix}/project`,
  stack: `${prefix}/stack`,
  /** Logical name in the stack. */
  resource: `${prefix}/resource`,
  /** Hash of the URN, by which the engine knows the resource. */
  urnHash: `${prefix}/urn-hash`,
  /** Hash of what shapes the run; on the Deployment of an index, of what shapes that. */
  revision: `${prefix}/revision`,
  /** Set once the engine has been told of the run. */
  acknowledged: `${prefix}/acknowledged`,
  /** On the Deployment of a daemon's index: scaled to zero because the index ended with exit code 0; when that was seen. */
  settled: `${prefix}/settled`,
  /** Touched to wake a Deployment from its long back-off. */
  nudge: `${prefix}/nudge`,
} as const;

/** Labels and annotations that Kubernetes' own controllers set. */
export const kubernetes = {
  completionIndex: "batch.kubernetes.io/job-completion-index",
  indexFailureCount: "batch.kubernetes.io/job-index-failure-count",
  /** Kueue lets a suspended Job with this label go when its queue has room. */
  queue: "kueue.x-k8s.io/queue-name",
  /** Written by `kubectl rollout restart`: not ours, and kept. */
  restartedAt: "kubectl.kubernetes.io/restartedAt",
  defaultContainer: "kubectl.kubernetes.io/default-container",
} as const;
