import { isByHand, type Owner } from "../manifest/owner";
import type { Column } from "./columns";
import type { ListedRun } from "./lists";

/** What a stack has in its state: an export of it (`pulumi stack export`). */
export interface StackExport {
  readonly project: string;
  readonly stack: string;
  /** UIDs of the runs in it. */
  readonly runs: ReadonlySet<string>;
}

/** A run that no stack keeps, and how that is known. */
export interface Orphan extends ListedRun {
  readonly orphanReason: string;
}

interface Facts {
  readonly uid: string;
  readonly job: string | undefined;
  readonly owner: Owner | undefined;
  /** The run still hangs on a definition that is there. */
  readonly hasJob: boolean;
  readonly exports: readonly StackExport[];
}

/** Why no stack keeps the run; undefined when that is not known. A cluster does not tell what is in a state: that takes the export. */
export function orphanReason({ uid, job, owner, hasJob, exports }: Facts): string | undefined {
  if (exports.some(({ runs }) => runs.has(uid))) return undefined;
  if (isByHand(owner)) return "submitted from the command line";
  const own = exports.find(({ project, stack }) => project === owner?.project && stack === owner.stack);
  if (own !== undefined) return `stack ${own.stack} of project ${own.project} does not have it any more`;
  return job !== undefined && !hasJob ? `its job "${job}" has gone` : undefined;
}

/** What stands behind the columns of a list. */
export const orphanColumns: readonly Column<Orphan>[] = [
  { title: "Reason", text: ({ orphanReason: reason }) => reason },
];

interface ExportedResource {
  readonly urn?: unknown;
  readonly type?: unknown;
  readonly outputs?: { readonly uid?: unknown };
}

/**
 * Reads what `pulumi stack export` has printed.
 * @throws when it is no such thing, or does not say which stack it is of.
 */
export function readStackExport(text: string): StackExport {
  const resources = resourcesOf(text);
  const [, stack, project] = /^urn:pulumi:(.+?)::(.+?)::/.exec(String(resources[0]?.urn)) ?? [];
  if (stack === undefined || project === undefined)
    throw new Error("the export holds no resources, and so does not say which stack it is of");
  const uids = resources
    .filter(({ type }) => /(^|[:/])JobRun$/.test(String(type)))
    .map(({ urn, outputs }) => uidOf(String(urn), outputs?.uid));
  return { project, stack, runs: new Set(uids) };
}

function resourcesOf(text: string): readonly ExportedResource[] {
  try {
    const { deployment } = JSON.parse(text) as { deployment: { resources?: readonly ExportedResource[] | null } };
    return deployment.resources ?? [];
  } catch {
    throw new Error("must be what `pulumi stack export` prints, and is not");
  }
}

function uidOf(urn: string, uid: unknown): string {
  if (typeof uid === "string") return uid;
  throw new Error(`the export does not tell the output \`uid\` of ${urn}`);
}
