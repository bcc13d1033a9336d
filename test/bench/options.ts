/** What a run of the benchmarks is to do: `npm run bench -- --pairs 3 --only P1,P7`. */
export interface Options {
  /** How often every figure is taken, the arms in turns. */
  readonly pairs: number;
  /** The rows to renew; all of them when empty. */
  readonly only: readonly string[];
  /** The CLI's `--parallel`, and the most calls at a time where no CLI is in between: the same for all arms. */
  readonly parallel: number;
  /** Part of the size that every row is to have: 1 for figures to be kept, less to try the benchmarks themselves. */
  readonly scale: number;
}

const VARIABLE = "PULUMI_JOBRUN_BENCH";

/** Hands the options to the process that measures. */
export function optionsVariable(options: Options): Record<string, string> {
  return { [VARIABLE]: JSON.stringify(options) };
}

/** The options of this run. */
export function options(): Options {
  const text = process.env[VARIABLE];
  if (text === undefined) throw new Error("the benchmarks are started by npm run bench");
  return JSON.parse(text) as Options;
}
