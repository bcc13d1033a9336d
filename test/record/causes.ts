import type { Said } from "../unit/support/specs";

/** A namespace whose rules are a cause, or one without rules. */
export type Place = "plain" | "quota" | "secured" | "ranged" | "policed" | "hooked";

/** Something that keeps a run from going on, and how to make it happen. */
export interface Cause {
  readonly place?: Place;
  /** What the run says; instances are small. */
  readonly run: Said;
  /** Only for one of the two. */
  readonly only?: "job" | "deployment";
  readonly keepAliveImage?: string;
  /** The pod is evicted once it runs. */
  readonly evict?: true;
  /** What is read in every pod and its events when it has happened; where no pod comes, in the other objects. */
  readonly sign: RegExp;
}

const SLEEP = { command: ["sleep", "600"] };
/** The program is over, and not started again yet. */
const over = (how: string): RegExp =>
  new RegExp(`"state":\\{"terminated":\\{[^}]*${how}|${how}[^]*"state":\\{"(terminated|waiting)"`);
const MISSING_IMAGE = "127.0.0.1:1/missing:1";
const ABSENT_KEY = { name: "A", valueFrom: { secretKeyRef: { name: "present", key: "absent" } } };

/** Everything that is known to keep a run from going on. */
export const causes: Readonly<Record<string, Cause>> = {
  "exceeded-quota": { place: "quota", run: SLEEP, sign: /exceeded quota/ },
  "pod-security": { place: "secured", run: SLEEP, sign: /violates PodSecurity/ },
  "limit-range": { place: "ranged", run: SLEEP, sign: /minimum cpu usage/ },
  "admission-policy": { place: "policed", run: SLEEP, sign: /denied request/ },
  "webhook-away": { place: "hooked", run: SLEEP, sign: /failed calling webhook/ },
  "no-service-account": { run: { ...SLEEP, serviceAccountName: "absent" }, sign: /serviceaccount .*not found/ },
  "no-priority-class": { run: { ...SLEEP, priorityClassName: "absent" }, sign: /no PriorityClass/ },
  "no-secret": { run: { ...SLEEP, envFrom: [{ secretRef: { name: "absent" } }] }, sign: /CreateContainerConfigError/ },
  "no-key": { run: { ...SLEEP, env: [ABSENT_KEY] }, sign: /"CreateContainerConfigError"/ },
  "runs-as-root": {
    run: { ...SLEEP, podSecurity: "restricted" },
    sign: /"CreateContainerConfigError"/,
  },
  "no-mounted-secret": { run: { ...SLEEP, mounts: [{ mountPath: "/a", secret: "absent" }] }, sign: /FailedMount/ },
  "no-mounted-config-map": {
    run: { ...SLEEP, mounts: [{ mountPath: "/a", configMap: "absent" }] },
    sign: /FailedMount/,
  },
  "no-claim": {
    run: { ...SLEEP, mounts: [{ mountPath: "/a", persistentVolumeClaim: "absent" }] },
    sign: /persistentvolumeclaim .*not found/,
  },
  "no-room": { run: { ...SLEEP, cpu: "999" }, sign: /Unschedulable/ },
  "no-such-node": { run: { ...SLEEP, nodeSelector: { disk: "absent" } }, sign: /Unschedulable/ },
  "no-image": { run: { ...SLEEP, image: MISSING_IMAGE }, sign: /"ErrImagePull"/ },
  "no-image-again": { run: { ...SLEEP, image: MISSING_IMAGE }, sign: /"ImagePullBackOff"/ },
  "bad-image-name": { run: { ...SLEEP, image: "Upper/Case:1" }, sign: /"InvalidImageName"/ },
  "no-pull-secret": {
    run: { ...SLEEP, image: MISSING_IMAGE, imagePullSecrets: ["absent"] },
    sign: /FailedToRetrieveImagePullSecret[^]*"ErrImagePull"|"ErrImagePull"[^]*FailedToRetrieveImagePullSecret/,
  },
  "image-never-pulled": {
    run: { ...SLEEP, image: MISSING_IMAGE, imagePullPolicy: "Never" },
    sign: /"waiting":\{[^}]*"ErrImageNeverPull"/,
  },
  "no-executable": { run: { command: ["/absent"] }, sign: /StartError/ },
  "out-of-memory": {
    run: { command: ["sh", "-c", "exec tail /dev/zero"], memory: "16M" },
    sign: over('"OOMKilled"'),
  },
  "exit-code": { run: { command: ["sh", "-c", "exit 3"] }, sign: over('"exitCode":3') },
  queued: { only: "job", run: { ...SLEEP, queue: "team-a" }, sign: /JobSuspended/ },
  "evicted-with-success": {
    only: "job",
    run: { command: ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.1; done"] },
    evict: true,
    sign: /"phase":"Succeeded"/,
  },
  "no-keep-alive": { only: "deployment", run: SLEEP, keepAliveImage: MISSING_IMAGE, sign: /"ErrImagePull"/ },
};

/** Indices of a recorded Job. */
export const JOB_SIZE = 2;

/** The kinds of workload with which a cause is recorded. */
export const workloadsOf = ({ only }: Cause): readonly ("job" | "deployment")[] =>
  only === undefined ? ["job", "deployment"] : [only];

/** What the run of a cause says. */
export function saidBy(name: string, workload: "job" | "deployment"): Said {
  const { run } = causes[name] ?? { run: {} };
  const mode =
    workload === "job"
      ? ({ mode: "task", arraySize: JOB_SIZE, retryLimit: 2 } as const)
      : ({ mode: "daemon" } as const);
  return {
    image: "docker.io/library/busybox:1",
    cpu: "20m",
    memory: "32M",
    ...mode,
    ...run,
    name: `${name}-${workload}`,
  };
}
