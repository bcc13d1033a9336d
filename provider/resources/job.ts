import { messageOf } from "../cluster/errors";
import { definitionName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { lostSecrets, withLiveValues } from "../core/diff/drift";
import { readDefinition, toDefinition } from "../core/manifest/definition";
import { jobChanged } from "../core/diff/job";
import { checkJob } from "../core/spec/check";
import { templateOf } from "../core/spec/jobRun";
import { withDefaults } from "../core/spec/template";
import type { JobInputs, TemplateSpec } from "../core/spec/types";
import { acknowledge, acknowledged, claim, findAbandoned, ownerFrom, requireName } from "./claim";
import { type Clusters, movesTo, openKept, openPlace, orForget, strictness } from "./clusters";
import type { Created, DiffResult, HookContext, ResourceHooks, State } from "./contract";
import { liveSecretData, writeSecret } from "./definitionSecret";
import { jobState } from "./jobState";
import { adoptJob } from "./adoptJob";
import { plannedJobs } from "./planned";
import { previewJobCreate, previewJobUpdate } from "./previewJob";
import { ownRecords, removeJob, removeJobOnly } from "./removeJob";
import { runRefOf } from "./removeRun";
import { replaceUnchanged } from "./replace";
import { requireRights } from "./rights";

/** The hooks of `Job`: a definition that is kept as a ConfigMap and starts nothing. */
export function jobHooks(clusters: Clusters, planned = plannedJobs()): ResourceHooks<JobInputs> {
  return {
    check: async (context, olds, news) => checkJob(olds, news, { ...context, ...(await strictness(clusters)) }),
    diff: (context, state, news) => diff(clusters, context, { state, news }),
    create: (context, inputs) => create(clusters, context, inputs),
    previewCreate: (context, inputs) => previewJobCreate({ clusters, planned, context }, inputs),
    read: (context, state) => read(clusters, context, state),
    adopt: (context, id) => adoptJob(clusters, id, (state) => read(clusters, context, state)),
    update: (context, state, news) => update(clusters, context, { state, news }),
    previewUpdate: (context, state, news) => previewJobUpdate({ clusters, planned, context }, state, news),
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
  const { object: definition } = await claim<ConfigMap>(client, namespace, {
    object: wanted,
    owner: ownerFrom(context),
    what: `job "${name}"`,
    adopt: (found) => replaceUnchanged(client, namespace, { wanted, found }),
    remove: (found) => removeJob(client, { namespace, name, uid: found.metadata.uid ?? "" }, context),
  });
  await writeSecret(client, namespace, { name, template: templateOf(inputs), definition });
  await acknowledge(client, definition, context);
  return { id: `${namespace}/${name}`, state: jobState(inputs, definition, client.server) };
}

async function read(
  clusters: Clusters,
  { log }: HookContext,
  { hidden, outputs }: State<JobInputs>,
): Promise<State<JobInputs> | undefined> {
  const { client } = await openKept(clusters, hidden);
  const { namespace, uid } = hidden;
  const name = definitionName(String(outputs["name"]));
  const { env } = withDefaults(templateOf(hidden.inputs));
  const [definition, secretData] = await Promise.all([
    client.get<ConfigMap>({ kind: "ConfigMap", namespace, name }),
    liveSecretData(client, { namespace, name }, env),
  ]);
  // One that is being deleted takes no more changes: the next `up` waits for its end and makes a new one.
  if (definition?.metadata.uid !== uid || definition.metadata.deletionTimestamp !== undefined) return undefined;
  const template = readable(definition, log);
  // Pulumi does not show what differs in a secret.
  const lost = lostSecrets(env, secretData).join(", ");
  if (lost !== "")
    log.warn(
      `somebody has changed the secret values of ${lost} in Secret ${namespace}/${name}, and \`pulumi up\` will write them anew`,
    );
  const inputs = withLiveValues(hidden.inputs, { name, template, secretData });
  return jobState(inputs, definition, client.server);
}

/** What somebody has made unreadable differs in everything, and the next `up` writes it anew. */
function readable(definition: ConfigMap, log: HookContext["log"]): TemplateSpec | undefined {
  try {
    return withDefaults(readDefinition(definition));
  } catch (error) {
    log.warn(`somebody has changed the definition, and \`pulumi up\` will write it anew: ${messageOf(error)}`);
    return undefined;
  }
}

async function update(clusters: Clusters, context: HookContext, { state, news }: Change): Promise<State<JobInputs>> {
  const { client } = await openPlace(clusters, news);
  const { namespace, uid } = state.hidden;
  const name = requireName(news.name);
  await requireRights({ client, namespace }, context.log, "job");
  const found = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: definitionName(name) });
  if (found?.metadata.uid !== uid)
    throw new Error(`job "${name}" was removed or replaced by somebody else: run \`pulumi refresh\``);
  if (found.metadata.deletionTimestamp !== undefined)
    throw new Error(
      `job "${name}" is being deleted by somebody else: run \`pulumi up --refresh\`, which makes it anew`,
    );
  const wanted = acknowledged(toDefinition(name, templateOf(news), ownerFrom(context)));
  const definition = await replaceUnchanged(client, namespace, { wanted, found });
  await writeSecret(client, namespace, { name, template: templateOf(news), definition });
  return jobState(news, definition, client.server);
}

async function remove(clusters: Clusters, context: HookContext, { hidden, outputs }: State<JobInputs>): Promise<void> {
  const { client } = await openKept(clusters, hidden);
  const { namespace, uid } = hidden;
  const name = String(outputs["name"]);
  const removeOne = hidden.inputs.orphanRuns === true ? removeJobOnly : removeJob;
  await removeOne(client, { namespace, name, uid }, context);
  const definition = { kind: "ConfigMap", namespace, name: definitionName(name) } as const;
  const abandoned = await findAbandoned(client, definition, ownerFrom(context));
  if (abandoned !== undefined) await removeOne(client, { namespace, name, uid: abandoned.metadata.uid ?? "" }, context);
}
