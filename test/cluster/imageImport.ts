import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "./command.ts";
import { containerdSocket, snapshotterOf } from "./containerd.ts";
import { buildImages, type Archive } from "./images.ts";
import type { Settings } from "./settings.ts";

/** Gives containerd the images that it lacks or has with other content. */
export async function ensureImages(settings: Settings, ctr: string): Promise<void> {
  const imported = readImported(settings);
  for (const archive of await buildImages()) {
    if (imported[archive.reference] === archive.hash) continue;
    await importImage(settings, ctr, archive);
    imported[archive.reference] = archive.hash;
  }
  writeFileSync(importedFile(settings), JSON.stringify(imported, undefined, 2));
}

async function importImage(settings: Settings, ctr: string, { file }: Archive): Promise<void> {
  const command = [ctr, "--address", containerdSocket(settings), "--namespace", "k8s.io"];
  await run([...command, "images", "import", "--snapshotter", snapshotterOf(settings), file]);
}

function readImported(settings: Settings): Record<string, string> {
  const file = importedFile(settings);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Record<string, string>) : {};
}

function importedFile({ folder }: Settings): string {
  return join(folder, "images.json");
}
