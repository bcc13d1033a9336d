import { appendFileSync } from "node:fs";
import { openCluster } from "../../provider/cluster/client";
import type { Kind } from "../../provider/cluster/kinds";
import type { ClusterClient } from "../../provider/cluster/port";
import { MANAGED_BY } from "../../provider/core/kube/labels";
import type { KubeObject } from "../../provider/core/kube/types";
import type { Exchange } from "../rig/exchange";
import type { Matcher } from "../rig/faults";
import type { Proxy } from "../rig/proxy";
import { bed } from "../support/bed";
import { makeNamespace, removeNamespace } from "../support/kubectl";
import { proxied } from "../support/proxied";
import { dynamicSubject, pluginSubject } from "../support/subjects";
import { Engine } from "./engine";
import type { Shape } from "./shapes";

export type Door = "plugin" | "dynamic";

const openers = { plugin: pluginSubject, dynamic: dynamicSubject };

/** One program of one stack, whose provider reaches the cluster by way of the proxy. */
export interface Stack {
  /** Of its objects, of its resources, and of the proxy's client. */
  readonly name: string;
  readonly shape: Shape;
  readonly engine: Engine;
  /** This stack's requests, for a rule of the proxy. */
  readonly own: Pick<Matcher, "client">;
  /** What its provider has written so far. */
  writes(): Exchange[];
  /** What there is of it in the cluster. */
  objects(kind: Kind): Promise<KubeObject[]>;
}

/** A cluster as a world sees it. */
interface Ground {
  readonly kubeconfig: string;
  readonly context: string;
  readonly proxy: Proxy;
  close(): Promise<void>;
}

/** A namespace, and the proxy that all stacks in it go through. */
export class World {
  readonly namespace: string;
  readonly #find: () => Promise<Ground>;
  #ground: Ground | undefined;
  #cluster: ClusterClient | undefined;

  /** On the test cluster, unless it is given another one. */
  constructor(namespace: string, ground?: () => Promise<Ground>) {
    this.namespace = namespace;
    this.#find = ground ?? (() => shared(namespace));
  }

  get proxy(): Proxy {
    return opened(this.#ground).proxy;
  }

  /** The cluster as it is, past the proxy. */
  get cluster(): ClusterClient {
    return opened(this.#cluster);
  }

  readonly open = async (): Promise<void> => {
    this.#ground = await this.#find();
    this.#cluster = await openCluster(this.#ground);
  };

  readonly close = async (): Promise<void> => {
    await this.#ground?.close();
  };

  /** A new stack. Its name must not be that of another one of the file. The variables are for its provider's process. */
  stack(base: string, shape: Shape, door: Door = "plugin", env: Readonly<Record<string, string>> = {}): Stack {
    const name = door === "plugin" ? base : `${base}-dyn`;
    const { context } = opened(this.#ground);
    const kubeconfig = this.proxy.kubeconfig(name);
    return {
      name,
      shape,
      engine: new Engine(() => openers[door](this.namespace, { kubeconfig, context, name, env })),
      own: { client: name },
      writes: () => this.proxy.history.writes(name),
      objects: async (kind) => {
        const all = await this.cluster.list({ kind, namespace: this.namespace, selector: MANAGED });
        return all.filter(({ metadata }) => isOf(metadata.name, name));
      },
    };
  }
}

/** A namespace of the test cluster. */
async function shared(namespace: string): Promise<Ground> {
  const { kubeconfig, context } = bed();
  await makeNamespace(namespace);
  const proxy = await proxied(namespace);
  const close = async (): Promise<void> => {
    await proxy.close();
    await removeNamespace(namespace);
  };
  return { kubeconfig, context, proxy, close };
}

function opened<T>(part: T | undefined): T {
  if (part === undefined) throw new Error("the world is opened by beforeAll");
  return part;
}

const MANAGED = Object.entries(MANAGED_BY)
  .map(([key, value]) => `${key}=${value}`)
  .join(",");

/** At no time may the name of a stack be another's with `-` or `.` behind it. */
const isOf = (objectName: string, name: string): boolean =>
  objectName === name || (objectName.startsWith(name) && /[-.]/.test(objectName[name.length] ?? ""));

/** Whether everything is to be played, and not only the handful that belongs to every run of the tests. */
export const isFull = process.env["ALL_FAULTS"] === "1";

/** All of them, or the first few. */
export const few = <T>(all: readonly T[], count = 1): readonly T[] => (isFull ? all : all.slice(0, count));

type Row = readonly [title: Shape["title"], door: Door, shape: Shape];

/** Each shape through the plugin, and the samples through the dynamic provider; in a run of all tests the first one only. */
export function rowsOf(shapes: readonly Shape[], samples: readonly Shape["title"][] = []): readonly Row[] {
  const row =
    (door: Door) =>
    (shape: Shape): Row => [shape.title, door, shape];
  const sampled = shapes.filter(({ title }) => samples.includes(title));
  return few([...shapes.map(row("plugin")), ...sampled.map(row("dynamic"))]);
}

/** Tells the table at the end how many points of a scenario were met. */
export function notePoints(scenario: string, shape: string, points: number): void {
  const file = process.env["JOBRUN_FAULT_POINTS"];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify({ scenario, shape, points })}\n`);
}

/** Does the work for all items, a few at a time: a provider is a process that starts. */
export async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>, atATime = 4): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await work(item);
  };
  await Promise.all(Array.from({ length: atATime }, worker));
}
