import type { Feed } from "../cluster/port";
import { recordName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { containerName } from "../core/manifest/podTemplate";
import { readRecord } from "../core/manifest/record";
import type { RunSpec } from "../core/spec/types";
import type { LogLine } from "../core/status/logLines";
import { logSources, type Missing, newestFirst } from "../core/status/logs";
import { runStatus, type RunView } from "../core/status/runStatus";
import { isTerminal, type PodView, type RunStatus } from "../core/status/types";
import type { Place } from "./clusters";
import type { HookContext } from "./contract";
import { requireReadable } from "./getJobRunLogs";
import type { Recorded } from "./getJobRun";
import { followingOf } from "./observeRun";
import { type Beginning, type Ground, PodFollower } from "./podFollower";
import { PodReaders } from "./podReaders";
import type { LogOrigin } from "./readLogs";

interface Wanted extends Beginning {
  readonly name: string;
  /** Without one, all indices of the run. */
  readonly index?: number | undefined;
}

interface Caller extends Pick<HookContext, "log" | "signal"> {
  /** Gets lines of one pod, secret values masked; resolves when more is wanted. */
  readonly show: (origin: LogOrigin, lines: readonly LogLine[]) => Promise<void>;
}

/** How it ended. */
export interface Followed {
  /** Of the run; undefined when it has been deleted meanwhile. */
  readonly status: RunStatus | undefined;
  readonly spec: RunSpec;
  /** How many pods have been read. */
  readonly count: number;
  /** Indices that have no log, with the reasons. */
  readonly missing: readonly Missing[];
}

/**
 * Follows the logs of a run until it has ended: of each index the newest pod, and all that come after it. Nothing is written.
 * @throws when there is no run of that name, it has no such index, or a right is missing.
 */
export async function followLogs(place: Place, wanted: Wanted, { show, ...context }: Caller): Promise<Followed> {
  const { client, namespace } = place;
  const { recorded, indices, secrets } = await requireReadable(place, wanted);
  const { spec, record } = recorded;
  const container = containerName(spec);
  const ground = { client, namespace, container, secrets, show: toShow(show, container) };
  const pods = followedPods(ground, { ...wanted, indices });
  // Deployments and Jobs are needed for the verdict, pods for the logs: what may not be listed ends it.
  const following = { ...followingOf(spec.mode, context.log), needed: "Pod" } as const;
  const feed = client.follow(namespace, record.metadata.uid ?? "", { ...following, helpful: ["Job", "Deployment"] });
  const readers = new PodReaders();
  try {
    await feed.ready(context.signal);
    const status = await untilEnded({ place, recorded, feed, pods, readers, signal: context.signal });
    const asked = { indices: pods.unread(), ended: true, previous: false, most: Infinity };
    const { missing } = logSources(feed.view().pods, asked);
    return { status, spec, count: pods.count(), missing };
  } finally {
    readers.close();
    feed.close();
  }
}

const toShow =
  (show: Caller["show"], container: string): Ground["show"] =>
  ({ index, name: pod }, lines) =>
    show({ index, pod, container }, lines);

interface Following {
  readonly place: Place;
  readonly recorded: Recorded;
  readonly feed: Feed;
  readonly pods: FollowedPods;
  readonly readers: PodReaders;
  readonly signal: AbortSignal;
}

/** The status at the end; undefined when the run has been deleted. */
async function untilEnded({ place, recorded, feed, pods, readers, signal }: Following): Promise<RunStatus | undefined> {
  const lookup = recordLookup(place, recorded);
  let end: End | undefined;
  for (;;) {
    const view = feed.view();
    pods.see(view.pods);
    const followers = pods.all();
    readers.work(followers);
    const found = await lookup(view);
    end = found && { ...found, seenAt: (end ?? found).seenAt };
    if (signal.aborted) return runStatus(recorded.spec, view);
    const isRead = readers.atRest.aborted && !followers.some(({ isRunning }) => isRunning);
    if (end !== undefined && (isRead || performance.now() - end.seenAt > LAST_WORDS_MS)) return end.status;
    const either = isRead ? signal : AbortSignal.any([signal, readers.atRest]);
    await feed.changed(either, LOOK_SECONDS);
  }
}

/** A pod on a node that is lost runs for ever, for all that is known. */
const LAST_WORDS_MS = 60_000;
/** A run whose objects have gone is looked for that often. */
const LOOK_SECONDS = 5;

interface End {
  /** By `performance.now()`. */
  readonly seenAt: number;
  readonly status: RunStatus | undefined;
}

/** Tells whether the run has ended: by what is seen of it, or by its record when nothing of it is left to be seen. */
function recordLookup(
  { client, namespace }: Place,
  { spec, record, result }: Recorded,
): (view: RunView) => Promise<End | undefined> {
  let lookedAt = performance.now();
  return async (view) => {
    if (result !== undefined) return endOf(result);
    const status = runStatus(spec, view);
    if (isTerminal(status) || hasStopped(spec, status)) return endOf(status);
    if (!isEmpty(view) || performance.now() - lookedAt < LOOK_SECONDS * 1_000) return undefined;
    lookedAt = performance.now();
    const now = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: recordName(spec.name) });
    if (now?.metadata.uid !== record.metadata.uid) return endOf(undefined);
    return now && recordedEnd(now);
  };
}

