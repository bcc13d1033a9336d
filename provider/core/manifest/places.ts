import { kubernetes } from "../kube/labels";
import type { Path } from "../kube/path";
import type { Deployment, KubeObject } from "../kube/types";
import { toJobView } from "../status/views";

/** Where the changes of others are looked for. */
export interface Places {
  /** What we have written there is compared. */
  readonly compared: readonly Path[];
  /** What kubectl has written there counts, though we have written nothing. */
  readonly open: readonly Path[];
}

const LABELS: Path = ["metadata", "labels"];
/** Of what every kind of workload makes its pods. */
export const TEMPLATE: Path = ["spec", "template"];
export const POD: Path = [...TEMPLATE, "spec"];

/** The program's container in a workload. */
export const containerAt = (name: string): Path => [...POD, "containers", { key: "name", value: name }];

/** The name of the program's container; those of webhooks stand beside it. */
export function programOf({ spec }: Deployment): string {
  return spec?.template?.metadata?.annotations?.[kubernetes.defaultContainer] ?? "";
}

/** The places in a Job or Deployment. Only few fields of a Job can be changed, and of one that has ended none matters. */
export function ownPlaces(found: KubeObject, wanted: KubeObject): Places {
  if (wanted.kind === "Deployment") return ofDeployment(wanted);
  if (toJobView(found).verdict !== undefined) return { compared: [], open: [] };
  // Queues suspend Jobs, change their width and choose their nodes: that is nobody's change.
  return { compared: [LABELS, ["spec", "activeDeadlineSeconds"]], open: [["spec", "ttlSecondsAfterFinished"]] };
}

const openInContainer = ["command", "args", "env", "envFrom", "imagePullPolicy", "volumeMounts"] as const;
const openInPod = [
  ...(["nodeSelector", "tolerations", "priorityClassName", "serviceAccountName"] as const),
  ...(["imagePullSecrets", "terminationGracePeriodSeconds"] as const),
];

function ofDeployment(wanted: Deployment): Places {
  const container = containerAt(programOf(wanted));
  return {
    // The number of replicas is looked at by itself: an index that has ended may have none.
    compared: [LABELS, ["spec", "strategy"], TEMPLATE],
    open: [
      ["spec", "paused"],
      ...openInContainer.map((name) => [...container, name]),
      ...openInPod.map((name) => [...POD, name]),
    ],
  };
}
