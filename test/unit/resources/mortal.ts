import type { ClusterClient } from "../../../provider/cluster/port";
import type { FakeCluster } from "./fakeCluster";

/** Where a process dies: at its n-th write, which then has been done or has not. */
export interface Death {
  readonly write: number;
  readonly done: boolean;
}

/** A process that works on the cluster and may die: from then on no call of it does anything, or ends. */
export interface Mortal {
  readonly client: ClusterClient;
  /** Resolves when it dies. */
  readonly died: Promise<"died">;
  /** Writes so far. */
  readonly writes: () => number;
}

const WRITES: readonly string[] = ["create", "patch", "replace", "delete", "deleteAll"];
const nothing: Promise<never> = new Promise(() => undefined);

/** A process that dies there; without a death it lives. */
export function mortal(cluster: FakeCluster, death?: Death): Mortal {
  const { promise, resolve } = Promise.withResolvers<"died">();
  let dead = false;
  const isDead = (): boolean => dead;
  let writes = 0;
  const die = (): Promise<never> => {
    dead = true;
    resolve("died");
    return nothing;
  };
  const call = async (name: string, work: () => unknown): Promise<unknown> => {
    if (isDead()) return nothing;
    const last = WRITES.includes(name) && ++writes === death?.write;
    if (last && !death.done) return die();
    const answer: unknown = await work();
    return last || isDead() ? die() : answer;
  };
  return { died: promise, writes: () => writes, client: wrapped(cluster, call) };
}

type Call = (name: string, work: () => unknown) => Promise<unknown>;

/** The object with every asynchronous method called through that function; feeds are wrapped likewise. */
function wrapped<T extends object>(target: T, call: Call): T {
  return new Proxy(target, {
    get: (_target, name: string) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") return member;
      const method = member.bind(target) as (...args: unknown[]) => unknown;
      if (name === "follow") return (...args: unknown[]) => wrapped(method(...args) as object, call);
      return name === "view" || name === "close" ? method : (...args: unknown[]) => call(name, () => method(...args));
    },
  });
}
