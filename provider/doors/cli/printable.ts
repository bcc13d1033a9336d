import type { Asked } from "./command";
import type { Lines } from "./layout";
import { document } from "./layout";
import type { Terminal } from "./terminal";

/** What a command has found, for every way to print it. */
export interface Printable {
  /** For programs. */
  readonly data: unknown;
  readonly names: readonly string[];
  /** For people. */
  readonly blocks: (look: Look) => readonly Lines[];
}

/** How people want to see it. */
export interface Look {
  readonly wide: boolean;
  readonly paint: Terminal["paint"];
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Prints it as the user wants it. */
export async function printAs(
  { data, names, blocks }: Printable,
  { format }: Pick<Asked, "format">,
  { print, paint, now }: Terminal,
): Promise<void> {
  if (format === "json") print(`${JSON.stringify(data, null, 2)}\n`);
  else if (format === "yaml") print(await toYaml(data));
  else if (format === "name") print(names.map((name) => `${name}\n`).join(""));
  else print(document(blocks({ wide: format === "wide", paint, now: now() })));
}

/** As JSON has it: what is undefined is left out. */
async function toYaml(data: unknown): Promise<string> {
  const { dump } = await import("js-yaml");
  return dump(JSON.parse(JSON.stringify(data)), { lineWidth: -1, noRefs: true });
}
