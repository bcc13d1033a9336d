import { shortHash } from "./hash";

/** Longest name of a job and of every object that is a DNS label (Kubernetes, Code Engine). */
export const JOB_NAME_LENGTH = 63;
/** Longest name of a run: leaves room for `-<index>-<retry>` (Code Engine). */
export const RUN_NAME_LENGTH = 53;
const HASH_LENGTH = 7;

/** A name from the user's logical name and a hash of `identity`, a valid DNS label of at most `limit` characters. */
export function autoName(logicalName: string, identity: unknown, limit: number): string {
  return withHash(dnsLabel(logicalName), identity, limit);
}

/** The name itself where it fits, else cut and made unique by a hash of the whole. */
export function fitName(name: string, limit: number): string {
  return name.length <= limit ? name : withHash(name, name, limit);
}

function withHash(name: string, identity: unknown, limit: number): string {
  const cut = name.slice(0, limit - HASH_LENGTH - 1).replace(/-+$/, "");
  const hash = shortHash(identity, HASH_LENGTH);
  return cut === "" ? `r${hash}`.slice(0, limit) : `${cut}-${hash}`;
}

function dnsLabel(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "");
}

/** ConfigMap and Secret of a definition. The dot keeps them apart from every job's and run's own name. */
export const definitionName = (job: string): string => `${job}.job`;
/** ConfigMap and Secret of a run: its record. */
export const recordName = (run: string): string => `${run}.jobrun`;
/** Secret with the captured logs of an attempt of a run. */
export const logsName = (run: string, attempt: number): string =>
  attempt === 1 ? `${run}.logs` : `${run}.logs-${attempt.toString()}`;
/** Workload of one index, where the run has an object for each. */
export const indexName = (run: string, index: number): string => `${run}-${index.toString()}`;
