import type { Counts } from "../rig/history";
import type { Api } from "./api";
import type { Place } from "./doors";
import type { Options } from "./options";
import type { Arm, Figure, Plan } from "./results";

/** What rows stand on. */
export interface Bench extends Options {
  readonly api: Api;
  /** A number of the full size, as this run is to have it. */
  count(full: number): number;
  /** The same place by way of a proxy that counts what this client does; every client needs a name of its own. */
  counted(place: Place, client: string): Counted;
  /** A namespace of its own, which `remove` takes away again and waits for it. */
  namespace(name: string): Promise<Lodging>;
}

export interface Counted {
  readonly place: Place;
  /** What the client has done so far. */
  traffic(): Counts;
}

export interface Lodging {
  readonly namespace: string;
  /** The API server itself. */
  readonly direct: Place;
  remove(): Promise<void>;
}

/** One row of the results. */
export interface Row extends Plan {
  /** For what takes long, or is the same every time. */
  readonly mostPairs?: number;
  /** Takes the figures, the arms in turns. */
  measure(bench: Bench, take: Take): Promise<void>;
  /** Takes away what several rows have shared. */
  close?(): Promise<void>;
}

/** Notes one value of a figure. */
export type Take = (name: string, arm: Arm, value: number, unit: string) => void;

/** Figures in the order in which they were first taken. */
export function figures(): { readonly take: Take; readonly taken: Figure[] } {
  const taken: Figure[] = [];
  const take: Take = (name, arm, value, unit) => {
    const known = taken.find((figure) => figure.name === name);
    const figure = known ?? { name, unit, values: {} };
    if (known === undefined) taken.push(figure);
    (figure.values[arm] ??= []).push(value);
  };
  return { take, taken };
}
