import { isAlreadyExists, isForbidden } from "../cluster/errors";
import { refOf } from "../cluster/kinds";
import type { ClusterClient } from "../cluster/port";
import { label } from "../core/kube/labels";
import { definitionName } from "../core/kube/names";
import type { ConfigMap, Secret } from "../core/kube/types";
import { toDefinitionSecret } from "../core/manifest/definition";
import { toSecretData } from "../core/manifest/env";
import { isOwnedBy } from "../core/manifest/owner";
import type { EnvVar, JobTemplate } from "../core/spec/types";
import { replaceUnchanged } from "./replace";

/** The data of a definition's Secret. Who may not read it takes it to be what was given. */
export async function liveSecretData(
  client: ClusterClient,
  place: { namespace: string; name: string },
  env: readonly EnvVar[],
): Promise<Secret["data"]> {
  const given = toSecretData(env);
  if (given === undefined) return undefined;
  try {
    return (await client.get<Secret>({ kind: "Secret", ...place }))?.data;
  } catch (error) {
    if (isForbidden(error)) return given;
    throw error;
  }
}

interface Named {
  readonly name: string;
  readonly template: JobTemplate;
  readonly definition: ConfigMap;
}

/** Brings the Secret in line with the definition's secret values. */
export async function writeSecret(client: ClusterClient, namespace: string, job: Named): Promise<void> {
  const wanted = toDefinitionSecret(job.name, job.template, job.definition);
  const found = await client.get<Secret>({ kind: "Secret", namespace, name: definitionName(job.name) });
  if (found === undefined) {
    if (wanted !== undefined) await createOrCorrect(client, namespace, { job, wanted });
    return;
  }
  if (!isJobs(found, job)) {
    if (wanted === undefined) return;
    throw new Error(
      `Secret ${namespace}/${found.metadata.name} is in the way of the secret values of job "${job.name}": remove it`,
    );
  }
  if (wanted === undefined) await client.delete(refOf(namespace, found), found.metadata.uid ?? "");
  else await replaceUnchanged(client, namespace, { wanted, found });
}

/** A request that was repeated after a broken connection meets what it has created itself. */
async function createOrCorrect(
  client: ClusterClient,
  namespace: string,
  { job, wanted }: { job: Named; wanted: Secret },
): Promise<void> {
  try {
    await client.create(namespace, wanted);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    await writeSecret(client, namespace, job);
  }
}

/** One of an earlier job of the name, which the garbage collector has not come to yet, is taken over. */
function isJobs(found: Secret, { name, definition }: Named): boolean {
  return isOwnedBy(found, definition) || found.metadata.labels?.[label.job] === name;
}
