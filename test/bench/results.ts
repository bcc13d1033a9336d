import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../cluster/paths.ts";

/** Bare kubectl, `@pulumi/kubernetes`, our plugin, our dynamic provider. */
export type Arm = "K" | "P" | "O" | "D";

/** What is to hold: a ratio of two arms, or a figure of one. */
export interface Target {
  readonly figure: string;
  readonly arms: readonly [Arm, Arm?];
  readonly atMost?: number;
  readonly atLeast?: number;
  /** One sentence, shown when the target is missed. */
  readonly why?: string;
}

/** The values that were taken of one figure, an arm each; in pairs, as they were taken. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly values: Partial<Record<Arm, number[]>>;
}

/** What a row is about, and what is to come of it. */
export interface Plan {
  readonly id: string;
  readonly title: string;
  readonly work: string;
  readonly targets: readonly Target[];
  /** What is to be known of how it is measured. */
  readonly notes?: readonly string[];
}

/** A row as it was measured. */
export interface Result {
  readonly id: string;
  readonly figures: readonly Figure[];
  readonly run: Run;
}

/** The circumstances of a measurement. */
export interface Run {
  readonly date: string;
  readonly commit: string;
  readonly pairs: number;
  readonly parallel: number;
  readonly scale: number;
  readonly seconds: number;
  /** Load average of the last minute, at the start and at the end. */
  readonly load: readonly [number, number];
}

/** What was measured on. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memory: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** Everything that is kept between runs. */
export interface Results {
  readonly machine?: Machine;
  readonly rows: readonly Result[];
}

const folder = (): string => join(repositoryRoot(), "bench");
const file = (): string => join(folder(), "results.json");

/** What earlier runs have measured. */
export function readResults(): Results {
  return existsSync(file()) ? (JSON.parse(readFileSync(file(), "utf8")) as Results) : { rows: [] };
}

/** Keeps the values, and the page that shows them. */
export function writeResults(results: Results, page: string): void {
  mkdirSync(folder(), { recursive: true });
  writeFileSync(file(), `${JSON.stringify(results, undefined, 1)}\n`);
  writeFileSync(join(folder(), "RESULTS.md"), page);
}

/** The results with that one in the place of an earlier one of the same row. */
export function renewed({ rows }: Results, machine: Machine, result: Result): Results {
  return { machine, rows: [...rows.filter(({ id }) => id !== result.id), result] };
}
