import type { Command } from "./command";
import { commands } from "./commands";
import { commonOptions, type OptionName, optionOf } from "./options";

const USAGE = `Usage: jobrun COMMAND [NAME] [OPTIONS]

Looks at jobs and job runs of pulumi-jobrun in a Kubernetes cluster, submits runs, and deletes what is no longer wanted.`;

const EXIT_CODES = `Exit codes:
  0   done
  1   failed: the run that was waited for, or the command itself
  2   the run is not ready within the time of --timeout or --wait-timeout
  64  the command line is not understood, or nobody can be asked
  130 ended by Ctrl-C`;

/** What `jobrun --help` prints. */
export function mainHelp(): string {
  return sections([
    USAGE,
    `Commands:\n${aligned(commands.map((command) => [called(command), command.summary]))}`,
    `Options of every command:\n${optionLines(commonOptions)}`,
    "Example:\n  jobrun list --namespace shop --status failed",
    EXIT_CODES,
    "`jobrun COMMAND --help` says more of a command.",
  ]);
}

/** What `jobrun COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const { summary, options, formats, example, more } = command;
  return sections([
    `Usage: jobrun ${called(command)} [OPTIONS]`,
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.${more === undefined ? "" : `\n${more}`}`,
    ...(options.length > 0 ? [`Options:\n${optionLines(options)}`] : []),
    `Options of every command:\n${optionLines(commonOptions)}`,
    `FORMAT is one of ${formats.join(", ")}.`,
    `Example:\n  ${example}`,
  ]);
}

const called = ({ words, operand }: Command): string => (operand === undefined ? words : `${words} ${operand}`);

const sections = (parts: readonly string[]): string => `${parts.join("\n\n")}\n`;

function optionLines(names: readonly OptionName[]): string {
  return aligned(
    names.map((name) => {
      const { short, value, help } = optionOf(name);
      return [
        `${short === undefined ? "    " : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`,
        help,
      ];
    }),
  );
}

function aligned(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join("\n");
}
