import { ClusterError, isRefused, isUnreachable, messageOf } from "../cluster/errors";
import { eachIndex, readIndexSet } from "../core/kube/indexSet";
import { label } from "../core/kube/labels";
import type { Pod } from "../core/kube/types";
import { containerName } from "../core/manifest/podTemplate";
import { typeDefault } from "../core/spec/schema";
import type { GetJobRunLogsArgs, GetJobRunLogsResult, IndexLog } from "../core/spec/types.generated";
import { hasIndex, indexLog, type LogSources, logSources, type Missing, missingLogs } from "../core/status/logs";
import type { Teller } from "../core/status/tails";
import { toPodView } from "../core/status/views";
import type { Place } from "./clusters";
import type { HookLog } from "./contract";
import { type Recorded, requireRecord } from "./getJobRun";
import { secretValues } from "./secretValues";

/** Indices whose logs are read at once. */
const MOST_LOGS = 100;

/**
 * What the programs of a run have printed last, secret values masked; and whether it may tell of them all the same.
 * @throws when there is no run of that name, it has no such index, or a right is missing.
 */
export async function getJobRunLogs(
  place: Place,
  { name, index, tailLines = Number(typeDefault("Logs", "tailLines")) }: GetJobRunLogsArgs,
  log: Pick<HookLog, "warn">,
): Promise<{ result: GetJobRunLogsResult; secret: boolean }> {
  const { client, namespace } = place;
  const { container, secrets, tellers, ...sources } = await findLogs(place, { name, index, most: MOST_LOGS });
  const missing: Missing[] = [...sources.missing];
  const logs: [index: number, log: IndexLog][] = [];
  const read = async ([at, { pod, previous }]: [number, Teller]): Promise<void> => {
    try {
      const text = await client.logs(namespace, pod.name, { container, lines: tailLines, previous });
      logs.push([at, indexLog(pod, text, secrets)]);
    } catch (error) {
      missing.push({ index: at, why: whyUnreadable(error) });
    }
  };
  await Promise.all([...tellers].map(read));
  const told = missingLogs(missing);
  if (told.missingReason !== undefined)
    log.warn(`job run "${name}" in namespace ${namespace} has no log of some of its indices: ${told.missingReason}`);
  return {
    result: { logs: Object.fromEntries(logs.toSorted(([a], [b]) => a - b)), ...told },
    // A program may have printed its secrets in a form that no mask knows.
    secret: secrets.length > 0,
  };
}

interface Wanted {
  readonly name: string;
  readonly index?: number | undefined;
  readonly previous?: boolean;
  readonly most: number;
}

/** Where the logs of a run are, and what is to be masked in them. */
export interface FoundLogs extends LogSources {
  readonly container: string;
  readonly secrets: readonly string[];
}

/** A run whose logs may be shown. */
interface Readable {
  readonly recorded: Recorded;
  /** Those that are asked for. */
  readonly indices: readonly number[];
  readonly secrets: readonly string[];
}

/**
 * The run, and what is to be masked in its logs.
 * @throws when there is no run of that name, it has no such index, or a right is missing.
 */
export async function requireReadable(
  place: Place,
  { name, index }: Pick<Wanted, "name" | "index">,
): Promise<Readable> {
  const recorded = await requireRecord(place, name);
  const indices = [...askedOf(recorded.spec.arrayIndices, index)];
  return { recorded, indices, secrets: await requireSecrets(place, recorded) };
}

/**
 * Finds out whose logs are to be read.
 * @throws when there is no run of that name, it has no such index, or a right is missing.
 */
export async function findLogs(place: Place, { previous = false, most, ...wanted }: Wanted): Promise<FoundLogs> {
  const { client, namespace } = place;
  const { recorded, indices, secrets } = await requireReadable(place, wanted);
  const { spec, record, result } = recorded;
  const selector = `${label.runUid}=${record.metadata.uid ?? ""}`;
  const pods = (await client.list<Pod>({ kind: "Pod", namespace, selector })).map(toPodView);
  const asked = { indices, ended: result !== undefined, previous, most };
  return { ...logSources(pods, asked), container: containerName(spec), secrets };
}

function askedOf(arrayIndices: string, index: number | undefined): Iterable<number> {
  if (index === undefined) return eachIndex(readIndexSet(arrayIndices));
  if (hasIndex(arrayIndices, index)) return [index];
  throw new Error(`index must be one of the run's, which are ${arrayIndices}, got ${index}`);
}

/** What cannot be masked is not shown. */
async function requireSecrets({ client, namespace }: Place, { spec }: Recorded): Promise<readonly string[]> {
  const secrets = await secretValues(client, namespace, spec);
  if (secrets !== undefined) return secrets;
  throw new Error(
    `the logs of job run "${spec.name}" are not shown: its secret values, which are masked in them, must be readable, and its Secret in namespace ${namespace} has gone, or the right to get secrets is missing`,
  );
}

/** A single log that is not there hides none of the others; without rights or cluster there is nothing at all. */
export function whyUnreadable(error: unknown): string {
  if (error instanceof ClusterError && !isRefused(error) && !isUnreachable(error)) return messageOf(error);
  throw error;
}
