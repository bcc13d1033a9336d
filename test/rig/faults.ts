import { createHash } from "node:crypto";
import { type Exchange, title } from "./exchange.ts";

/** An answer that the API server did not give. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, unless it is a text. */
  readonly body: unknown;
}

/** Something that goes wrong with a request. */
export type Fault =
  /** The reply comes in place of the server's, which never sees the request. */
  | { readonly does: "answers"; readonly reply: Reply }
  /** The connection breaks before the server sees the request, or when it has answered and the client has not heard. */
  | { readonly does: "breaks"; readonly when: "before" | "after" }
  /** The server is asked, or its answer passed on, so much later. */
  | { readonly does: "delays"; readonly when: "before" | "after"; readonly ms: number }
  /** What is answered or told of a status bears the stamps of a control plane whose clock is wrong. */
  | { readonly does: "restamps"; readonly seconds: number }
  /** The server's answer is kept back until it is released, or the client has gone. */
  | { readonly does: "holds" }
  /** A watch passes on so many events, and then it happens. */
  | { readonly does: "disturbs"; readonly events: number; readonly disturbance: Disturbance };

/** What can happen to an open watch. */
export type Disturbance =
  /** The next event is passed on to its half, and the connection breaks. */
  | { readonly kind: "cut" }
  /** An event of type `ERROR`, and the end. */
  | { readonly kind: "error"; readonly code: number; readonly reason?: string }
  /** Nothing comes any more, and it is not ended either. */
  | { readonly kind: "silence" }
  /** So many of the last events come once more: old ones behind newer ones. */
  | { readonly kind: "replay"; readonly events: number };

/** An error as Kubernetes words it. */
export function refusal(status: number, reason: string, more: Partial<Refusal> = {}): Fault {
  const { message = `${reason}, says the rig`, retryAfter } = more;
  const headers = retryAfter === undefined ? {} : { "retry-after": retryAfter.toString() };
  const body = { kind: "Status", apiVersion: "v1", status: "Failure", code: status, reason, message };
  return { does: "answers", reply: { status, headers, body } };
}

interface Refusal {
  readonly message: string;
  /** Seconds. */
  readonly retryAfter: number;
}

type Equal = Pick<Exchange, "client" | "verb" | "resource" | "namespace" | "name" | "dryRun">;

/** Which requests a rule is for: all that is given must hold. */
export interface Matcher extends Partial<Equal> {
  readonly where?: (exchange: Exchange) => boolean;
  /** Of those, only the n-th, from 1, or those from the first to the last of two. */
  readonly nth?: number | readonly [first: number, last: number];
  /** Of those, so large a part, drawn from the proxy's seed. */
  readonly chance?: number;
}

/** A fault that waits for requests. */
export interface Rule {
  /** The requests that it has met. */
  readonly met: readonly Exchange[];
  /** The first of them, as soon as the API server has answered it, or as it is when it is not to see it. */
  readonly reached: Promise<Exchange>;
  /** Lets go of what it holds, and holds nothing more. */
  release(): void;
  /** Ends it. */
  remove(): void;
}

/** A rule as the proxy sees it. */
export class ActiveRule implements Rule {
  readonly fault: Fault;
  readonly met: Exchange[] = [];
  readonly reached: Promise<Exchange>;
  readonly released: Promise<void>;
  readonly remove: () => void;
  readonly #matcher: Matcher;
  readonly #seed: string;
  #seen = 0;
  #reach!: (exchange: Exchange) => void;
  #release!: () => void;

  constructor({ matcher, fault, seed }: { matcher: Matcher; fault: Fault; seed: string }, remove: () => void) {
    this.fault = fault;
    this.remove = remove;
    this.#matcher = matcher;
    this.#seed = seed;
    this.reached = new Promise((resolve) => (this.#reach = resolve));
    this.released = new Promise((resolve) => (this.#release = resolve));
  }

  /** Whether the request meets the fault; a request is shown once. */
  takes(exchange: Exchange): boolean {
    const { where, nth, chance = 1, ...equal } = this.#matcher;
    const isMeant = Object.entries(equal).every(([key, value]) => exchange[key as keyof Equal] === value);
    if (!isMeant || where?.(exchange) === false) return false;
    const count = ++this.#seen;
    const [first, last] = typeof nth === "object" ? nth : [nth ?? 1, nth ?? Infinity];
    if (count < first || count > last || draw(this.#seed, count) >= chance) return false;
    this.met.push(exchange);
    exchange.faults.push(this.fault.does);
    return true;
  }

  reach(exchange: Exchange): void {
    this.#reach(exchange);
  }

  release(): void {
    this.#release();
  }

  toString(): string {
    return `${this.fault.does} ${this.met.map(title).join(", ")}`;
  }
}

/** A number from 0 to 1 that the same seed and count always give: it does not depend on what else was drawn. */
function draw(seed: string, count: number): number {
  return createHash("sha256").update(`${seed} ${count}`).digest().readUInt32BE(0) / 2 ** 32;
}
