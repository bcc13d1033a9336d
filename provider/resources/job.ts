import { isConflict, messageOf } from "../cluster/errors";
import type { ClusterClient } from "../cluster/port";
import { stableJson } from "../core/kube/hash";
import { label } from "../core/kube/labels";
import { definitionName } from "../core/kube/names";
import type { ConfigMap, KubeObject } from "../core/kube/types";
import { readDefinition, toDefinition, toDefinitionSecret } from "../core/manifest/definition";
import { toSecretReferences } from "../core/manifest/env";
import { isOwnedBy } from "../core/manifest/owner";
import { jobChanged } from "../core/diff/job";
import { checkJob } from "../core/spec/check";
import { revisionOf, templateOf } from "../core/spec/jobRun";
import { defaultOf } from "../core/spec/schema";
import { withDefaults } from "../core/spec/template";
import type { JobInputs, JobTemplate } from "../core/spec/types";
import { acknowledge, acknowledged, claim, ownerFrom, requireName } from "./claim";
import { type Clusters, movesTo, openKept, openPlace, orForget, strictness } from "./clusters";
import type { Created, DiffResult, HookContext, ResourceHooks, State } from "./contract";
import { ownRecords, removeJob, removeJobOnly } from "./removeJob";
import { runRefOf } from "./removeRun";
import { requireRights } from "./rights";

/** The hooks of `Job`: a definition that is kept as a ConfigMap and starts nothing. */
export function jobHooks(clusters: Clusters): ResourceHooks<JobInputs> {
  return {
    check: async (context, olds, news) => checkJob(olds, news, { ...context, ...(await strictness(clusters)) }),
    diff: (context, state, news) => diff(clusters, context, { state, news }),
    create: (context, inputs) => create(clusters, context, inputs),
    read: (_context, state) => read(clusters, state),
    update: (context, state, news) => update(clusters, context, { state, news }),
    delete: (context, state) => orForget(remove(clusters, context, state)),
  };
}

async function diff(clusters: Clusters, context: HookContext, { state, news }: Change): Promise<DiffResult> {
  const { hidden } = state;
  const replaces = [...(await movesTo(clusters, hidden, news)), ...(news.name === hidden.inputs.name ? [] : ["name"])];
  if (replaces.length > 0 && news.orphanRuns !== true) await warnOfRuns(clusters, context, state);
  return {
    changes: replaces.length > 0 || jobChanged(hidden.inputs, news),
    replaces,
    // In another place or of another name, the new one can stand beside the old one.
    deleteBeforeReplace: false,
  };
}

interface Change {
  readonly state: State<JobInputs>;
  readonly news: JobInputs;
}

/** A replaced job takes its runs along, running ones too: say which, before it happens; or why that cannot be said. */
async function warnOfRuns(
  clusters: Clusters,
  { log }: HookContext,
  { hidden, outputs }: State<JobInputs>,
): Promise<void> {
  try {
    const { client } = await openKept(clusters, hidden);
    const runs = await ownRecords(client, { ...hidden, name: String(outputs["name"]) });
    const names = runs.map((record) => runRefOf(record).name).join(", ");
    if (names !== "") log.warn(`is replaced, and its runs are deleted with it: ${names}`);
  } catch (error) {
    log.warn(`is replaced, and its runs are deleted with it; which these are cannot be told: ${messageOf(error)}`);
  }
}

async function create(clusters: Clusters, context: HookContext, inputs: JobInputs): Promise<Created<JobInputs>> {
  const { client, namespace } = await openPlace(clusters, inputs);
  const name = requireName(inputs.name);
  await requireRights({ client, namespace }, context.log, "job");
  const wanted = toDefinition(name, templateOf(inputs), ownerFrom(context));
  const definition = await claim(client, namespace, {
    object: wanted,
    owner: ownerFrom(context),
    what: `job "${name}"`,
    adopt: (found) => client.replace(namespace, { ...wanted, metadata: { ...wanted.metadata, ...versionOf(found) } }),
    remove: (found) => removeJob(client, { namespace, name, uid: found.metadata.uid ?? "" }, context),
  });
  await writeSecret(client, namespace, { name, template: templateOf(inputs), definition });
  await acknowledge(client, definition, context);
  return { id: `${namespace}/${name}`, state: stateOf(inputs, definition, client.server) };
}

const versionOf = ({ metadata: { uid, resourceVersion } }: KubeObject): object => ({ uid, resourceVersion });

interface Named {
  readonly name: string;
  readonly template: JobTemplate;
  readonly definition: ConfigMap;
}

