import { type Asked, type Exchange, isWrite, title } from "./exchange.ts";

/** What one client has cost. */
export interface Counts {
  readonly requests: number;
  /** By verb and resource: `{ "create jobs": 3 }`; a dry run is a verb of its own, `dry-run create`. */
  readonly byVerb: Readonly<Record<string, number>>;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly handshakes: number;
  readonly watches: { readonly now: number; readonly most: number };
}

/** Everything that went through a proxy, in the order in which it came. */
export class History {
  readonly exchanges: Exchange[] = [];
  readonly #handshakes = new Map<string, number>();
  readonly #most = new Map<string, number>();
  readonly #open = new Map<string, number>();

  add(asked: Asked & Pick<Exchange, "client" | "token" | "path" | "sent" | "sentBytes">): Exchange {
    const exchange = { ...asked, number: this.exchanges.length + 1, at: Date.now(), faults: [], receivedBytes: 0 };
    this.exchanges.push(exchange);
    return exchange;
  }

  shookHands(client: string): void {
    this.#handshakes.set(client, (this.#handshakes.get(client) ?? 0) + 1);
  }

  /** A watch was opened, or ended by -1. */
  watching(client: string, change: 1 | -1): void {
    const now = (this.#open.get(client) ?? 0) + change;
    this.#open.set(client, now);
    this.#most.set(client, Math.max(now, this.#most.get(client) ?? 0));
  }

  of(client: string): Exchange[] {
    return this.exchanges.filter((exchange) => exchange.client === client);
  }

  /** What that client has written, dry runs left out. */
  writes(client: string): Exchange[] {
    return this.of(client).filter(isWrite);
  }

  counts(client: string): Counts {
    const own = this.of(client);
    const byVerb: Record<string, number> = {};
    for (const { verb, resource, dryRun } of own) {
      const key = `${dryRun ? "dry-run " : ""}${verb} ${resource}`;
      byVerb[key] = (byVerb[key] ?? 0) + 1;
    }
    return {
      requests: own.length,
      byVerb,
      sentBytes: own.reduce((sum, { sentBytes }) => sum + sentBytes, 0),
      receivedBytes: own.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0),
      handshakes: this.#handshakes.get(client) ?? 0,
      watches: { now: this.#open.get(client) ?? 0, most: this.#most.get(client) ?? 0 },
    };
  }

  /** One line an exchange, for a test that has failed. */
  toString(): string {
    return this.exchanges
      .map((exchange) => {
        const { number, client, at, dryRun, status, told, faults } = exchange;
        const ended = told === status ? String(told) : `${status ?? "not sent"}, told ${told ?? "nothing"}`;
        const time = new Date(at).toISOString().slice(11, 23);
        const notes = [...(dryRun ? ["dry run"] : []), ...faults].join(", ");
        return `${number} ${time} ${client} ${title(exchange)} ${ended} ${notes}`.trimEnd();
      })
      .join("\n");
  }
}
