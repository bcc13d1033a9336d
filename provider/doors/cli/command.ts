import type { Place } from "../../resources/clusters";
import type { Format, OptionName } from "./options";
import type { Terminal } from "./terminal";

/** The options that were given, by name. */
export type Given = Partial<Readonly<Record<OptionName, string>>>;

/** What a command is asked. */
export interface Asked {
  readonly place: Place;
  /** Empty for a command that takes none. */
  readonly name: string;
  readonly given: Given;
  readonly format: Format;
  /** Such a command line with the options that lead to the same place. */
  readonly commandLine: (words: string) => string;
}

/** Does what a command says, and returns the exit code. */
export type Handler = (asked: Asked, terminal: Terminal) => Promise<number>;

export interface Command {
  /** The words after `jobrun`. */
  readonly words: string;
  readonly summary: string;
  readonly takesName: boolean;
  readonly options: readonly OptionName[];
  readonly formats: readonly Format[];
  readonly example: string;
  /** What is to be known besides. */
  readonly more?: string;
  /** What it needs is loaded when it is called. */
  readonly load: () => Promise<Handler>;
}
