import { ClusterError } from "../cluster/errors";
import { containerName } from "../core/manifest/podTemplate";
import { typeDefault } from "../core/spec/schema";
import type { JobRunInputs, RunSpec } from "../core/spec/types";
import type { RunView } from "../core/status/runStatus";
import { tailText, tellersOf } from "../core/status/tails";
import type { RunStatus } from "../core/status/types";
import type { Place } from "./clusters";
import { secretValues } from "./secretValues";

interface Failed {
  readonly spec: RunSpec;
  readonly inputs: JobRunInputs;
  readonly seen: RunView & RunStatus;
}

/** What the programs of a failed run printed last, a text an index. Fetched at once: after a deadline, pods vanish. */
export async function fetchTails({ client, namespace }: Place, { spec, inputs, seen }: Failed): Promise<string[]> {
  const lines = inputs.logs?.tailLines ?? Number(typeDefault("Logs", "tailLines"));
  const tellers = lines === 0 ? [] : tellersOf(seen);
  if (tellers.length === 0) return [];
  const secrets = await secretValues(client, namespace, spec);
  // What cannot be masked is not shown.
  if (secrets === undefined) return [];
  const tails = tellers.map(async ({ pod, previous }) => {
    try {
      const log = await client.logs(namespace, pod.name, { container: containerName(spec), lines, previous });
      return [tailText(pod, log, secrets)];
    } catch (error) {
      // A log that has gone with its pod, or may not be read, must not hide the verdict.
      if (error instanceof ClusterError) return [];
      throw error;
    }
  });
  return (await Promise.all(tails)).flat();
}
