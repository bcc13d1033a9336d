import type { IncomingMessage, ServerResponse } from "node:http";
import type { Disturbance } from "./faults.ts";

/** Events that can be told once more. */
const KEPT = 100;

interface Passing {
  /** Is told of the bytes that the client gets. */
  readonly count: (bytes: number) => void;
  /** Makes of an event what the client is told of it. */
  readonly edit: (event: string) => string;
}

/** Passes a watch on to a client, event by event, until it is disturbed. */
export class WatchStream {
  readonly #from: IncomingMessage;
  readonly #to: ServerResponse;
  readonly #told: string[] = [];
  readonly #planned: { events: number; disturbance: Disturbance }[] = [];
  readonly #passing: Passing;
  #rest = "";
  #isSilent = false;

  constructor(from: IncomingMessage, to: ServerResponse, passing: Passing) {
    this.#from = from;
    this.#to = to;
    this.#passing = passing;
  }

  /** Begins; resolves when the watch has ended on either side. */
  async pass(): Promise<void> {
    this.#from.setEncoding("utf8");
    this.#from.on("data", (text: string) => this.#take(text));
    const ended = new Promise<void>((resolve) => this.#to.once("close", resolve));
    this.#from.once("end", () => this.#ifHeard(() => this.#to.end(this.#rest)));
    this.#from.once("error", () => this.#ifHeard(() => this.#to.destroy()));
    await ended;
    this.#from.destroy();
  }

  /** Plans it for after so many further events; 0 is now. A cut that is due now breaks off in the last event, told again. */
  disturb(events: number, disturbance: Disturbance): void {
    if (events === 0) this.#do(disturbance, this.#told.at(-1) ?? BEGINNING);
    else this.#planned.push({ events, disturbance });
  }

  #ifHeard(tell: () => unknown): void {
    if (!this.#isSilent) tell();
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    for (const line of lines) this.#event(`${this.#passing.edit(line)}\n`);
  }

  #event(line: string): void {
    if (this.#isSilent || this.#to.destroyed) return;
    const due = this.#planned.filter(({ events }) => events === 0);
    if (due.some(({ disturbance }) => disturbance.kind === "cut")) {
      this.#do({ kind: "cut" }, line);
      return;
    }
    this.#write(line);
    this.#told.push(line);
    if (this.#told.length > KEPT) this.#told.shift();
    for (const plan of this.#planned) if (--plan.events === 0) this.#onTime(plan.disturbance);
  }

  /** A cut waits for the next event, to break off in it. */
  #onTime(disturbance: Disturbance): void {
    if (disturbance.kind !== "cut") this.#do(disturbance, "");
  }

  #do(disturbance: Disturbance, line: string): void {
    if (disturbance.kind === "cut") this.#cut(line.slice(0, line.length / 2));
    else if (disturbance.kind === "silence") this.#isSilent = true;
    else if (disturbance.kind === "error") this.#error(disturbance);
    else for (const old of this.#told.slice(-disturbance.events)) this.#write(old);
  }

  #cut(half: string): void {
    this.#isSilent = true;
    this.#to.write(half, () => this.#to.destroy());
  }

  #error({ code, reason = "Expired" }: { code: number; reason?: string }): void {
    const object = {
      kind: "Status",
      apiVersion: "v1",
      status: "Failure",
      code,
      reason,
      message: `${reason}, says the rig`,
    };
    this.#write(`${JSON.stringify({ type: "ERROR", object })}\n`);
    this.#isSilent = true;
    this.#to.end();
  }

  #write(text: string): void {
    this.#passing.count(Buffer.byteLength(text));
    this.#to.write(text);
  }
}

const BEGINNING = '{"type":"BOOKMARK","object":{"kind":"Status"}}\n';
