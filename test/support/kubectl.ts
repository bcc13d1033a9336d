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
  await removeLeft(name);
  await kubectl("create", "namespace", name);
  await until(async () => (await kubectl("get", "serviceaccounts", "--namespace", name, "--output", "name")) !== "");
}

/** What hangs in a namespace that a killed test has left is taken away by hand: Kubernetes may wait for it for ever. */
async function removeLeft(name: string): Promise<void> {
  await kubectl("delete", "namespace", name, "--ignore-not-found", "--wait=false");
  const isGone = async (): Promise<boolean> =>
    (await kubectl("get", "namespace", name, "--ignore-not-found", "--output", "name")) === "";
  try {
    await until(isGone, 60);
  } catch {
    const kinds = "deployments,jobs,replicasets,pods,configmaps,secrets";
    const left = await kubectl("get", kinds, "--namespace", name, "--output", "name");
    for (const object of left.split("\n").filter(Boolean)) {
      await kubectl("patch", object, "--namespace", name, "--type=merge", '--patch={"metadata":{"finalizers":null}}');
      await kubectl("delete", object, "--namespace", name, "--ignore-not-found", "--force", "--grace-period=0");
    }
    await until(isGone, 60);
  }
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
