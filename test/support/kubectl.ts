import { run } from "../cluster/command.ts";
import { bed } from "./bed";

/** Runs kubectl on the test cluster and returns what it printed. */
export function kubectl(...args: string[]): Promise<string> {
  const { kubectl: program, kubeconfig, context } = bed();
  return run([program, "--kubeconfig", kubeconfig, "--context", context, ...args]);
}

/** The parts of a Kubernetes object that tests look at. */
export interface AnyObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, string>>;
  readonly status: Readonly<Record<string, unknown>>;
}

/** All objects of these kinds in the namespace that are ours, or what the selector takes. */
export async function objects(namespace: string, kinds: string, selector = MANAGED): Promise<AnyObject[]> {
  const text = await kubectl("get", kinds, "--namespace", namespace, "--selector", selector, "--output", "json");
  return (JSON.parse(text) as { items: AnyObject[] }).items;
}

const MANAGED = "app.kubernetes.io/managed-by=pulumi-jobrun";

/** Everything that the package makes or causes. */
export const ALL_KINDS = "configmaps,secrets,jobs,deployments,replicasets,pods";

/** Names of what is left of ours in the namespace. */
export async function leftovers(namespace: string): Promise<string[]> {
  return (await objects(namespace, ALL_KINDS)).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
}

/** Makes a namespace for one test file, and its default service account with it; one that a killed test has left goes first. */
export async function makeNamespace(name: string): Promise<void> {
  await kubectl("delete", "namespace", name, "--ignore-not-found");
  await kubectl("create", "namespace", name);
  await until(async () => (await kubectl("get", "serviceaccounts", "--namespace", name, "--output", "name")) !== "");
}

/** Removes the namespace without waiting for its end. */
export async function removeNamespace(name: string): Promise<void> {
  await kubectl("delete", "namespace", name, "--wait=false");
}

/** Waits until the condition holds, looking four times a second; the limit only keeps a broken test from hanging. */
export async function until(condition: () => Promise<boolean>, seconds = 90): Promise<void> {
  const end = Date.now() + seconds * 1_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s in vain for: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
