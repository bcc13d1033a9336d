import { defined } from "../kube/defined";
import { ageOf } from "../kube/duration";
import { isLost, podFailureReason } from "../status/indexStatus";
import type { PodView } from "../status/types";
import { isPreparing } from "../status/views";
import { type Column, toneOf } from "./columns";

/** An instance of a run: a pod that was made for an index. */
export interface Instance {
  /** Name of the pod. */
  readonly name: string;
  readonly index: number;
  /** How often the index had failed before. */
  readonly retry: number;
  /** Whether its program runs now, as far as its node is heard of. */
  readonly running: boolean;
  /** `Pending`, `Running`, `Succeeded`, `Failed`, `Terminating` or `Unknown`; why in brackets, where there is more to say. */
  readonly status: string;
  readonly restarts: number;
  readonly createdAt: string;
  readonly exitCode?: number;
  readonly node?: string;
}

/** The instances of a run by index, of each the oldest first. */
export function instancesOf(pods: readonly PodView[]): Instance[] {
  return pods
    .toSorted((a, b) => a.index - b.index || a.runAttempt - b.runAttempt || a.attempt - b.attempt)
    .map((pod) =>
      defined({
        name: pod.name,
        index: pod.index,
        retry: pod.attempt,
        running: pod.container?.state === "running" && !isLost(pod),
        status: statusOf(pod),
        restarts: pod.container?.restarts ?? 0,
        createdAt: pod.createdAt,
        exitCode: pod.container?.exitCode,
        node: pod.node,
      }),
    );
}

function statusOf(pod: PodView): string {
  if (isLost(pod)) return "Unknown";
  if (hasFailed(pod)) return because("Failed", podFailureReason(pod));
  // The pod of a daemon stays when its program has stopped.
  if (pod.container?.state === "terminated") return "Succeeded";
  if (pod.deleting) return "Terminating";
  return pod.container?.state === "running" ? "Running" : because("Pending", waitsFor(pod));
}

const hasFailed = ({ phase, container }: PodView): boolean =>
  phase === "Failed" || (container?.state === "terminated" && container.exitCode !== 0);

function waitsFor({ container, reason }: PodView): string | undefined {
  return container === undefined || isPreparing(container.reason) ? reason : container.reason;
}

const because = (state: string, reason: string | undefined): string =>
  reason === undefined ? state : `${state} (${reason})`;

/** The table `Instances` (Code Engine), and more for those who ask. */
export const instanceColumns = (now: number): Column<Instance>[] => [
  { title: "Name", text: ({ name }) => name },
  { title: "Running", text: ({ running }) => (running ? "1/1" : "0/1") },
  { title: "Status", text: ({ status }) => status, tone: ({ status }) => toneOf(status) },
  { title: "Restarts", text: ({ restarts }) => restarts.toString() },
  { title: "Age", text: ({ createdAt }) => ageOf(createdAt, now) },
  { title: "Index", text: ({ index }) => index.toString(), wide: true },
  { title: "Retry", text: ({ retry }) => retry.toString(), wide: true },
  { title: "Exit Code", text: ({ exitCode }) => exitCode?.toString() ?? "", wide: true },
  { title: "Node", text: ({ node = "" }) => node, wide: true },
];
