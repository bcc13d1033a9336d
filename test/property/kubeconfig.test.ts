import fc from "fast-check";
import { getCredential } from "../../provider/cluster/access/credentials";
import { headersOf } from "../../provider/cluster/access/headers";
import type { Machine } from "../../provider/cluster/access/machine";
import { proxyOf } from "../../provider/cluster/access/proxy";
import { findTarget } from "../../provider/cluster/access/target";
import { ClusterError } from "../../provider/cluster/errors";

const machine: Machine = { env: {}, home: "/nowhere", serviceAccount: "/nowhere" };

const anything = fc.jsonValue({ maxDepth: 3 });

/** A list of entries that all have the name to which contexts point, each with some of these keys. */
function list(inner: string, keys: readonly string[]): fc.Arbitrary<unknown> {
  const value = fc.dictionary(fc.constantFrom(...keys), fc.oneof(anything, fc.string()));
  const entry = fc.record({ name: fc.constant("a"), [inner]: fc.oneof({ weight: 5, arbitrary: value }, anything) });
  return fc.oneof({ weight: 5, arbitrary: fc.array(entry, { minLength: 1, maxLength: 2 }) }, anything);
}

const context = { name: "a", context: { cluster: "a", user: "a" } };
const server = { name: "a", cluster: { server: "https://a" } };

const kubeconfig = fc.record({
  clusters: fc.oneof(list("cluster", ["server", "certificate-authority", "proxy-url"]), fc.constant([server])),
  users: list("user", ["token", "tokenFile", "username", "client-certificate", "as", "as-groups", "as-user-extra"]),
  contexts: fc.oneof(list("context", ["cluster", "user", "namespace"]), fc.constant([context])),
  "current-context": fc.oneof(fc.constant("a"), anything),
});

test("[P] a kubeconfig of any shape leads to a request, or to an error that is meant for users", async () => {
  await fc.assert(
    fc.asyncProperty(kubeconfig, async (value) => {
      const prepared = async (): Promise<void> => {
        const target = await findTarget({ kubeconfig: JSON.stringify(value) }, machine);
        proxyOf(target.cluster, machine.env);
        headersOf(target.user, await getCredential(target, machine));
      };
      const outcome = await prepared().catch((error: unknown) => error);
      if (outcome !== undefined) expect(outcome).toBeInstanceOf(ClusterError);
    }),
    { numRuns: 500 },
  );
});

test("[P] a server that NO_PROXY names is reached without a proxy, whatever else it names", () => {
  const host = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6());
  fc.assert(
    fc.property(host, fc.array(fc.string()), fc.array(fc.string()), (name, before, after) => {
      const cluster = { server: `https://${name.includes(":") ? `[${name}]` : name}:6443` };
      const env = { HTTPS_PROXY: "http://proxy", NO_PROXY: [...before, name, ...after].join(",") };
      expect(proxyOf(cluster, env)).toBeUndefined();
    }),
  );
});
