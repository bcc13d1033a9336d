import { messageOf } from "../cluster/errors";
import { label } from "../core/kube/labels";
import type { ConfigMap } from "../core/kube/types";
import { holdsSecrets } from "../core/manifest/env";
import { readRecord } from "../core/manifest/record";
import type { ListedRun } from "../core/report/lists";
import type { RunPhase } from "../core/status/types";
import { maskView } from "../core/status/mask";
import type { RunView } from "../core/status/runStatus";
import type { Place } from "./clusters";
import type { HookLog } from "./contract";
import { type Recorded, statusNow } from "./getJobRun";
import { followingOf, listObjects } from "./observeRun";
import { shownRun } from "./shownRun";

export interface Wanted {
  /** Only runs of this job. */
  readonly job?: string | undefined;
  readonly status?: RunPhase | undefined;
}

type Log = Pick<HookLog, "warn">;

/** The runs of a namespace by name. It takes one list for each kind of object, however many runs there are. */
export async function listRuns(place: Place, wanted: Wanted, log: Log): Promise<ListedRun[]> {
  return (await listRecorded(place, wanted, log)).map(({ run }) => run);
}

/** A run with the record that it is known by. */
interface RecordedRun {
  readonly run: ListedRun;
  readonly record: ConfigMap;
}

/** The same with their records. */
export async function listRecorded(place: Place, { job, status }: Wanted, log: Log): Promise<RecordedRun[]> {
  const recorded = (await listRecords(place, job)).flatMap((record) => readOrTell(record, log));
  const viewOf = await viewsOf(place, { job, recorded }, log);
  return recorded
    .map((found) => {
      const known = { ...found, status: found.result ?? statusNow(found, viewOf(found), log) };
      return { run: shownRun(known), record: found.record };
    })
    .filter(({ run }) => status === undefined || run.status === status)
    .toSorted((a, b) => a.run.name.localeCompare(b.run.name));
}

/** The records of all runs, or of those of a job. */
export function listRecords({ client, namespace }: Place, job?: string): Promise<ConfigMap[]> {
  return client.list<ConfigMap>({ kind: "ConfigMap", namespace, selector: selectorOf("run", job) });
}

const selectorOf = (kind: "run" | "instance", job: string | undefined): string =>
  [`${label.kind}=${kind}`, ...(job === undefined ? [] : [`${label.job}=${job}`])].join(",");

/** One that somebody has spoilt by hand hides none of the others. */
export function readOrTell(record: ConfigMap, log: Log): Recorded[] {
  try {
    return [{ ...readRecord(record), record }];
  } catch (error) {
    log.warn(messageOf(error));
    return [];
  }
}

/** What is seen of each run that has no result yet. What a run's secret values would mask in the words of its programs is left out. */
async function viewsOf(
  { client, namespace }: Place,
  { job, recorded }: { job: string | undefined; recorded: readonly Recorded[] },
  log: Log,
): Promise<(run: Recorded) => RunView> {
  const modes = new Set(recorded.flatMap(({ spec, result }) => (result === undefined ? spec.mode : [])));
  const followings = [...modes].map((mode) => followingOf(mode, log));
  const { view } = await listObjects(client, { namespace, selector: selectorOf("instance", job), followings });
  const [jobs, deployments, pods] = [byRun(view.jobs), byRun(view.deployments), byRun(view.pods)];
  return ({ spec, record: { metadata } }) => {
    const { uid = "" } = metadata;
    const own = { jobs: jobs(uid), deployments: deployments(uid), pods: pods(uid) };
    return maskView(own, holdsSecrets(spec) ? undefined : []);
  };
}

function byRun<V extends { readonly runUid: string }>(views: readonly V[]): (uid: string) => readonly V[] {
  const groups = Map.groupBy(views, ({ runUid }) => runUid);
  return (uid) => groups.get(uid) ?? [];
}
