import { recordName } from "../core/kube/names";
import type { ConfigMap } from "../core/kube/types";
import { secretNameOf } from "../core/manifest/env";
import { readRecord } from "../core/manifest/record";
import { attemptOf } from "../core/spec/attempt";
import { givenRun } from "../core/spec/given";
import type { JobRunInputs } from "../core/spec/types";
import { type Clusters, openPlace } from "./clusters";
import type { HookContext, State } from "./contract";
import { liveDefinition, withSecretValues } from "./liveDefinition";
import { readId } from "./readId";
import { readRun } from "./readRun";
import { recordReader } from "./recordReader";

/** The state of a run that is in the cluster: the inputs are what would make it again of its job as that is now. */
export async function adoptRun(
  clusters: Clusters,
  context: Pick<HookContext, "log" | "signal">,
  id: string,
): Promise<State<JobRunInputs> | undefined> {
  const { namespace, name } = readId(id);
  const { client, settings } = await openPlace(clusters, {});
  const place = { client, namespace };
  const record = await client.get<ConfigMap>({ kind: "ConfigMap", namespace, name: recordName(name) });
  if (record === undefined) return undefined;
  const { spec } = readRecord(record);
  const advice = `the run cannot be taken over without its secret values; delete it, and let \`pulumi up\` make it anew`;
  const whole = await withSecretValues(client, spec, { secret: { namespace, name: secretNameOf(spec) }, advice });
  const job = spec.job === undefined ? undefined : await liveDefinition(place, spec.job);
  const inputs = givenRun({ namespace }, whole, job);
  const { uid = "" } = record.metadata;
  const hidden = { inputs, server: client.server, namespace, uid, started: true };
  return readRun(
    { client, settings, findRecord: recordReader() },
    { outputs: { name, attempt: attemptOf(spec) }, hidden },
    context,
  );
}
