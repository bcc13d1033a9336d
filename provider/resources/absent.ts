import { label } from "../core/kube/labels";
import type { Place } from "./clusters";

interface Sought {
  readonly what: "job" | "run";
  readonly name: string;
}

/** The error of somebody who asks for what is not there. */
export function absent({ client, namespace }: Place, { what, name }: Sought): Error {
  const called = what === "job" ? "a job" : "a job run";
  return new Error(
    `name must be that of ${called} in namespace ${namespace} of the cluster ${client.server}, got "${name}", and there is none; \`kubectl get configmaps --namespace ${namespace} --selector ${label.kind}=${what}\` lists all, each as NAME.${what === "job" ? "job" : "jobrun"}`,
  );
}
