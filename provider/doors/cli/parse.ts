import { parseArgs } from "node:util";
import { nearest } from "../../core/spec/hints";
import type { Command, Given } from "./command";
import { commands } from "./commands";
import { commonOptions, type Format, type OptionName, optionOf, options } from "./options";

/** What a command line means. */
export type Parsed =
  | { readonly does: "help"; readonly command?: Command }
  | { readonly does: "fault"; readonly faults: readonly string[] }
  | {
      readonly does: "run";
      readonly command: Command;
      readonly name: string;
      readonly given: Given;
      readonly format: Format;
    };

/** Node's own parser splits the line; which words and options there are, the tables say. */
export function parse(args: readonly string[]): Parsed {
  const { tokens, positionals } = parseArgs({ args: [...args], options, strict: false, tokens: true });
  const written = tokens.filter((token) => token.kind === "option");
  const faults = written.flatMap((option) => faultOf(option) ?? []);
  const given: Given = Object.fromEntries(written.map(({ name, value = "" }) => [name, value]));
  const asksForHelp = positionals[0] === "help" || "help" in given || positionals.length === 0;
  const words = positionals[0] === "help" ? positionals.slice(1) : positionals;
  const command = commandOf(words);
  if (command === undefined)
    return asksForHelp && words.length === 0 && faults.length === 0
      ? { does: "help" }
      : { does: "fault", faults: [...(words.length === 0 ? [] : [unknownCommand(words)]), ...faults] };
  if (asksForHelp) return { does: "help", command };
  return obeyed(command, { given, faults, names: words.slice(command.words.split(" ").length) });
}

interface Read {
  readonly given: Given;
  readonly faults: readonly string[];
  readonly names: readonly string[];
}

function obeyed(command: Command, { given, faults, names }: Read): Parsed {
  const ofOptions = faults.length > 0 ? faults : unfitFor(command, given);
  // The value of an option that is misspelt stands among the names.
  const all = ofOptions.length > 0 ? ofOptions : unfitNames(command, names);
  if (all.length > 0) return { does: "fault", faults: all };
  return { does: "run", command, name: names[0] ?? "", given, format: (given.output as Format | undefined) ?? "table" };
}

/** An option as it was written. */
interface Written {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
}

function faultOf({ name, rawName, value }: Written): string | undefined {
  if (!isOption(name)) {
    const meant = nearest(name, Object.keys(options));
    return `there is no option ${rawName}${meant === undefined ? "" : `; did you mean --${meant}?`}`;
  }
  if (optionOf(name).type === "string") return faultOfValue(name, value);
  return value === undefined ? undefined : `--${name} takes no value, got "${value}"`;
}

function faultOfValue(name: OptionName, value: string | undefined): string | undefined {
  const { value: called = "", must } = optionOf(name);
  // What begins like an option is one.
  if (value === undefined || value === "" || /^-\D/.test(value))
    return `--${name} must have a value: --${name} ${called}`;
  const rule = must?.(value);
  return rule === undefined ? undefined : `--${name} must ${rule}, got "${value}"`;
}

const isOption = (name: string): name is OptionName => Object.hasOwn(options, name);

/** The command whose words stand first. */
function commandOf(positionals: readonly string[]): Command | undefined {
  return commands.find(({ words }) => words === positionals.slice(0, words.split(" ").length).join(" "));
}

function unknownCommand([first = "", second = ""]: readonly string[]): string {
  const all = commands.map(({ words }) => words);
  const below = all.filter((words) => words.startsWith(`${first} `));
  const meant = nearest(`${first} ${second}`.trim(), all) ?? nearest(first, all);
  if (below.length > 0 && second === "") return `there is no command "${first}" alone; there is ${below.join(", ")}`;
  const called = below.length > 0 ? `${first} ${second}` : first;
  return `there is no command "${called}"${meant === undefined ? "" : `; did you mean "${meant}"?`}`;
}

/** Options of other commands, and ways to print that this one does not have. */
function unfitFor({ words, options: own, formats }: Command, given: Given): string[] {
  const allowed: readonly OptionName[] = [...own, ...commonOptions];
  const others = (Object.keys(given) as OptionName[]).filter((name) => !allowed.includes(name));
  const { output } = given;
  const unfit = output !== undefined && !formats.some((format) => format === output);
  return [
    ...others.map((name) => `"${words}" has no option --${name}`),
    ...(unfit ? [`--output of "${words}" must be one of ${formats.join(", ")}, got "${output}"`] : []),
  ];
}

function unfitNames({ words, takesName, example }: Command, [name, ...others]: readonly string[]): string[] {
  if (takesName && name === undefined) return [`"${words}" must have a name, as in \`${example}\``];
  const surplus = takesName ? others : [name, ...others].filter((word) => word !== undefined);
  return surplus.map((word) => `"${words}" takes ${takesName ? "one name" : "no name"}, got "${word}" as well`);
}
