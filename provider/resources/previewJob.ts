import { defined } from "../core/kube/defined";
import { definitionName } from "../core/kube/names";
import type { ObjectMeta } from "../core/kube/types";
import { toDefinition, toDefinitionSecret } from "../core/manifest/definition";
import { templateOf } from "../core/spec/jobRun";
import { outputNames } from "../core/spec/schema";
import type { JobInputs } from "../core/spec/types";
import { hasUnknown, onlyKnown, UNKNOWN } from "../core/spec/unknown";
import { ownerFrom, requireName } from "./claim";
import type { Clusters, Place } from "./clusters";
import type { HookContext, Outputs, State } from "./contract";
import { jobOutputs } from "./jobState";
import type { PlannedJobs } from "./planned";
import { requireRights } from "./rights";
import { inTrial, requireFree } from "./trial";
import { tryOut } from "./tryOut";

/** What a preview works with. */
interface Around {
  readonly clusters: Clusters;
  readonly planned: PlannedJobs;
  readonly context: HookContext;
}

/** What the creation of a job would come to. */
export async function previewJobCreate(around: Around, inputs: JobInputs): Promise<Outputs> {
  const asked = await askCluster(around, inputs);
  const namespace = asked?.namespace ?? inputs.namespace ?? UNKNOWN;
  return outputsOf(inputs, { namespace, uid: UNKNOWN, creationTimestamp: UNKNOWN });
}

/** What a change of a job would come to: its revision is known at once, and runs of it are replaced in the same preview. */
export async function previewJobUpdate(
  around: Around,
  { hidden, outputs }: State<JobInputs>,
  news: JobInputs,
): Promise<Outputs> {
  await askCluster(around, news);
  const { namespace, uid } = hidden;
  return outputsOf(news, { namespace, uid, creationTimestamp: String(outputs["createdAt"]) });
}

/** What the cluster says of the definition. */
type Made = Pick<ObjectMeta, "namespace" | "uid" | "creationTimestamp">;

function outputsOf(inputs: JobInputs, made: Made): Outputs {
  if (!hasUnknown(templateOf(inputs))) {
    const metadata = { name: definitionName(requireName(inputs.name)), ...made };
    return jobOutputs(inputs, { apiVersion: "v1", kind: "ConfigMap", metadata });
  }
  const open = Object.fromEntries(outputNames("jobrun:index:Job").map((name) => [name, UNKNOWN]));
  const { env: _env, ...known } = defined(onlyKnown(inputs));
  const { creationTimestamp: createdAt, ...place } = made;
  return { ...open, ...known, ...place, createdAt };
}

async function askCluster({ clusters, planned, context }: Around, inputs: JobInputs): Promise<Place | undefined> {
  planned.note(inputs);
  return inTrial(clusters, { inputs, log: context.log }, async (place) => {
    await requireRights(place, context.log, "job");
    if (!hasUnknown(templateOf(inputs))) await tryObjects(place, context, inputs);
    return place;
  });
}

async function tryObjects(place: Place, context: HookContext, inputs: JobInputs): Promise<void> {
  const { client, namespace } = place;
  const name = requireName(inputs.name);
  const owner = ownerFrom(context);
  const object = toDefinition(name, templateOf(inputs), owner);
  await requireFree(place, { object, owner, what: `job "${name}"` });
  await tryOut(client, namespace, object);
  const { metadata } = object;
  const secret = toDefinitionSecret(name, templateOf(inputs), { ...object, metadata: { ...metadata, uid: "trial" } });
  if (secret !== undefined) await tryOut(client, namespace, secret);
}
