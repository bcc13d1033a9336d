import { messageOf } from "../../cluster/errors";
import { type Clusters, openPlace } from "../../resources/clusters";
import { type Given, Misuse } from "./command";
import { commandHelp, mainHelp } from "./help";
import { type Parsed, parse } from "./parse";
import type { Terminal } from "./terminal";

const FAILED = 1;
/** Of `sysexits.h`: the command was used in a wrong way. */
const MISUSED = 64;

/** What the command line stands on. */
export interface Ground {
  /** The clusters to which the options lead. */
  readonly open: (given: Given) => Promise<Clusters>;
  readonly terminal: (wantsColours: boolean) => Terminal;
}

/** Does what the command line says, and returns the exit code. */
export async function run(args: readonly string[], ground: Ground): Promise<number> {
  const parsed = parse(args);
  const terminal = ground.terminal(!args.includes("--no-color"));
  if (parsed.does === "help") {
    terminal.print(parsed.command === undefined ? mainHelp() : commandHelp(parsed.command));
    return 0;
  }
  if (parsed.does === "fault") {
    for (const fault of parsed.faults) terminal.tell(`jobrun: ${fault}`);
    terminal.tell("`jobrun --help` tells of all commands, `jobrun COMMAND --help` of the options of one");
    return MISUSED;
  }
  try {
    return await obey(parsed, ground, terminal);
  } catch (error) {
    terminal.tell(`jobrun: ${messageOf(error)}`);
    return error instanceof Misuse ? MISUSED : FAILED;
  }
}

async function obey(
  { command, name, given, all, format }: Extract<Parsed, { does: "run" }>,
  { open }: Ground,
  terminal: Terminal,
): Promise<number> {
  if (command.print !== undefined) terminal.print(await command.print(name));
  if (command.load === undefined) return 0;
  const [handler, clusters] = await Promise.all([command.load(), open(given)]);
  const place = await openPlace(clusters, {});
  const commandLine = (words: string): string =>
    ["npx jobrun", words, ...placeOptions(given, place.namespace)].join(" ");
  return handler({ place, clusters, name, given, all, format, commandLine }, terminal);
}

/** The options that lead to the same place again, ready to paste. */
function placeOptions({ context, kubeconfig }: Given, namespace: string): string[] {
  const all = { namespace, context, kubeconfig };
  return Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${quoted(value)}`]));
}

const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
