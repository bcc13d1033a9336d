import { readFileSync } from "node:fs";
import { messageOf } from "../../cluster/errors";
import { runColumns } from "../../core/report/lists";
import { orphanColumns, readStackExport, type StackExport } from "../../core/report/orphans";
import { listOrphans } from "../../resources/listOrphans";
import type { Wanted } from "../../resources/listRuns";
import { type Asked, Misuse } from "./command";
import { table } from "./layout";
import { type Look, printAs } from "./printable";
import type { Terminal } from "./terminal";

/** `jobrun list --orphans`. */
export async function listOrphaned(asked: Asked, terminal: Terminal, wanted: Wanted): Promise<number> {
  const { place, all } = asked;
  const exports = (all["stack-file"] ?? []).map(readExport);
  const runs = await listOrphans(place, { ...wanted, exports }, { warn: terminal.tell });
  if (runs.length === 0)
    terminal.tell(`there is no job run in namespace ${place.namespace} of which it is known that no stack keeps it`);
  const columns = (now: number) => [...runColumns(now), ...orphanColumns];
  const blocks = (look: Look) => [table(columns(look.now), runs, look)];
  await printAs({ data: runs, names: runs.map(({ name }) => name), blocks }, asked, terminal);
  return 0;
}

/** `-` is the standard input. */
function readExport(path: string): StackExport {
  try {
    return readStackExport(readFileSync(path === "-" ? 0 : path, "utf8"));
  } catch (error) {
    throw new Misuse(`--stack-file ${path}: ${messageOf(error)}`);
  }
}
