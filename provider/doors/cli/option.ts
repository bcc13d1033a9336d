/** An option of the command line. */
export interface Option {
  readonly type: "string" | "boolean";
  readonly short?: string;
  /** How the help calls its value. */
  readonly value?: string;
  readonly help: string;
  /** The rest of the sentence "must …", for a value that is not fit. */
  readonly must?: (value: string) => string | undefined;
  /** May be given several times. */
  readonly many?: true;
}
