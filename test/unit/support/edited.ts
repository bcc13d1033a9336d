import { runDrift } from "../../../provider/core/diff/runDrift";
import type { KubeObject } from "../../../provider/core/kube/types";
import { runSpec } from "../../../provider/core/spec/jobRun";
import type { JobRunInputs } from "../../../provider/core/spec/types";
import { editedBy, writtenByUs } from "./managedFields";
import { runObjects } from "./objects";

interface Container {
  name: string;
  image: string;
  imagePullPolicy?: string;
  command?: string[];
  args?: string[];
  env: { name: string; value?: string; valueFrom?: object }[];
  envFrom?: object[];
  resources: { limits: Record<string, string>; requests: Record<string, string> };
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[];
  securityContext?: Record<string, unknown>;
}

/** A Deployment or Job, open for whatever somebody does to it. */
export interface Draft extends KubeObject {
  metadata: KubeObject["metadata"] & { labels: Record<string, string>; annotations: Record<string, string> };
  spec: {
    replicas?: number;
    paused?: boolean;
    suspend?: boolean;
    parallelism?: number;
    activeDeadlineSeconds?: number;
    ttlSecondsAfterFinished?: number;
    strategy: { type: string };
    template: {
      metadata: { labels: Record<string, string>; annotations: Record<string, string> };
      spec: {
        containers: [Container, ...Container[]];
        volumes?: Record<string, unknown>[];
        nodeSelector?: Record<string, string>;
        tolerations?: object[];
        serviceAccountName?: string;
        imagePullSecrets?: { name: string }[];
        terminationGracePeriodSeconds?: number;
        nodeName?: string;
      };
    };
  };
}

const isWorkload = ({ kind }: KubeObject): boolean => kind === "Deployment" || kind === "Job";
export const made = (inputs: JobRunInputs): Draft[] =>
  runObjects(runSpec({ name: "nightly", ...inputs })).filter(isWorkload) as Draft[];

export type Change = (object: Draft) => void;
/** Somebody's change of the program's container. */
export const inContainer =
  (change: (container: Container) => void): Change =>
  ({ spec }) =>
    change(spec.template.spec.containers[0]);
export const inPod =
  (change: (pod: Draft["spec"]["template"]["spec"]) => void): Change =>
  ({ spec }) =>
    change(spec.template.spec);

export interface Case {
  readonly inputs: JobRunInputs;
  readonly change: Change;
  readonly by?: string;
  /** Which of the objects; all when none is named. */
  readonly index?: number;
  readonly lostSecrets?: readonly string[];
}

/** The objects of a run of which somebody has changed some. */
export function edited({ inputs, change, by = "kubectl-edit", index }: Case): { wanted: Draft; found: Draft }[] {
  return made(inputs).map((wanted, i) => {
    const written = writtenByUs(wanted);
    return { wanted, found: index === undefined || index === i ? editedBy(by, written, change) : written };
  });
}

export function drift(said: Case): ReturnType<typeof runDrift> {
  const { inputs, lostSecrets = [] } = said;
  return runDrift({ inputs, spec: runSpec({ name: "nightly", ...inputs }), lostSecrets }, edited(said));
}

export const app: JobRunInputs = { mode: "daemon", image: "app:1" };
export const full: JobRunInputs = {
  ...app,
  command: ["run"],
  args: ["--fast"],
  env: [
    { name: "A", value: "1" },
    { name: "B", valueFrom: { configMapKeyRef: { name: "settings", key: "b" } } },
    { name: "C", value: "3" },
  ],
  envFrom: [{ secretRef: { name: "more" } }],
  mounts: [
    { mountPath: "/data", persistentVolumeClaim: "data" },
    { mountPath: "/tmp", emptyDir: {} },
  ],
  cpu: "1",
  memory: "4G",
  labels: { team: "a", tier: "x" },
  annotations: { note: "n" },
  nodeSelector: { disk: "ssd" },
  tolerations: [{ key: "gpu", operator: "Exists" }],
  serviceAccountName: "app",
  imagePullSecrets: ["pull"],
  priorityClassName: "low",
  terminationGracePeriodSeconds: 5,
  runAsUser: 1000,
  podSecurity: "restricted",
};

export const setEnv = (name: string, entry: object | undefined): Change =>
  inContainer((container) => {
    const index = container.env.findIndex((one) => one.name === name);
    container.env.splice(
      index === -1 ? container.env.length : index,
      index === -1 ? 0 : 1,
      ...(entry ? [{ name, ...entry }] : []),
    );
  });
