import { parseArgs } from "node:util";
import { nearest } from "../../core/spec/hints";
import type { All, Command, Given } from "./command";
import { commands } from "./commands";
import { aliases, commonOptions, type Format, type OptionName, optionOf, options } from "./options";

/** What a command line means. */
export type Parsed =
  | { readonly does: "help"; readonly command?: Command }
  | { readonly does: "fault"; readonly faults: readonly string[] }
  | {
      readonly does: "run";
      readonly command: Command;
      readonly name: string;
      readonly given: Given;
      readonly all: All;
      readonly format: Format;
    };

/** Node's own parser splits the line; which words and options there are, the tables say. */
export function parse(args: readonly string[]): Parsed {
  const { positionals } = split(args);
  const words = positionals[0] === "help" ? positionals.slice(1) : positionals;
  const command = commandOf(words);
  const written = split(args, command).written;
  const faults = written.flatMap((option) => faultOf(option) ?? []);
  const given: Given = Object.fromEntries(written.map(({ name, value = "" }) => [name, value]));
  const asksForHelp = positionals[0] === "help" || "help" in given || positionals.length === 0;
  if (command === undefined)
    return asksForHelp && words.length === 0 && faults.length === 0
      ? { does: "help" }
      : { does: "fault", faults: [...(words.length === 0 ? [] : [unknownCommand(words)]), ...faults] };
  if (asksForHelp) return { does: "help", command };
  const all = Object.fromEntries(
    [...Map.groupBy(written, ({ name }) => name)].map(([name, some]) => [name, some.map(({ value = "" }) => value)]),
  );
  return obeyed(command, { given, all, faults, names: words.slice(command.words.split(" ").length) });
}

/** A short option means the command's own: `-f` follows logs, and removes without asking. */
function split(args: readonly string[], command?: Command): { positionals: string[]; written: Written[] } {
  const own: readonly string[] = [...(command?.options ?? []), ...commonOptions];
  const entries = Object.entries(options).map(([name, { type }]) => {
    const { short } = optionOf(name as OptionName);
    const isMeant = short !== undefined && (command === undefined || own.includes(name));
    return [name, { type, ...(isMeant && { short }) }] as const;
  });
  const others = Object.entries(aliases).map(([alias, name]) => [alias, { type: optionOf(name).type }] as const);
  const config = Object.fromEntries([...entries, ...others]);
  const { tokens, positionals } = parseArgs({ args: [...args], options: config, strict: false, tokens: true });
  const written = tokens
    .filter((token) => token.kind === "option")
    .map(({ name, ...token }) => ({ ...token, name: Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name }));
  return { positionals, written };
}

interface Read {
  readonly given: Given;
  readonly all: All;
  readonly faults: readonly string[];
  readonly names: readonly string[];
}

function obeyed(command: Command, { given, all, faults, names }: Read): Parsed {
  const ofOptions = faults.length > 0 ? faults : unfitFor(command, given);
  const named = isNamed(command) && given.name !== undefined ? [...names, given.name] : names;
  // The value of an option that is misspelt stands among the names.
  const unfit = ofOptions.length > 0 ? ofOptions : unfitNames(command, named);
  if (unfit.length > 0) return { does: "fault", faults: unfit };
  const format = (given.output as Format | undefined) ?? "table";
  return { does: "run", command, name: named[0] ?? "", given, all, format };
}

/** Whether a name stands behind the command's words; Code Engine gives it as an option. */
const isNamed = ({ operand = "" }: Command): boolean => operand.includes("NAME");

/** An option as it was written. */
interface Written {
  readonly name: string;
  readonly rawName: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function faultOf({ name, rawName, value, inlineValue }: Written): string | undefined {
  if (!isOption(name)) {
    const meant = nearest(name, Object.keys(options));
    return `there is no option ${rawName}${meant === undefined ? "" : `; did you mean --${meant}?`}`;
  }
  if (optionOf(name).type === "string") return faultOfValue(name, value, inlineValue === true);
  return value === undefined ? undefined : `--${name} takes no value, got "${value}"`;
}

function faultOfValue(name: OptionName, value: string | undefined, isInline: boolean): string | undefined {
  const { value: called = "", must, many } = optionOf(name);
  // What begins like an option is one, unless it hangs on its option. A word of a command may: `--argument -v`, as in Code Engine.
  const isOther = value !== undefined && /^-\D/.test(value) && !isInline;
  const isMissing = value === undefined || (many !== true && (value === "" || isOther));
  if (isMissing) return `--${name} must have a value: --${name} ${called}`;
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
function unfitFor(command: Command, given: Given): string[] {
  const { words, options: own, formats } = command;
  const allowed: readonly OptionName[] = [...own, ...commonOptions, ...(isNamed(command) ? (["name"] as const) : [])];
  const others = (Object.keys(given) as OptionName[]).filter((name) => !allowed.includes(name));
  const { output } = given;
  const unfit = output !== undefined && !formats.some((format) => format === output);
  return [
    ...others.map((name) => `"${words}" has no option --${name}`),
    ...(unfit ? [`--output of "${words}" must be one of ${formats.join(", ")}, got "${output}"`] : []),
  ];
}

function unfitNames({ words, operand, example }: Command, [first, ...others]: readonly string[]): string[] {
  const isNeeded = operand !== undefined && !operand.startsWith("[");
  if (isNeeded && first === undefined) return [`"${words}" must have a name, as in \`${example}\``];
  const surplus = operand === undefined ? [first, ...others].filter((word) => word !== undefined) : others;
  return surplus.map(
    (word) => `"${words}" takes ${operand === undefined ? "no name" : "one name"}, got "${word}" as well`,
  );
}
