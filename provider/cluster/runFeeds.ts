import { label, MANAGED_BY } from "../core/kube/labels";
import type { Deployment, KubeJob, Pod } from "../core/kube/types";
import type { DeploymentView, JobView, PodView } from "../core/status/types";
import { toDeploymentView, toJobView, toPodView } from "../core/status/views";
import type { Connection } from "./connect";
import type { ClusterError } from "./errors";
import { pathOf } from "./kinds";
import type { Feed } from "./port";
import { Reflector } from "./reflector";

interface Reflectors {
  readonly jobs: Reflector<KubeJob, JobView>;
  readonly deployments: Reflector<Deployment, DeploymentView>;
  readonly pods: Reflector<Pod, PodView>;
}

const selector = [...Object.entries(MANAGED_BY), [label.kind, "instance"]]
  .map(([key, value]) => `${key}=${value}`)
  .join(",");

/** Feeds of runs. However many runs are followed, there is one watch a kind and namespace. */
export function runFeeds(connection: Connection): (namespace: string, runUid: string) => Feed {
  const byNamespace = new Map<string, Reflectors>();
  return (namespace, runUid) => {
    const reflectors = byNamespace.get(namespace) ?? openReflectors(connection, namespace);
    byNamespace.set(namespace, reflectors);
    return openFeed(reflectors, runUid);
  };
}

function openReflectors(connection: Connection, namespace: string): Reflectors {
  return {
    jobs: new Reflector({ connection, path: pathOf("Job", namespace), selector, reduce: toJobView }),
    deployments: new Reflector({
      connection,
      path: pathOf("Deployment", namespace),
      selector,
      reduce: toDeploymentView,
    }),
    pods: new Reflector({ connection, path: pathOf("Pod", namespace), selector, reduce: toPodView }),
  };
}

function openFeed({ jobs, deployments, pods }: Reflectors, runUid: string): Feed {
  let wake = Promise.withResolvers<undefined>();
  let failure: ClusterError | undefined;
  let changes = 0;
  const listener = (error?: ClusterError): void => {
    failure = error;
    changes++;
    wake.resolve(undefined);
  };
  const closers = [jobs, deployments, pods].map((reflector) => reflector.listen(runUid, listener));
  let seen = 0;
  const changed = async (signal: AbortSignal, seconds?: number): Promise<void> => {
    if (changes === seen) await firstOf(wake.promise, signal, seconds);
    seen = changes;
    wake = Promise.withResolvers<undefined>();
    if (failure !== undefined) throw failure;
  };
  return {
    changed,
    ready: async (signal) => {
      while (!(jobs.synced && deployments.synced && pods.synced) && !signal.aborted) await changed(signal);
    },
    view: () => ({
      jobs: jobs.views(runUid),
      deployments: deployments.views(runUid),
      pods: pods.views(runUid),
    }),
    close: () => {
      for (const close of closers) close();
    },
  };
}

/** Resolves with the promise, after the time, or when the signal is aborted. */
async function firstOf(promise: Promise<unknown>, signal: AbortSignal, seconds = Infinity): Promise<void> {
  if (signal.aborted) return;
  const { promise: over, resolve } = Promise.withResolvers<undefined>();
  const end = (): void => {
    resolve(undefined);
  };
  // Timers hold at most 2^31 ms.
  const timer = setTimeout(end, Math.min(seconds * 1_000, 2 ** 31 - 1));
  signal.addEventListener("abort", end);
  await Promise.race([promise, over]);
  clearTimeout(timer);
  signal.removeEventListener("abort", end);
}
