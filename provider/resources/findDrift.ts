import { isForbidden } from "../cluster/errors";
import type { ClusterClient } from "../cluster/port";
import { lostSecrets } from "../core/diff/drift";
import { type Pair, type RunDrift, runDrift } from "../core/diff/runDrift";
import type { KubeObject, Secret } from "../core/kube/types";
import { secretNameOf, toSecretData } from "../core/manifest/env";
import { DEFAULT_KEEP_ALIVE_IMAGE, toWorkloads } from "../core/manifest/workloads";
import { effectiveTemplate, isByName } from "../core/spec/jobRun";
import type { EnvVar, JobRunInputs, RunSpec } from "../core/spec/types";
import type { Settings } from "./clusters";
import type { Claimed } from "./startRun";

/** Where a run is. */
export interface Around {
  readonly client: ClusterClient;
  readonly settings: Settings;
}

interface Looked extends Claimed {
  readonly namespace: string;
  readonly inputs: JobRunInputs;
  /** The run's Jobs or Deployments as they are. */
  readonly workloads: readonly KubeObject[];
}

/** What somebody has changed of a run in the cluster, all of whose objects had been made; undefined when nobody has. */
export async function findDrift(
  { client, settings }: Around,
  { namespace, inputs, workloads, ...claimed }: Looked,
): Promise<RunDrift | undefined> {
  const { spec, carrier } = claimed;
  const keepAliveImage = settings.keepAliveImage ?? DEFAULT_KEEP_ALIVE_IMAGE;
  const found = new Map(workloads.map((object) => [object.metadata.name, object]));
  const wanted = toWorkloads(spec, { ...claimed, namespace, keepAliveImage });
  const secrets = carrier.backend === "deployment" ? await changedSecrets(client, { namespace, inputs, spec }) : [];
  return runDrift({ inputs, spec, lostSecrets: secrets }, pairs(wanted, found));
}

function* pairs(wanted: Iterable<KubeObject>, found: ReadonlyMap<string, KubeObject>): Generator<Pair> {
  for (const object of wanted) {
    const live = found.get(object.metadata.name);
    // A list does not say the kind of each of its items.
    yield { wanted: object, found: live && { ...live, kind: object.kind } };
  }
}

interface Asked {
  readonly namespace: string;
  readonly inputs: JobRunInputs;
  readonly spec: RunSpec;
}

/** Secret variables whose values in the run's Secret are not those that were given, as far as these are at hand and that may be read. */
async function changedSecrets(client: ClusterClient, { namespace, inputs, spec }: Asked): Promise<string[]> {
  // The values of a job that is known by name only are not at hand.
  const env: readonly EnvVar[] = isByName(inputs) ? [] : effectiveTemplate(inputs).env;
  if (toSecretData(env) === undefined) return [];
  try {
    const secret = await client.get<Secret>({ kind: "Secret", namespace, name: secretNameOf(spec) });
    return lostSecrets(env, secret?.data);
  } catch (error) {
    if (isForbidden(error)) return [];
    throw error;
  }
}
