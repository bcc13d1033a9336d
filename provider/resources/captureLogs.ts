import { messageOf } from "../cluster/errors";
import { logsName } from "../core/kube/names";
import type { ConfigMap, Secret } from "../core/kube/types";
import { readLogsSecret, toLogsSecret } from "../core/manifest/logs";
import { attemptOf } from "../core/spec/attempt";
import type { RunSpec } from "../core/spec/types";
import { type CapturedLogs, capturable, earlierLogs, lackingLogs, lastBytes, shareOf } from "../core/status/captured";
import type { RunView } from "../core/status/runStatus";
import { allTellers, type Teller } from "../core/status/tails";
import { isTerminal, type RunStatus } from "../core/status/types";
import type { Place } from "./clusters";
import type { HookLog } from "./contract";
import { createOnce } from "./createOnce";
import { type KeptTail, KeptTails } from "./keptTails";
import { type LogReader, whyNotRead } from "./logReader";

/** The end of a run, or the moment at which a daemon is what was waited for. */
export interface Moment {
  readonly status: RunStatus;
  /** What is there, asked for when it is needed. */
  readonly view: () => Promise<RunView>;
  /** The wait for a daemon has failed. */
  readonly failed?: boolean;
}

/** The logs of every index of a run. */
export interface Capture {
  /** Reads in the background what may be gone before the run has ended. */
  look(seen: RunView & RunStatus): void;
  /** What every index printed last; undefined when nobody wants it, or it is too early. What could not be read is told, and is no failure of the run. */
  end(moment: Moment): Promise<CapturedLogs | undefined>;
}

interface Captured {
  readonly place: Pick<Place, "client" | "namespace">;
  readonly spec: RunSpec;
  readonly record: ConfigMap;
  readonly log: Pick<HookLog, "warn">;
  /** Ends the reading; nothing is captured then, and the next look at the run captures it. */
  readonly signal: AbortSignal;
}

const PARALLEL = 10;
/** 10,000 logs take 20, at 5 ms each. */
const MOST_SECONDS = 120;

/** A log is no reason for a run to fail: that it could not be captured is told. */
export async function orUndefined<T>(
  { spec, log }: Pick<Captured, "spec" | "log">,
  work: Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    log.warn(`what job run "${spec.name}" printed is not captured: ${messageOf(error)}`);
    return undefined;
  }
}

/** Follows a run whose logs are wanted. */
export function followLogs(run: Captured, reader: LogReader): Capture {
  const { spec } = run;
  const readLog: LogReader = async (teller) => lastBytes(await reader(teller), shareOf(spec));
  const tails = new KeptTails({ readLog, parallel: PARALLEL });
  const readAll: ReadAll = async ({ view, failed = false }, known) => {
    const tellers = capturable(await view(), spec, { known, failed });
    tails.read(tellers);
    const kept = await tails.all(AbortSignal.any([run.signal, AbortSignal.timeout(MOST_SECONDS * 1_000)]));
    return foundIn(kept, tellers);
  };
  return {
    look: (seen) => {
      tails.read(allTellers(seen, spec));
    },
    end: (moment) => orUndefined(run, captured(run, moment, readAll)),
  };
}

interface Found {
  readonly logs: CapturedLogs;
  /** By index. */
  readonly errors: ReadonlyMap<number, string>;
}

type ReadAll = (moment: Moment, known: CapturedLogs) => Promise<Found>;

/** Of an index whose pod has gone there is what was read before. */
function foundIn(kept: ReadonlyMap<number, KeptTail>, tellers: readonly Teller[]): Found {
  const texts = new Map([...kept].map(([index, { text }]) => [index, text] as const));
  const errors = new Map<number, string>();
  for (const teller of tellers) {
    const { index } = teller.pod;
    const tail = kept.get(index);
    if (tail?.text !== undefined && isSameAttempt(tail.teller, teller)) continue;
    texts.delete(index);
    errors.set(index, tail?.error === undefined ? "its log was not read in time" : whyNotRead(tail.error));
  }
  const logs = [...texts].filter((entry): entry is [number, string] => entry[1] !== undefined);
  return { logs: Object.fromEntries(logs), errors };
}

/** What an earlier attempt printed is not what the run came to. */
const isSameAttempt = (one: Teller, other: Teller): boolean =>
  one.pod.uid === other.pod.uid && one.previous === other.previous;

async function captured(run: Captured, moment: Moment, readAll: ReadAll): Promise<CapturedLogs | undefined> {
  const { spec, log, signal } = run;
  const ended = isTerminal(moment.status);
  // A task is not to be told by half.
  if (spec.mode === "task" && !ended) return undefined;
  const attempt = attemptOf(spec);
  const kept = ended ? await keptLogs(run, attempt) : undefined;
  if (kept !== undefined) return kept;
  const before = earlierLogs(spec, attempt > 1 ? await keptLogs(run, attempt - 1) : undefined);
  const { logs, errors } = await readAll(moment, before);
  if (signal.aborted) return undefined;
  const all = { ...before, ...logs };
  for (const lack of lackingLogs(moment.status, all, errors)) log.warn(lack);
  if (ended && Object.keys(all).length > 0) await keep(run, all);
  return all;
}

async function keptLogs({ place, spec, record }: Captured, attempt: number): Promise<CapturedLogs | undefined> {
  const name = logsName(spec.name, attempt);
  const secret = await place.client.get<Secret>({ kind: "Secret", namespace: place.namespace, name });
  return secret === undefined ? undefined : readLogsSecret(secret, record);
}

/** Kept before the result is recorded: from then on Kubernetes may remove the pods. */
async function keep({ place, spec, record, log }: Captured, logs: CapturedLogs): Promise<void> {
  const { client, namespace } = place;
  try {
    await createOnce(client, { namespace, object: toLogsSecret(spec, record, logs), record });
  } catch (error) {
    log.warn(`what job run "${spec.name}" printed is not kept in the cluster: ${messageOf(error)}`);
  }
}
