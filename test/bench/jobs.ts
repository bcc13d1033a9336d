import type { Api, KubeStatus } from "./api";

/** When Kubernetes said of which Job how it ends, in milliseconds since 1970. */
export interface Verdicts {
  /** Its first word that cannot be taken back. */
  readonly decided: ReadonlyMap<string, number>;
  /** Its last word, which is all that kubectl and the peer wait for. */
  readonly ended: ReadonlyMap<string, number>;
  stop(): void;
}

const ENDS = ["Complete", "Failed"];
const DECISIONS = [...ENDS, "SuccessCriteriaMet", "FailureTarget"];

/** Watches the Jobs of the namespace, beside those that are measured. */
export async function watchVerdicts(api: Api, namespace: string): Promise<Verdicts> {
  const [decided, ended] = [new Map<string, number>(), new Map<string, number>()];
  const stop = await api.watch(`/apis/batch/v1/namespaces/${namespace}/jobs`, ({ object, at }) => {
    const { name } = object.metadata;
    if (has(object, DECISIONS) && !decided.has(name)) decided.set(name, at);
    if (has(object, ENDS) && !ended.has(name)) ended.set(name, at);
  });
  return { decided, ended, stop };
}

const has = ({ status }: KubeStatus, types: readonly string[]): boolean =>
  (status?.conditions ?? []).some((condition) => condition.status === "True" && types.includes(condition.type));
