import { isByHand, type Owner, ownerText } from "../../core/manifest/owner";
import type { HookContext } from "../../resources/contract";
import { findJob, findRun, type FoundRun } from "../../resources/foundByName";
import { removeJob, removeJobOnly } from "../../resources/removeJob";
import { removeRun } from "../../resources/removeRun";
import { type Asked, type Handler, Misuse } from "./command";
import { contextOf } from "./context";
import type { Terminal } from "./terminal";

/** `jobrun delete`. */
export const deleteRunHandler: Handler = async (asked, terminal) => {
  const { place, name } = asked;
  const { ref, owner } = await findRun(place, name);
  const what = { called: `job run '${name}'`, goes: [`job run '${name}', ${belonging(owner)}`], owners: [owner] };
  return confirmed(what, { asked, terminal }, (context) => removeRun(place.client, ref, context));
};

/** `jobrun job delete`. */
export const deleteJobHandler: Handler = async (asked, terminal) => {
  const { place, name, given } = asked;
  const { ref, owner, runs } = await findJob(place, name);
  const keepsRuns = given["orphan-job-runs"] !== undefined;
  const going = keepsRuns ? [] : runs;
  const goes = [`job '${name}', ${belonging(owner)}`, ...going.map(runLine)];
  const what = { called: `job '${name}'`, goes, owners: [owner, ...going.map((run) => run.owner)] };
  const remove = keepsRuns ? removeJobOnly : removeJob;
  return confirmed(what, { asked, terminal }, (context) => remove(place.client, ref, context));
};

/** What is to be removed. */
interface Going {
  readonly called: string;
  /** A line for each thing that goes. */
  readonly goes: readonly string[];
  readonly owners: readonly (Owner | undefined)[];
}

const runLine = ({ ref, owner }: FoundRun): string => `  its run '${ref.name}', ${belonging(owner)}`;

const belonging = (owner: Owner | undefined): string =>
  owner === undefined ? "of which nobody says who made it" : `of ${ownerText(owner)}`;

async function confirmed(
  { called, goes, owners }: Going,
  { asked, terminal }: { asked: Asked; terminal: Terminal },
  remove: (context: HookContext) => Promise<void>,
): Promise<number> {
  const { place, given, format, name } = asked;
  const { tell, print, ask } = terminal;
  for (const line of goes) tell(line);
  if (owners.some((owner) => owner !== undefined && !isByHand(owner)))
    tell(
      "A stack that declares any of these still has it in its state: take it out of the program, else the next `pulumi up` may make it again.",
    );
  if (given.force === undefined) {
    if (ask === undefined)
      throw new Misuse(`${called} is not deleted: there is no terminal to ask at; --force deletes without asking`);
    if (!(await ask(`Delete ${called} in namespace ${place.namespace}?`))) {
      tell("nothing was deleted");
      return 1;
    }
  }
  if (format === "table") print(`Deleting ${called}...\n`);
  await remove(contextOf(terminal));
  print(format === "table" ? "OK\n" : `${name}\n`);
  return 0;
}
