import { resubmission } from "../../resources/resubmission";
import { type Handler, Misuse } from "./command";
import { nameOf, submitted } from "./submit";

/** `jobrun resubmit`: the first name is that of the run that is repeated, `--as` that of the new one. */
export const resubmitHandler: Handler = async (asked, terminal) => {
  const { place, clusters, name, given } = asked;
  const wanted = { name, failedOnly: given.failed !== undefined };
  const again = await resubmission({ clusters, place }, wanted, { warn: terminal.tell });
  const next = given.as ?? nameOf(again.inputs);
  if (next === undefined) throw new Misuse(`job run "${name}" is stand-alone: --as must say how the new one is called`);
  return submitted({ ...asked, clusters: again.clusters }, terminal, { ...again.inputs, name: next });
};
