import type { KubeObject } from "../core/kube/types";

/** The kinds used here, with the part of the API that serves them. */
const kinds = {
  ConfigMap: { prefix: "/api/v1", plural: "configmaps" },
  Secret: { prefix: "/api/v1", plural: "secrets" },
  Event: { prefix: "/api/v1", plural: "events" },
  Pod: { prefix: "/api/v1", plural: "pods" },
  Job: { prefix: "/apis/batch/v1", plural: "jobs" },
  Deployment: { prefix: "/apis/apps/v1", plural: "deployments" },
  ReplicaSet: { prefix: "/apis/apps/v1", plural: "replicasets" },
  Namespace: { prefix: "/api/v1", plural: "namespaces", ofCluster: true },
  Node: { prefix: "/api/v1", plural: "nodes", ofCluster: true },
} as const;

export type Kind = keyof typeof kinds;

/** An object by kind and name. */
export interface ObjectRef {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
}

/** The reference to the object. */
export function refOf(namespace: string, { kind, metadata: { name } }: KubeObject): ObjectRef {
  if (!isKind(kind)) throw new Error(`no path is known for kind ${kind}`);
  return { kind, namespace, name };
}

const isKind = (kind: string): kind is Kind => kind in kinds;

/** The objects of the kind in the words of a Role. */
export function resourceOf(kind: Kind): { apiGroup: string; resource: string } {
  const { prefix, plural } = kinds[kind];
  return { apiGroup: /^[/]apis[/]([^/]+)/.exec(prefix)?.[1] ?? "", resource: plural };
}

/** Path of an object, or of all objects of the kind in the namespace; nodes and namespaces are in none. */
export function pathOf(kind: Kind, namespace: string, name?: string): string {
  const { prefix, plural } = kinds[kind];
  const place = "ofCluster" in kinds[kind] ? prefix : `${prefix}/namespaces/${encodeURIComponent(namespace)}`;
  const collection = `${place}/${plural}`;
  return name === undefined ? collection : `${collection}/${encodeURIComponent(name)}`;
}
