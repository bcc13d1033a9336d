import { type Command, Misuse } from "./command";
import { commonOptions, formats, type OptionName, optionOf } from "./options";
import { shells } from "./shells";

/** The script that makes a shell complete command lines, from the tables that make the help. */
export function completionScript(shell: string, commands: readonly Command[]): string {
  if (shell === "bash") return bash(commands);
  // The functions of bash do in zsh as well.
  if (shell === "zsh") return `autoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`;
  if (shell === "fish") return fish(commands);
  throw new Misuse(`completion is for one of ${shells.join(", ")}, got "${shell}"`);
}

/** What may stand first, or second, behind `job`. */
const wordsAt = (position: number, commands: readonly Command[]): string =>
  [...new Set(commands.flatMap(({ words }) => words.split(" ")[position] ?? []))].join(" ");

const optionsOf = ({ options, operand }: Command): readonly OptionName[] => [
  ...new Set([...options, ...commonOptions, ...(operand?.includes("NAME") === true ? (["name"] as const) : [])]),
];

function bash(commands: readonly Command[]): string {
  const cases = commands
    .filter(({ words }) => words !== "completion")
    .toSorted((a, b) => b.words.length - a.words.length)
    .map((command) => {
      const options = optionsOf(command).map((name) => `--${name}`);
      return `    "${command.words}"*) choices="${options.join(" ")}" ;;`;
    });
  return `_jobrun() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" choices="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] || words="\${words:+$words }$word"
  done
  case "$words" in
${cases.join("\n")}
    "completion"*) choices="${shells.join(" ")}" ;;
    "job") choices="${wordsAt(1, commands)}" ;;
    "") choices="${wordsAt(0, commands)}" ;;
  esac
  [[ $before == -o || $before == --output ]] && choices="${formats.join(" ")}"
  COMPREPLY=($(compgen -W "$choices" -- "$current"))
}
complete -F _jobrun jobrun
`;
}

function fish(commands: readonly Command[]): string {
  const lines = commands.flatMap((command) => {
    const [first = "", second] = command.words.split(" ");
    const place = second === undefined ? "__fish_use_subcommand" : `__fish_seen_subcommand_from ${first}`;
    const seen = `__fish_seen_subcommand_from ${second ?? first}`;
    return [
      `complete -c jobrun -n "${place}" -a ${second ?? first} -d ${quoted(command.summary)}`,
      ...optionsOf(command).map((name) => `complete -c jobrun -n "${seen}" ${fishOption(name)}`),
    ];
  });
  const job = `complete -c jobrun -n "__fish_use_subcommand" -a job`;
  const values = `complete -c jobrun -n "__fish_seen_subcommand_from completion" -a "${shells.join(" ")}"`;
  return `${["complete -c jobrun -f", job, ...lines, values].join("\n")}\n`;
}

function fishOption(name: OptionName): string {
  const { short, value, help } = optionOf(name);
  return `${short === undefined ? "" : `-s ${short} `}-l ${name} ${value === undefined ? "" : "-r "}-d ${quoted(help)}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`\'`)}'`;