/** A daemon has no verdict: it may run again. */
const hasStopped = ({ mode }: RunSpec, { status }: RunStatus): boolean => mode === "daemon" && status === "completed";

const isEmpty = ({ jobs, deployments, pods }: RunView): boolean =>
  pods.length === 0 && [...jobs, ...deployments].every(({ gone }) => gone === true);

const endOf = (status: RunStatus | undefined): End => ({ status, seenAt: performance.now() });

function recordedEnd(record: ConfigMap): End | undefined {
  const { result } = readRecord(record);
  return result && endOf(result);
}

/** The pods of a run whose logs are followed. */
interface FollowedPods {
  see(pods: readonly PodView[]): void;
  all(): readonly PodFollower[];
  count(): number;
  /** Indices of which nothing has been read. */
  unread(): number[];
}

function followedPods(
  ground: Ground,
  { indices, lines, sinceSeconds }: Beginning & { indices: readonly number[] },
): FollowedPods {
  const wanted = new Set(indices);
  const followers = new Map<string, PodFollower>();
  const past = new Set<string>();
  let isFirst = true;
  return {
    see: (pods) => {
      const own = pods.filter(({ index }) => wanted.has(index));
      if (isFirst) for (const { uid } of pastOnes(own, indices)) past.add(uid);
      for (const pod of own) {
        const known = followers.get(pod.uid);
        if (known !== undefined) known.see(pod);
        else if (!past.has(pod.uid))
          followers.set(pod.uid, new PodFollower(pod, ground, isFirst ? { lines, sinceSeconds } : {}));
      }
      const present = new Set(own.map(({ uid }) => uid));
      for (const [uid, follower] of followers) if (!present.has(uid)) follower.lose();
      isFirst = false;
    },
    all: () => [...followers.values()],
    count: () => [...followers.values()].filter(({ isKnown }) => isKnown).length,
    unread: () => {
      const read = new Set([...followers.values()].filter(({ isKnown }) => isKnown).map(({ index }) => index));
      return indices.filter((index) => !read.has(index));
    },
  };
}

/** Of each index the newest pod that has started is the first to be followed. */
function pastOnes(pods: readonly PodView[], indices: readonly number[]): PodView[] {
  const { tellers } = logSources(pods, { indices, ended: false, previous: false, most: Infinity });
  return pods.filter((pod) => {
    const first = tellers.get(pod.index)?.pod;
    return first !== undefined && first.uid !== pod.uid && newestFirst(first, pod) < 0;
  });
}
