import type { Clusters, Place } from "../../resources/clusters";
import type { Format, OptionName } from "./options";
import type { Terminal } from "./terminal";

/** The options that were given, by name. */
export type Given = Partial<Readonly<Record<OptionName, string>>>;

/** All values of the options that were given, in their order. */
export type All = Partial<Readonly<Record<OptionName, readonly string[]>>>;

/** What a command is asked. */
export interface Asked {
  readonly place: Place;
  /** Empty for a command that takes none, or was given none. */
  readonly name: string;
  readonly given: Given;
  readonly all: All;
  readonly format: Format;
  /** Where the place came from, for hooks. */
  readonly clusters: Clusters;
  /** Such a command line with the options that lead to the same place. */
  readonly commandLine: (words: string) => string;
}

/** Does what a command says, and returns the exit code. */
export type Handler = (asked: Asked, terminal: Terminal) => Promise<number>;

export interface Command {
  /** The words after `jobrun`. */
  readonly words: string;
  readonly summary: string;
  /** What stands behind the words, such as `NAME`; in brackets what may be left out. */
  readonly operand?: string;
  readonly options: readonly OptionName[];
  readonly formats: readonly Format[];
  readonly example: string;
  /** What is to be known besides. */
  readonly more?: string;
  /** What it needs is loaded when it is called. */
  readonly load?: () => Promise<Handler>;
  /** What it prints, of one that needs no cluster. */
  readonly print?: (operand: string) => Promise<string>;
}

/** What was asked for cannot be meant: the command line is at fault, and not the cluster. */
export class Misuse extends Error {
  override readonly name = "Misuse";
}
