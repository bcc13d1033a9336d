import { setTimeout as delay } from "node:timers/promises";
import type { Feed } from "../cluster/port";
import { holdsSecrets } from "../core/manifest/env";
import type { ListedRun } from "../core/report/lists";
import { maskView } from "../core/status/mask";
import type { Place } from "./clusters";
import type { HookContext } from "./contract";
import { type Recorded, requireRecord, statusNow } from "./getJobRun";
import { listRecords, readOrTell } from "./listRuns";
import { followingOf } from "./observeRun";
import { shownRun } from "./shownRun";

/** Records are listed that often; what happens to the runs in between is known from watches that all of them share. */
const LIST_MS = 3_000;
const LOOK_MS = 500;

type Caller = Pick<HookContext, "log" | "signal">;

/**
 * The runs of a namespace, or the one of that name, as they are now and then again and again, until the signal. Nothing is written.
 * @throws when there is none of that name at first.
 */
export async function* watchRuns(place: Place, name: string | undefined, caller: Caller): AsyncGenerator<ListedRun[]> {
  const feeds = new Map<string, Feed>();
  const log = { warn: once((message) => caller.log.warn(message)) };
  let recorded: readonly Recorded[] = [];
  let listedAt = -Infinity;
  try {
    if (name !== undefined) await requireRecord(place, name);
    while (!caller.signal.aborted) {
      if (performance.now() - listedAt >= LIST_MS) {
        const all = (await listRecords(place)).flatMap((record) => readOrTell(record, log));
        recorded = all.filter(({ spec }) => name === undefined || spec.name === name);
        await follow(place, { recorded, feeds, log, signal: caller.signal });
        listedAt = performance.now();
      }
      yield recorded.map((run) => look(run, feeds, log)).toSorted((a, b) => a.name.localeCompare(b.name));
      await delay(LOOK_MS, undefined, { signal: caller.signal }).catch(() => undefined);
    }
  } finally {
    for (const feed of feeds.values()) feed.close();
  }
}

interface Watched extends Pick<Caller, "signal"> {
  readonly recorded: readonly Recorded[];
  readonly feeds: Map<string, Feed>;
  readonly log: Pick<HookContext["log"], "warn">;
}

/** Opens feeds for the runs that have no result, and closes those of the others. */
async function follow({ client, namespace }: Place, { recorded, feeds, log, signal }: Watched): Promise<void> {
  const open = new Map(recorded.filter(({ result }) => result === undefined).map((run) => [uidOf(run), run]));
  for (const [uid, feed] of feeds)
    if (!open.has(uid)) {
      feed.close();
      feeds.delete(uid);
    }
  for (const [uid, { spec }] of open)
    if (!feeds.has(uid)) feeds.set(uid, client.follow(namespace, uid, followingOf(spec.mode, log)));
  await Promise.all([...feeds.values()].map((feed) => feed.ready(signal)));
}

function look(run: Recorded, feeds: ReadonlyMap<string, Feed>, log: Watched["log"]): ListedRun {
  const seen = feeds.get(uidOf(run))?.view() ?? { jobs: [], deployments: [], pods: [] };
  const view = maskView(seen, holdsSecrets(run.spec) ? undefined : []);
  return shownRun({ ...run, status: run.result ?? statusNow(run, view, log) });
}

const uidOf = ({ record }: Recorded): string => record.metadata.uid ?? "";

/** Each message once. */
function once(warn: (message: string) => void): (message: string) => void {
  const told = new Set<string>();
  return (message) => {
    if (told.has(message)) return;
    told.add(message);
    warn(message);
  };
}
