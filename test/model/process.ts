import { ClusterError } from "../../provider/cluster/errors";
import type { ClusterClient, Feed } from "../../provider/cluster/port";
import { jobHooks } from "../../provider/resources/job";
import { jobRunHooks } from "../../provider/resources/jobRun";
import type { FakeCluster } from "../unit/resources/fakeCluster";
import { clustersOf } from "../unit/resources/support";
import type { Controllers } from "./controllers";
import type { History } from "./history";

export const faultKinds = [
  ...["killed when a write is sent", "killed when a write is answered", "engine killed at a write"],
  ...["no answer and no deed", "no answer to a deed", "deed done twice"],
  ...["403", "409", "422", "429", "500", "503"],
] as const;

export interface Fault {
  /** Which write of the command it hits, or which call, from 1. */
  readonly at: number;
  readonly kind: string;
}

/** What an operation may write: previews nothing, a refresh what a run came to. */
export type Permit = "everything" | "nothing" | "bookkeeping";

interface World {
  readonly cluster: FakeCluster;
  readonly controllers: Controllers;
  readonly history: History;
}

interface Life {
  readonly fault?: Fault | undefined;
  /** How many things may happen in the cluster while the command waits, before the user interrupts it. */
  readonly patience: number;
}

const WRITES: readonly string[] = ["create", "patch", "replace", "delete", "deleteAll"];
const nothing: Promise<never> = new Promise(() => undefined);

/** The process of a command, with the hooks; it may die, lose its engine, or meet an API server in trouble. */
export class Process {
  readonly hooks: { readonly job: ReturnType<typeof jobHooks>; readonly run: ReturnType<typeof jobRunHooks> };
  /** Resolves when it dies. */
  readonly died: Promise<"died">;
  permit: Permit = "everything";
  readonly #world: World;
  readonly #fault: Fault | undefined;
  readonly #abort = new AbortController();
  readonly #die: () => Promise<never>;
  #patience: number;
  #dead = false;
  #heard = true;
  #calls = 0;
  #writes = 0;

  constructor(world: World, { fault, patience }: Life) {
    const { promise, resolve } = Promise.withResolvers<"died">();
    this.died = promise;
    this.#die = () => {
      this.#dead = true;
      resolve("died");
      return nothing;
    };
    this.#world = world;
    this.#fault = fault;
    this.#patience = patience;
    const clusters = clustersOf(this.#wrapped(world.cluster));
    this.hooks = { job: jobHooks(clusters), run: jobRunHooks(clusters) };
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether there is an engine that takes up what is told. */
  get isHeard(): boolean {
    return this.#heard;
  }

  /** Lets something happen in the cluster while the process waits; interrupts it when nothing happens any more. */
  async pause(): Promise<void> {
    if (this.#dead) return nothing;
    await new Promise(setImmediate);
    if (this.#patience-- <= 0 || !this.#world.controllers.step()) this.#abort.abort();
  }

  #wrapped(cluster: FakeCluster): ClusterClient {
    return new Proxy<ClusterClient>(cluster, {
      get: (_target, name: string) => {
        const member: unknown = Reflect.get(cluster, name, cluster);
        if (typeof member !== "function") return member;
        const method = member.bind(cluster) as (...args: unknown[]) => unknown;
        if (name === "follow") return (...args: unknown[]) => this.#feed(method(...args) as Feed);
        return (...args: unknown[]) => this.#call(name, args, () => method(...args) as Promise<unknown>);
      },
    });
  }

  #feed(feed: Feed): Feed {
    const ready = (signal: AbortSignal): Promise<boolean> => (this.#dead ? nothing : Promise.resolve(!signal.aborted));
    return { ready, view: () => feed.view(), changed: () => this.pause(), close: () => feed.close() };
  }

  async #call(name: string, args: readonly unknown[], deed: () => Promise<unknown>): Promise<unknown> {
    if (this.#dead) return nothing;
    const isWrite = WRITES.includes(name);
    if (isWrite) this.#judge(name, args);
    this.#calls++;
    if (isWrite) this.#writes++;
    const answer = await (this.#isHit(isWrite) ? this.#disturb(name, deed) : deed());
    // A process that has died meanwhile hears of no answer.
    return this.#isDead() ? nothing : answer;
  }

  #isDead(): boolean {
    return this.#dead;
  }

  #isHit(isWrite: boolean): boolean {
    const { kind = "", at = 0 } = this.#fault ?? {};
    return kind.includes("killed") ? isWrite && this.#writes === at : this.#calls === at;
  }

  async #disturb(name: string, deed: () => Promise<unknown>): Promise<unknown> {
    const { kind = "" } = this.#fault ?? {};
    switch (kind) {
      case "killed when a write is sent":
        return this.#die();
      case "killed when a write is answered":
        await deed();
        return this.#die();
      case "engine killed at a write":
        this.#heard = false;
        this.#abort.abort();
        return deed();
      case "no answer to a deed":
        await deed();
        throw failure(name, { reason: "" });
      case "deed done twice":
        await deed();
        return deed();
      case "no answer and no deed":
        throw failure(name, { reason: "" });
      default:
        return isPossible(name, kind) ? Promise.reject(refusal(name, Number(kind))) : deed();
    }
  }

  #judge(name: string, args: readonly unknown[]): void {
    if (this.permit === "everything" || (this.permit === "bookkeeping" && isBookkeeping(name, args))) return;
    this.#world.history.faults.push(`what may write ${this.permit} calls ${name} ${JSON.stringify(args)}`);
  }
}

/** The result of a run, and how long its Jobs stay. */
function isBookkeeping(name: string, [, patch]: readonly unknown[]): boolean {
  const text = JSON.stringify(patch);
  return (
    name === "patch" &&
    (text.startsWith('{"data":{"result.json":') || text.startsWith('{"spec":{"ttlSecondsAfterFinished":'))
  );
}

const isPossible = (name: string, status: string): boolean =>
  WRITES.includes(name) || (status !== "409" && status !== "422");

const reasons: Readonly<Record<number, string>> = {
  403: "Forbidden",
  409: "Conflict",
  422: "Invalid",
  429: "TooManyRequests",
  500: "InternalError",
  503: "ServiceUnavailable",
};

const refusal = (name: string, status: number): ClusterError =>
  failure(name, { status, reason: reasons[status] ?? "" });

function failure(name: string, details: { status?: number; reason: string }): ClusterError {
  return new ClusterError(`cannot ${name}: ${(details.status ?? 0).toString()} ${details.reason} of the test`, details);
}
