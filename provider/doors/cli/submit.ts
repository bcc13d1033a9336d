import { randomInt } from "node:crypto";
import { RUN_NAME_LENGTH } from "../../core/kube/names";
import type { JobRunInputs } from "../../core/spec/types";
import type { CheckFailure } from "../../core/spec/validate";
import { jobFailures, type Submission, submissionFailures, submitRun } from "../../resources/submitRun";
import { type Asked, type Handler, Misuse } from "./command";
import { printAs } from "./printable";
import { faultText, runInputsOf } from "./runInputs";
import type { Terminal } from "./terminal";
import { parseSeconds, waitAndPrint } from "./wait";

/** `jobrun submit`. */
export const submitHandler: Handler = async (asked, terminal) => {
  const { given, all } = asked;
  const inputs = runInputsOf(given, all);
  const name = given.name ?? nameOf(inputs);
  if (name === undefined) throw new Misuse("`submit` must have --job, or --name and --image");
  return submitted(asked, terminal, { ...inputs, name });
};

/** Submits the run, and waits for it where that is asked for. */
export async function submitted(asked: Asked, terminal: Terminal, inputs: Submission): Promise<number> {
  const { clusters, given, format } = asked;
  const { tell, print } = terminal;
  const caller = { signal: terminal.interrupted(), log: { status: tell, info: tell, warn: tell } };
  const misuse = await submissionFailures(clusters, inputs, caller);
  if (misuse.length > 0) throw new Misuse(textOf(misuse));
  const unfit = await jobFailures(clusters, inputs);
  if (unfit.length > 0) throw new Error(textOf(unfit));
  if (format === "table") print(`Submitting job run '${inputs.name}'...\n`);
  const { state } = await submitRun(clusters, inputs, caller);
  if (given.wait !== undefined)
    return waitAndPrint({ ...asked, name: inputs.name }, terminal, { ...caller, seconds: secondsOf(asked) });
  const hint = `\`${asked.commandLine(`get ${inputs.name}`)}\` shows how far it is.`;
  await printAs({ data: state.outputs, names: [inputs.name], blocks: () => [[hint, "OK"]] }, asked, terminal);
  return 0;
}

const textOf = (failures: readonly CheckFailure[]): string => failures.map(faultText).join("\n");

/** As long as Code Engine waits. */
const WAIT_SECONDS = 600;

const secondsOf = ({ given }: Asked): number => parseSeconds(given["wait-timeout"]) ?? WAIT_SECONDS;

const SUFFIX_LENGTH = 5;
const CHARACTERS = "0123456789abcdefghijklmnopqrstuvwxyz";

/** A name for a run of a job, as Code Engine makes it; a stand-alone run must be given one. */
export function nameOf({ job }: Pick<JobRunInputs, "job">): string | undefined {
  if (job === undefined) return undefined;
  const random = Array.from({ length: SUFFIX_LENGTH }, () => CHARACTERS[randomInt(CHARACTERS.length)]).join("");
  const end = `-jobrun-${random}`;
  return job.slice(0, RUN_NAME_LENGTH - end.length).replace(/-+$/, "") + end;
}
