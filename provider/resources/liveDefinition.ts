import type { ClusterClient } from "../cluster/port";
import { definitionName } from "../core/kube/names";
import type { ConfigMap, Secret } from "../core/kube/types";
import type { EnvVar, JobTemplate, TemplateSpec } from "../core/spec/types";
import type { Place } from "./clusters";
import { validTemplate } from "./validTemplate";

type Where = Pick<Place, "client" | "namespace">;

/** The definition of a job as it is in the cluster, secret values included; undefined when there is none, or it is being deleted. */
export async function liveDefinition(place: Where, job: string): Promise<TemplateSpec | undefined> {
  const { client, namespace } = place;
  const found = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: definitionName(job) });
  if (found === undefined || found.metadata.deletionTimestamp !== undefined) return undefined;
  return templateIn(place, job, found);
}

/** What the definition says, secret values included. */
export async function templateIn(place: Where, job: string, definition: ConfigMap): Promise<TemplateSpec> {
  const { client, namespace } = place;
  const secret = { namespace, name: definitionName(job) };
  const advice = `run \`pulumi up --refresh\` for job "${job}"`;
  return withSecretValues(client, validTemplate(namespace, definition), { secret, advice });
}

interface OwnSecret {
  /** The Secret that was made for the template's secret values. */
  readonly secret: { readonly namespace: string; readonly name: string };
  /** What to do when a value is not there. */
  readonly advice: string;
}

/** The template with every reference to its own Secret replaced by the value, marked as secret. */
export async function withSecretValues<T extends JobTemplate>(
  client: ClusterClient,
  template: T,
  { secret, advice }: OwnSecret,
): Promise<T> {
  const { namespace, name } = secret;
  if (!template.env?.some(({ valueFrom }) => valueFrom?.secretKeyRef?.name === name)) return template;
  const found = await client.get<Secret>({ kind: "Secret", namespace, name });
  const resolve = (entry: EnvVar): EnvVar => {
    const { name: from, key = "" } = entry.valueFrom?.secretKeyRef ?? {};
    if (from !== name) return entry;
    const data = found?.data?.[key];
    if (data === undefined)
      throw new Error(`Secret ${namespace}/${name} must have key ${key} for variable ${entry.name}: ${advice}`);
    return { name: entry.name, value: Buffer.from(data, "base64").toString(), secret: true };
  };
  return { ...template, env: template.env.map(resolve) };
}
