import { defined } from "../core/kube/defined";
import { platformVariables } from "../core/kube/variables";
import type { Settings } from "../resources/clusters";

/** A value of the configuration by its key, as Pulumi keeps it: a text. */
export type ReadKey = (key: string) => string | undefined;

/** The settings that the configuration says. An empty text counts as not set. */
export function readSettings(read: ReadKey): Settings {
  const set = (key: string): string | undefined => notEmpty(read(key));
  return defined({
    kubeconfig: set("kubeconfig"),
    context: set("context"),
    namespace: set("namespace"),
    keepAliveImage: set("keepAliveImage"),
    strict: set("strict") === "true" ? true : undefined,
    platform: platformOf(set),
  });
}

function platformOf(set: ReadKey): Record<string, string> | undefined {
  const values = Object.entries(platformVariables).flatMap(([key, name]) => {
    const value = set(key);
    return value === undefined ? [] : [[name, value] as const];
  });
  return values.length === 0 ? undefined : Object.fromEntries(values);
}

/** The keys that Pulumi's Kubernetes provider has as well, with the same meaning. */
const sharedKeys: ReadonlySet<string> = new Set(["kubeconfig", "context", "namespace"]);

/** The settings of a stack: our own keys of its configuration, then those of Pulumi's Kubernetes provider. */
export function stackSettings(get: ReadKey): Settings {
  const own = (key: string): string | undefined => notEmpty(get(`jobrun:${key}`));
  return readSettings((key) => own(key) ?? (sharedKeys.has(key) ? get(`kubernetes:${key}`) : undefined));
}

const notEmpty = (text: string | undefined): string | undefined => (text === "" ? undefined : text);
