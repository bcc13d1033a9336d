import { defined } from "../kube/defined";
import { kubernetes } from "../kube/labels";
import type { Mount, RunSpec } from "../spec/types";
import { toEnv } from "./env";

/** What a pod template needs besides the spec. */
export interface PodParts {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The index that the pod carries as a literal; undefined where Kubernetes gives each pod its own. */
  readonly index: number | undefined;
  readonly restartPolicy?: "Never" | "OnFailure";
  /** Of the user's container. */
  readonly containerRestartPolicy?: "OnFailure";
  readonly sidecars?: readonly object[];
}

/** The pods of a run: the user's container first, which is what `kubectl logs` shows. */
export function toPodTemplate(spec: RunSpec, parts: PodParts): { metadata: object; spec: object } {
  const { restartPolicy, sidecars = [] } = parts;
  return {
    metadata: {
      labels: { ...spec.labels, ...parts.labels },
      annotations: { ...spec.annotations, [kubernetes.defaultContainer]: containerName(spec), ...parts.annotations },
    },
    spec: {
      ...accountOf(spec),
      ...placementOf(spec),
      enableServiceLinks: false,
      ...defined({ restartPolicy, volumes: spec.mounts?.map(toVolume) }),
      containers: [toContainer(spec, parts), ...sidecars],
    },
  };
}

/** The job's name, or the run's when it is stand-alone (Code Engine). */
export const containerName = (spec: RunSpec): string => spec.job ?? spec.name;

/** Without a service account of the user's no token is mounted: most jobs never ask the API server anything. */
function accountOf({ serviceAccountName, imagePullSecrets }: RunSpec): object {
  return {
    automountServiceAccountToken: serviceAccountName !== undefined,
    ...defined({ serviceAccountName, imagePullSecrets: imagePullSecrets?.map((name) => ({ name })) }),
  };
}

function placementOf({ nodeSelector, tolerations, priorityClassName, terminationGracePeriodSeconds }: RunSpec): object {
  return defined({ nodeSelector, tolerations, priorityClassName, terminationGracePeriodSeconds });
}

function toContainer(spec: RunSpec, { namespace, index, containerRestartPolicy }: PodParts): object {
  const { image, imagePullPolicy, command, args, envFrom, mounts } = spec;
  const resources = { cpu: spec.cpu, memory: spec.memory, "ephemeral-storage": spec.ephemeralStorage };
  return {
    name: containerName(spec),
    image,
    ...defined({ imagePullPolicy, command, args, envFrom }),
    env: toEnv(spec, { namespace, ...(index !== undefined && { index }) }),
    resources: { requests: resources, limits: resources },
    ...defined({
      volumeMounts: mounts?.map(toVolumeMount),
      securityContext: securityContextOf(spec),
      restartPolicy: containerRestartPolicy,
    }),
  };
}

/** What the Pod Security standard `restricted` asks of every container (Kubernetes). */
export const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
} as const;

function securityContextOf({ podSecurity, runAsUser }: RunSpec): object | undefined {
  const context = { ...(podSecurity === "restricted" && restricted), ...defined({ runAsUser }) };
  return Object.keys(context).length === 0 ? undefined : context;
}

const volumeName = (i: number): string => `mount-${i.toString()}`;

function toVolume({ configMap, secret, persistentVolumeClaim, emptyDir }: Mount, i: number): object {
  return {
    name: volumeName(i),
    ...defined({
      configMap: configMap === undefined ? undefined : { name: configMap },
      secret: secret === undefined ? undefined : { secretName: secret },
      persistentVolumeClaim: persistentVolumeClaim === undefined ? undefined : { claimName: persistentVolumeClaim },
      emptyDir,
    }),
  };
}

function toVolumeMount({ mountPath, subPath, readOnly }: Mount, i: number): object {
  return { name: volumeName(i), mountPath, ...defined({ subPath, readOnly }) };
}
