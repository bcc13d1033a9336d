import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { moduleSource } from "./goModule.ts";

/** Files of a module, by their path in it, that a program of ours embeds as if they lay beside it. */
export type Embeds = { module: string; files: string[] };

/**
 * Writes the file that shows Go another module's files in our folder, because a program
 * can embed none from elsewhere: https://pkg.go.dev/cmd/go#hdr-Compile_packages_and_dependencies
 */
export async function writeOverlay({ module, files }: Embeds, place: { file: string; folder: string }): Promise<void> {
  const { file, folder } = place;
  const source = await moduleSource(module, folder);
  const pairs = files.map((path) => [join(folder, basename(path)), join(source, path)]);
  writeFileSync(file, JSON.stringify({ Replace: Object.fromEntries(pairs) }));
}
