import { bed } from "../support/bed";
import { kubectl, makeNamespace } from "../support/kubectl";
import type { Lodging } from "./row";

/** A namespace of the benchmarks. What an earlier one of the name has left goes first. */
export async function lodging(name: string): Promise<Lodging> {
  const namespace = `bench-${name}`;
  await makeNamespace(namespace);
  const { kubeconfig, context } = bed();
  return {
    namespace,
    direct: { kubeconfig, context, namespace },
    remove: async () => {
      await kubectl("delete", "namespace", namespace, "--timeout=300s");
    },
  };
}
