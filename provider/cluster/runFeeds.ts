import { label, MANAGED_BY } from "../core/kube/labels";
import type { Deployment, KubeJob, KubeObject, Pod } from "../core/kube/types";
import type { DeploymentView, JobView, PodView } from "../core/status/types";
import { toDeploymentView, toJobView, toPodView } from "../core/status/views";
import { Bell } from "./bell";
import type { Connection } from "./connect";
import { type ClusterError, isRefused } from "./errors";
import { pathOf } from "./kinds";
import type { View } from "./mirror";
import { notesTo } from "./notes";
import type { Feed, Following, WatchedKind } from "./port";
import { Reflector } from "./reflector";

/** What a feed needs of every reflector, whatever its kind. */
type AnyReflector = Pick<Reflector<KubeObject, View>, "listen" | "synced" | "trouble">;

interface Reflectors extends Record<WatchedKind, AnyReflector> {
  readonly Job: Reflector<KubeJob, JobView>;
  readonly Deployment: Reflector<Deployment, DeploymentView>;
  readonly Pod: Reflector<Pod, PodView>;
}

const selector = [...Object.entries(MANAGED_BY), [label.kind, "instance"]]
  .map(([key, value]) => `${key}=${value}`)
  .join(",");

/** Feeds of runs. However many runs are followed, there is one watch a kind and namespace. */
export function runFeeds(connection: Connection): (namespace: string, runUid: string, following: Following) => Feed {
  const byNamespace = new Map<string, Reflectors>();
  return (namespace, runUid, following) => {
    const reflectors = byNamespace.get(namespace) ?? makeReflectors(connection, namespace);
    byNamespace.set(namespace, reflectors);
    return openFeed(reflectors, runUid, following);
  };
}

/** Nothing is asked before the first feed is opened. Jobs and Deployments that somebody deletes stay visible: their runs have no verdict without them. */
function makeReflectors(connection: Connection, namespace: string): Reflectors {
  const source = (kind: WatchedKind) => ({ connection, path: pathOf(kind, namespace), selector });
  return {
    Job: new Reflector({ ...source("Job"), reduce: toJobView }, { keepsGone: true }),
    Deployment: new Reflector({ ...source("Deployment"), reduce: toDeploymentView }, { keepsGone: true }),
    Pod: new Reflector({ ...source("Pod"), reduce: toPodView }, { keepsGone: false }),
  };
}

function openFeed(reflectors: Reflectors, runUid: string, { needed, helpful, note }: Following): Feed {
  const kinds = [needed, ...helpful];
  const tell = notesTo(note);
  const bell = new Bell();
  const look = (): void => {
    for (const kind of kinds) {
      const { trouble } = reflectors[kind];
      if (trouble !== undefined && trouble.error !== refusalOf(reflectors[needed])) tell(kind, trouble);
    }
    bell.ring();
  };
  const closers = kinds.map((kind) => reflectors[kind].listen(runUid, look));
  const changed = async (signal: AbortSignal, seconds?: number): Promise<void> => {
    await bell.wait(signal, seconds);
    const refusal = refusalOf(reflectors[needed]);
    if (refusal !== undefined) throw refusal;
  };
  const isReady = (): boolean =>
    reflectors[needed].synced && helpful.every((kind) => reflectors[kind].synced || reflectors[kind].trouble);
  // The reflectors may be in trouble already.
  look();
  return {
    changed,
    ready: async (signal) => {
      while (!isReady() && !signal.aborted) await changed(signal);
      return isReady();
    },
    view: () => ({
      jobs: reflectors.Job.views(runUid),
      deployments: reflectors.Deployment.views(runUid),
      pods: reflectors.Pod.views(runUid),
    }),
    close: () => {
      for (const close of closers) close();
    },
  };
}

/** The answer of a cluster that does not let the objects be read. */
function refusalOf({ trouble }: AnyReflector): ClusterError | undefined {
  return trouble?.deed === "list" && isRefused(trouble.error) ? trouble.error : undefined;
}
