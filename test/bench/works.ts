import type { Props } from "../../provider/doors/props";

/** Work that every arm can be given, each in its own words. */
export interface Work {
  readonly name: string;
  /** A Job of Kubernetes can only have those from 0 on. */
  readonly indices: readonly number[];
  readonly command: readonly string[];
  readonly image?: string;
  readonly retryLimit?: number;
  readonly maxExecutionTime?: number;
  readonly memory?: string;
  readonly env?: readonly object[];
  /** Where its pods go. */
  readonly placement?: object;
  /** Whether a user of Kubernetes would write a Job without indices for it. */
  readonly plain?: boolean;
  /** Whether its end is waited for. */
  readonly waits: boolean;
}

const IMAGE = "docker.io/library/busybox:1";
const SIZES = { cpu: "20m", memory: "32M", "ephemeral-storage": "1M" };

/** Inputs of a JobRun. */
export function runInputs(work: Work): Props {
  const { name, indices, command, image = IMAGE, retryLimit = 0, maxExecutionTime = 7_200, env, placement } = work;
  return {
    name,
    image,
    command,
    ...(isFromZero(indices) ? { arraySize: indices.length } : { arrayIndices: indices.join(",") }),
    retryLimit,
    maxExecutionTime,
    cpu: SIZES.cpu,
    memory: work.memory ?? SIZES.memory,
    ephemeralStorage: SIZES["ephemeral-storage"],
    ...(env && { env }),
    ...placement,
    ...(!work.waits && { wait: { until: "nothing" } }),
  };
}

const isFromZero = (indices: readonly number[]): boolean => indices.every((index, i) => index === i);

/** The Job that a user of Kubernetes would write for it. */
export function kubeJob(work: Work, namespace: string): KubeJob {
  const { name, command, image = IMAGE, retryLimit = 0, maxExecutionTime = 7_200, env = [], placement } = work;
  const limits = { ...SIZES, memory: work.memory ?? SIZES.memory };
  const { plain = false } = work;
  const index = { fieldRef: { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" } };
  const count = work.indices.length;
  const container = {
    name: "run",
    image,
    command,
    env: [...(plain ? [] : [{ name: "JOB_INDEX", valueFrom: index }]), ...env],
    resources: { requests: limits, limits },
  };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name,
      namespace,
      labels: { bench: "job" },
      ...(!work.waits && { annotations: { "pulumi.com/skipAwait": "true" } }),
    },
    spec: {
      ...(plain
        ? { backoffLimit: retryLimit }
        : { completionMode: "Indexed", completions: count, parallelism: count, backoffLimitPerIndex: retryLimit }),
      activeDeadlineSeconds: maxExecutionTime,
      template: {
        spec: { restartPolicy: "Never", automountServiceAccountToken: false, ...placement, containers: [container] },
      },
    },
  };
}

/** Jobs of one index each, for indices that one Job cannot have. */
export function sparseKubeJobs(work: Work, namespace: string): KubeJob[] {
  return work.indices.map((index) => kubeJob({ ...work, name: `${work.name}-${index}`, indices: [0] }, namespace));
}

/** So many numbers from 0 on. */
export const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export interface KubeJob {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [key: string]: unknown };
  readonly spec: object;
}
