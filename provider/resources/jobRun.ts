import { refOf } from "../cluster/kinds";
import type { ClusterClient } from "../cluster/port";
import { recordName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { diffRun } from "../core/diff/jobRun";
import { owedWork } from "../core/diff/owedWork";
import { readRecord } from "../core/manifest/record";
import { type Owner, ownerOf, sameOwner, toOwnerMark } from "../core/manifest/owner";
import { checkRun } from "../core/spec/check";
import { runName } from "../core/spec/jobRun";
import type { JobRunInputs } from "../core/spec/types";
import { ownerFrom } from "./claim";
import { type Clusters, movesTo, openKept, openPlace, strictness } from "./clusters";
import type { Created, DiffResult, HookContext, ResourceHooks, State } from "./contract";
import { finishRun } from "./finishRun";
import { readRun } from "./readRun";
import { removeRun } from "./removeRun";
import { claimRun, composeRun } from "./startRun";

/** The hooks of `JobRun`: one run, from its record to its verdict. */
export function jobRunHooks(clusters: Clusters): ResourceHooks<JobRunInputs> {
  // A refresh calls `read` and then `diff` to show drift; an `up` calls `check` before `diff`. The note tells them apart.
  const refreshed = new Map<string, readonly string[]>();
  return {
    check: async (context, olds, news) => {
      refreshed.delete(context.identity.urn);
      return checkRun(olds, news, { ...context, ...(await strictness(clusters)) });
    },
    diff: (context, state, news) =>
      diff({ clusters, context, drift: refreshed.get(context.identity.urn) }, state, news),
    create: (context, inputs) => create(clusters, context, inputs),
    read: async (context, state) => {
      const { client } = await openKept(clusters, state.hidden);
      const found = await readRun(client, state, context.log);
      refreshed.set(context.identity.urn, found === undefined ? ["status"] : []);
      return found;
    },
    update: (context, state, news) => update({ clusters, context }, state, news),
    delete: async (context, { hidden, outputs }) => {
      const { client } = await openKept(clusters, hidden);
      await removeRun(client, { namespace: hidden.namespace, name: String(outputs["name"]), uid: hidden.uid }, context);
    },
  };
}

interface DiffContext {
  readonly clusters: Clusters;
  readonly context: HookContext;
  /** What a refresh has just found to differ; undefined outside a refresh. */
  readonly drift: readonly string[] | undefined;
}

async function diff(
  { clusters, context, drift }: DiffContext,
  state: State<JobRunInputs>,
  news: JobRunInputs,
): Promise<DiffResult> {
  if (drift !== undefined) return { changes: drift.length > 0, replaces: [], deleteBeforeReplace: false };
  const { hidden } = state;
  const { replaces, why, touched } = diffRun(hidden.inputs, news);
  const moves = await movesTo(clusters, hidden, news);
  const owed = owedWork({ ...hidden, status: state.outputs["status"] }, news);
  if (why.length > 0) context.log.info(`will run again: ${why.join(", ")}`);
  else if (owed !== undefined) context.log.info(owed.reason);
  return {
    changes: replaces.length + moves.length > 0 || touched || owed !== undefined,
    replaces: [...replaces, ...moves, ...(owed?.again === true ? ["onFailure"] : [])],
    deleteBeforeReplace: moves.length === 0 && nextName(context, hidden.inputs, news) === hidden.inputs.name,
  };
}

async function create(clusters: Clusters, context: HookContext, inputs: JobRunInputs): Promise<Created<JobRunInputs>> {
  const place = await openPlace(clusters, inputs);
  const { spec, record } = await claimRun(place, context, inputs);
  const facts = { inputs, spec, record, server: place.client.server, started: false, reached: false };
  return finishRun({ place, context, facts, waitSeconds: context.timeouts.create });
}

async function update(
  { clusters, context }: { clusters: Clusters; context: HookContext },
  { hidden, outputs }: State<JobRunInputs>,
  news: JobRunInputs,
): Promise<State<JobRunInputs>> {
  const { client, settings } = await openPlace(clusters, news);
  const { namespace, uid, started = false, reached = false } = hidden;
  const name = String(outputs["name"]);
  const record = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: recordName(name) });
  if (record?.metadata.uid !== uid)
    throw new Error(`the record of job run "${name}" is gone: run \`pulumi refresh\`, then \`pulumi up\``);
  const place = { client, namespace, settings };
  await markOwner(client, record, ownerFrom(context));
  const { spec } = started ? readRecord(record) : await composeRun(place, news);
  const facts = { inputs: news, spec, record, server: client.server, started, reached };
  const waitSeconds = context.timeouts.update ?? context.timeouts.create;
  return (await finishRun({ place, context, facts, waitSeconds })).state;
}

/** After an alias or another parent the run belongs to the same resource under another name. */
async function markOwner(client: ClusterClient, record: ConfigMap, owner: Owner): Promise<void> {
  if (sameOwner(ownerOf(record), owner)) return;
  const { namespace = "" } = record.metadata;
  await client.patch(refOf(namespace, record), { metadata: { annotations: toOwnerMark(owner) } });
}

/** The name of the run that takes this one's place: an automatic name is made anew, from what shapes the new one. */
function nextName({ identity }: HookContext, before: JobRunInputs, after: JobRunInputs): string | undefined {
  const automatic = ({ name: _name, ...inputs }: JobRunInputs): string | undefined => runName(inputs, {}, identity);
  return automatic(before) === before.name ? automatic(after) : after.name;
}
