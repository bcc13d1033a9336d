import { argumentFailures } from "../core/spec/check";
import type { FunctionToken } from "../core/spec/schema";
import type { GetJobArgs, GetJobRunArgs, GetJobRunLogsArgs } from "../core/spec/types.generated";
import { type Clusters, openPlace } from "./clusters";
import type { HookLog } from "./contract";
import { getJob } from "./getJob";
import { getJobRun } from "./getJobRun";
import { getJobRunLogs } from "./getJobRunLogs";

/** What a function came to. */
export interface Answer {
  readonly result: object;
  /** The result is to be handled as a secret. */
  readonly secret: boolean;
}

type Log = Pick<HookLog, "warn">;

/** Looks at the cluster, and writes nothing. The arguments are checked first: all their faults are in one error. */
export type Function = (args: unknown, log: Log) => Promise<Answer>;

/** The functions of the package by their tokens, for whatever door they are called through. */
export function functionsOf(clusters: Clusters): Readonly<Record<FunctionToken, Function>> {
  return {
    "jobrun:index:getJob": async (given) => {
      const args = checked<GetJobArgs>("jobrun:index:getJob", given);
      return { result: await getJob(await openPlace(clusters, args), args), secret: false };
    },
    "jobrun:index:getJobRun": async (given, log) => {
      const args = checked<GetJobRunArgs>("jobrun:index:getJobRun", given);
      return { result: await getJobRun(await openPlace(clusters, args), args, log), secret: false };
    },
    "jobrun:index:getJobRunLogs": async (given, log) => {
      const args = checked<GetJobRunLogsArgs>("jobrun:index:getJobRunLogs", given);
      return getJobRunLogs(await openPlace(clusters, args), args, log);
    },
  };
}

/** An argument that is undefined was not given. */
function checked<A>(token: FunctionToken, given: unknown): A {
  const args: unknown = JSON.parse(JSON.stringify(given ?? {}));
  const failures = argumentFailures(token, args);
  if (failures.length === 0) return args as A;
  throw new Error(failures.map(({ property, reason }) => `${property} ${reason}`).join("\n"));
}