/** Brings the Secret in line with the definition's secret values. */
async function writeSecret(
  client: ClusterClient,
  namespace: string,
  { name, template, definition }: Named,
): Promise<void> {
  const wanted = toDefinitionSecret(name, template, definition);
  const found = await client.get({ kind: "Secret", namespace, name: definitionName(name) });
  if (found === undefined) {
    if (wanted !== undefined) await client.create(namespace, wanted);
    return;
  }
  // One of an earlier job of the name, which the garbage collector has not come to yet, is taken over.
  if (!isOwnedBy(found, definition) && found.metadata.labels?.[label.job] !== name) {
    if (wanted === undefined) return;
    throw new Error(
      `Secret ${namespace}/${found.metadata.name} is in the way of the secret values of job "${name}": remove it`,
    );
  }
  if (wanted === undefined)
    await client.delete({ kind: "Secret", namespace, name: found.metadata.name }, found.metadata.uid ?? "");
  else await client.replace(namespace, { ...wanted, metadata: { ...wanted.metadata, ...versionOf(found) } });
}

async function read(clusters: Clusters, { hidden, outputs }: State<JobInputs>): Promise<State<JobInputs> | undefined> {
  const { client } = await openKept(clusters, hidden);
  const definition = await client.get<ConfigMap>({
    kind: "ConfigMap",
    namespace: hidden.namespace,
    name: definitionName(String(outputs["name"])),
  });
  if (definition === undefined || definition.metadata.uid !== hidden.uid) return undefined;
  const inputs = withLiveValues(hidden.inputs, definition);
  return stateOf(inputs, definition, client.server);
}

/** The inputs with live values for the fields in which the cluster differs, and for those only. */
function withLiveValues(inputs: JobInputs, definition: ConfigMap): JobInputs {
  const spec = withDefaults(templateOf(inputs));
  const stored = { ...spec, env: toSecretReferences(spec.env, definition.metadata.name) };
  const live = readDefinition(definition);
  const differing = Object.entries(live).filter(
    ([key, value]) => stableJson(value) !== stableJson(stored[key as keyof typeof stored]),
  );
  return { ...inputs, ...Object.fromEntries(differing.filter(([key]) => key !== "arraySize")) };
}

async function update(clusters: Clusters, context: HookContext, { state, news }: Change): Promise<State<JobInputs>> {
  const { client } = await openPlace(clusters, news);
  const { namespace, uid } = state.hidden;
  const name = requireName(news.name);
  await requireRights({ client, namespace }, context.log, "job");
  const found = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: definitionName(name) });
  if (found?.metadata.uid !== uid)
    throw new Error(`job "${name}" was removed or replaced by somebody else: run \`pulumi refresh\``);
  const wanted = acknowledged(toDefinition(name, templateOf(news), ownerFrom(context)));
  const definition = await replaceUnchanged(client, namespace, {
    ...wanted,
    metadata: { ...wanted.metadata, ...versionOf(found) },
  });
  await writeSecret(client, namespace, { name, template: templateOf(news), definition });
  return stateOf(news, definition, client.server);
}

async function replaceUnchanged(client: ClusterClient, namespace: string, definition: ConfigMap): Promise<ConfigMap> {
  try {
    return await client.replace(namespace, definition);
  } catch (error) {
    if (!isConflict(error)) throw error;
    throw new Error(
      `somebody else changed ConfigMap ${namespace}/${definition.metadata.name} at the same time: run \`pulumi up\` again`,
      { cause: error },
    );
  }
}

async function remove(clusters: Clusters, context: HookContext, { hidden, outputs }: State<JobInputs>): Promise<void> {
  const { client } = await openKept(clusters, hidden);
  const job = { namespace: hidden.namespace, name: String(outputs["name"]), uid: hidden.uid };
  if (hidden.inputs.orphanRuns === true) await removeJobOnly(client, job);
  else await removeJob(client, job, context);
}

function stateOf(inputs: JobInputs, definition: ConfigMap, server: string): State<JobInputs> {
  const { uid = "", namespace = "", creationTimestamp = "" } = definition.metadata;
  const spec = withDefaults(templateOf(inputs));
  return {
    outputs: {
      ...spec,
      name: inputs.name,
      namespace,
      connection: inputs.connection,
      orphanRuns: inputs.orphanRuns ?? defaultOf("orphanRuns"),
      env: toSecretReferences(spec.env, definition.metadata.name),
      uid,
      createdAt: creationTimestamp,
      revision: revisionOf(templateOf(inputs)),
    },
    hidden: { inputs, server, namespace, uid },
  };
}
