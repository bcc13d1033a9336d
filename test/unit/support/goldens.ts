import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { KubeObject } from "../../../provider/core/kube/types";
import { repositoryRoot } from "../../cluster/paths.ts";
import type { allObjects } from "./objects";

/** What a golden declares: a run, and its job where it has one. */
export type Declared = Parameters<typeof allObjects>[0];

const folder = join(repositoryRoot(), "test/unit/core/manifest/golden");
const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), "utf8"));

/** The names of all goldens. */
export const goldens = readdirSync(folder).flatMap((file) => /^(.*)[.]input[.]json$/.exec(file)?.[1] ?? []);

export const readInput = (golden: string): Declared => read(`${golden}.input.json`) as Declared;

/** The objects that the golden's declaration must come to. */
export const readObjects = (golden: string): KubeObject[] => read(`${golden}.output.json`) as KubeObject[];

export function writeObjects(golden: string, objects: readonly KubeObject[]): void {
  writeFileSync(join(folder, `${golden}.output.json`), `${JSON.stringify(objects, null, 2)}\n`);
}
