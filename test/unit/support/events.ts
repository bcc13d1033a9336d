import type { KubeEvent } from "../../../provider/core/kube/types";
import { at } from "./cluster";

/** A warning about an object of the test, by its UID, seen last that many seconds after noon. */
export function warning(uid: string, reason: string, said: { message?: string; seconds?: number } = {}): KubeEvent {
  const { message = "no", seconds = 1 } = said;
  return {
    apiVersion: "v1",
    kind: "Event",
    metadata: { name: `event-${uid}-${reason}-${seconds}`, creationTimestamp: at(0) },
    involvedObject: { kind: uid.startsWith("job") ? "Job" : "Pod", uid },
    reason,
    message,
    lastTimestamp: at(seconds),
  };
}

export const QUOTA = 'Error creating: pods "nightly-0-x" is forbidden: exceeded quota: q, requested: pods=1';
export const SECURITY = 'Error creating: pods "nightly-0-x" is forbidden: violates PodSecurity "restricted:latest": no';
