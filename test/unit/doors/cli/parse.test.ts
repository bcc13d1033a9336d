import { commands } from "../../../../provider/doors/cli/commands";
import { commandHelp, mainHelp } from "../../../../provider/doors/cli/help";
import { parse } from "../../../../provider/doors/cli/parse";

const words = (line: string): string[] => line.split(" ").filter(Boolean);

describe("a command line", () => {
  test.each([
    ["list", { words: "list", name: "", format: "table", given: {} }],
    ["job list -n shop", { words: "job list", given: { namespace: "shop" } }],
    ["job get report -o yaml", { words: "job get", name: "report", format: "yaml" }],
    ["--context there get nightly", { words: "get", name: "nightly", given: { context: "there" } }],
    ["logs nightly --index=3 --tail 10 --previous", { words: "logs", given: { index: "3", tail: "10", previous: "" } }],
    ["submit --command sh --argument -c --argument=-x", { all: { command: ["sh"], argument: ["-c", "-x"] } }],
    ["list --no-color", { given: { "no-color": "" } }],
  ])("[U] %s is understood", (line, meant) => {
    const parsed = parse(words(line));
    expect(parsed.does).toBe("run");
    const { command, ...rest } = parsed as Extract<typeof parsed, { does: "run" }>;
    expect({ words: command.words, ...rest }).toMatchObject(meant);
  });

  test.each([
    ["lst", ['there is no command "lst"; did you mean "list"?']],
    ["job", ['there is no command "job" alone; there is job list, job get, job delete']],
    ["job gt nightly", ['there is no command "job gt"; did you mean "job get"?']],
    ["frobnicate", ['there is no command "frobnicate"']],
    ["get", ['"get" must have a name, as in `jobrun get report-run`']],
    ["get a b", ['"get" takes one name, got "b" as well']],
    ["list a", ['"list" takes no name, got "a" as well']],
    ["list --stats failed", ["there is no option --stats; did you mean --status?"]],
    ["list -x", ["there is no option -x"]],
    ["list --job", ["--job must have a value: --job JOB"]],
    ["list --job --status failed", ["--job must have a value: --job JOB"]],
    [
      "list --status faild",
      [expect.stringMatching(/^--status must be one of .* \(did you mean failed\?\), got "faild"$/)],
    ],
    ["list --no-color=1", ['--no-color takes no value, got "1"']],
    ["list --previous", ['"list" has no option --previous']],
    ["list -o jsn", ['--output must be one of table, wide, json, yaml, name (did you mean json?), got "jsn"']],
    ["logs a -o name", ['--output of "logs" must be one of table, json, yaml, got "name"']],
    [
      "logs a --index x --tail y",
      ['--index must be a whole number, 0 or more, got "x"', '--tail must be a whole number, 0 or more, got "y"'],
    ],
    ["wait a --timeout 5", ['--timeout must be a time such as 90s, 5m or 1h30m, got "5"']],
    ["list --constructor x", ["there is no option --constructor"]],
  ])("[U] %s is a fault", (line, faults) => {
    expect(parse(words(line))).toEqual({ does: "fault", faults });
  });

  test.each([
    ["", undefined],
    ["--help", undefined],
    ["help", undefined],
    ["help job get", "job get"],
    ["list --help", "list"],
    ["logs -h", "logs"],
  ])("[U] %j asks for help", (line, command) => {
    const parsed = parse(words(line));
    expect(parsed.does).toBe("help");
    expect((parsed as { command?: { words: string } }).command?.words).toBe(command);
  });
});

describe("the help", () => {
  test("[U] names every command and the exit codes", () => {
    for (const { words } of commands) expect(mainHelp()).toContain(`\n  ${words} `);
    expect(mainHelp()).toMatch(/\n {2}0 .*\n {2}1 .*\n {2}2 .*\n {2}64 /);
  });

  test.each(commands.map((command) => [command.words, command] as const))(
    "[U] of %s has an example, which is understood, and all its options",
    (_words, command) => {
      const text = commandHelp(command);
      expect(text).toContain(`Example:\n  ${command.example}\n`);
      expect(parse(command.example.split(" ").slice(1))).toMatchObject({ does: "run", command });
      for (const option of command.options) expect(text).toContain(`--${option}`);
    },
  );
});
