import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isGone } from "./processes.ts";
import type { Settings } from "./settings.ts";
import { waitUntil } from "./wait.ts";

const TREE = "/sys/fs/cgroup";
const REMOVED_SECONDS = 10;

/** Makes the cluster's own cgroup, which its kubelet wants to find in every hierarchy. */
export function ensureCgroup({ cgroup }: Settings, tree = TREE): void {
  if (isUnified(tree)) delegateControllers(tree);
  for (const root of hierarchies(tree)) mkdirSync(join(root, cgroup), { recursive: true });
}

/** The numbers of all processes below the cluster's cgroup: those of its pods, and no others. */
export function processesIn({ cgroup }: Settings, tree = TREE): number[] {
  const folders = hierarchies(tree).flatMap((root) => withChildren(join(root, cgroup)));
  return [...new Set(folders.flatMap(readProcesses))];
}

/** Removes the cluster's cgroup with all below it, once the kernel has seen the last process go. */
export async function removeCgroup(settings: Settings, tree = TREE): Promise<void> {
  const roots = hierarchies(tree).map((root) => join(root, settings.cgroup));
  const removed = () =>
    roots
      .flatMap(withChildren)
      .reverse()
      .filter((folder) => !isRemoved(folder)).length === 0;
  if (await waitUntil(REMOVED_SECONDS, removed)) return;
  const left = roots.flatMap(withChildren).join(", ");
  throw new Error(`cgroups must be empty to be removed, got ${left}: see the processes in their cgroup.procs`);
}

function isUnified(tree: string): boolean {
  return existsSync(join(tree, "cgroup.controllers"));
}

function hierarchies(tree: string): string[] {
  if (isUnified(tree)) return [tree];
  const folders = readdirSync(tree, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => join(tree, name)).filter((folder) => existsSync(join(folder, "cgroup.procs")));
}

/** Version 2 gives a child only those controllers that its parent passes on. */
function delegateControllers(tree: string): void {
  const controllers = readFileSync(join(tree, "cgroup.controllers"), "utf8").trim().split(" ");
  writeFileSync(join(tree, "cgroup.subtree_control"), controllers.map((name) => `+${name}`).join(" "));
}

/** A cgroup and all below it, parents first; none when it is not there. */
function withChildren(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [folder, ...entries.flatMap(({ name }) => withChildren(join(folder, name)))];
}

function readProcesses(folder: string): number[] {
  try {
    return readFileSync(join(folder, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

function isRemoved(folder: string): boolean {
  try {
    rmdirSync(folder);
    return true;
  } catch (error) {
    if (isGone(error)) return true;
    if ((error as NodeJS.ErrnoException).code === "EBUSY") return false;
    throw error;
  }
}
