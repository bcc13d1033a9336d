import { isBadRequest, isNotFound, messageOf } from "../cluster/errors";
import { containerName } from "../core/manifest/podTemplate";
import { typeDefault } from "../core/spec/schema";
import type { JobRunInputs, RunSpec } from "../core/spec/types";
import { maskSecrets } from "../core/status/mask";
import type { Teller } from "../core/status/tails";
import type { Place } from "./clusters";

/** Reads the last lines of a log, secret values masked. */
export type LogReader = (teller: Teller) => Promise<string>;

interface Asked {
  readonly spec: RunSpec;
  readonly inputs: JobRunInputs;
  /** Undefined when they may not be read. */
  readonly secrets: readonly string[] | undefined;
}

/** How the logs of a run are read; undefined when none are wanted, or none may be read, which is told before a run begins. */
export async function logReader(
  { client, namespace }: Pick<Place, "client" | "namespace">,
  { spec, inputs, secrets }: Asked,
): Promise<LogReader | undefined> {
  const lines = inputs.logs?.tailLines ?? Number(typeDefault("Logs", "tailLines"));
  // What cannot be masked is not shown.
  if (lines === 0 || secrets === undefined) return undefined;
  const missing = await client.missingRights(namespace, [{ verb: "get", apiGroup: "", resource: "pods/log" }]);
  if (missing.length > 0) return undefined;
  const container = containerName(spec);
  return async ({ pod, previous }) =>
    maskSecrets(await client.logs(namespace, pod.name, { container, lines, previous }), secrets);
}

/** Why there is no text of a pod's log. */
export function whyNotRead(error: unknown): string {
  if (isNotFound(error)) return "it was deleted before its log could be read";
  // The kubelet removes the containers of a pod that it evicts.
  if (isBadRequest(error)) return "its container has gone, and its log with it";
  return messageOf(error);
}
