import { isForbidden } from "../cluster/errors";
import type { ClusterClient } from "../cluster/port";
import type { Secret } from "../core/kube/types";
import { holdsSecrets, secretNameOf } from "../core/manifest/env";
import type { RunSpec } from "../core/spec/types";

/** The secret values that the run was given, from its Secret; undefined when that has gone or may not be read. */
export async function secretValues(
  client: ClusterClient,
  namespace: string,
  spec: RunSpec,
): Promise<readonly string[] | undefined> {
  if (!holdsSecrets(spec)) return [];
  try {
    const secret = await client.get<Secret>({ kind: "Secret", namespace, name: secretNameOf(spec) });
    return secret && Object.values(secret.data ?? {}).map((data) => Buffer.from(data, "base64").toString());
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}
